using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.Foundation.Sql;
using Slipway.Identity;
using Slipway.Sdk;
using Slipway.Tracking.Storage;

namespace Slipway.Tracking.Actions;

/// <summary>What a run logs while it works.</summary>
public sealed partial class Runs
{
    private const string LoggedModelsTag = "mlflow.log-model.history";

    /// <summary>Logs all of the batch or none of it. Sending the same batch again changes nothing.</summary>
    public Task LogAsync(Caller caller, string runId, RunBatch batch, CancellationToken cancellation = default)
    {
        CheckBatch(batch);
        return db.WriteAsync(
            tx =>
            {
                var row = FindActive(tx, caller, runId);
                if (batch.Params.Count > 0 || batch.Tags.Count > 0)
                    LogTexts(tx, row, batch);
                metrics.Append(tx, row.Head, batch.Metrics);
                if (batch.Metrics.Count > 0)
                    tx.AfterCommit(() => folding.Logged(row.Head.Number, batch.Metrics.Count));
                foreach (var metric in batch.Metrics)
                {
                    if (metric.ModelId is not null)
                    {
                        LogOnModels(tx, caller, row.Head, batch.Metrics);
                        break;
                    }
                }
            },
            cancellation
        );
    }

    public Task DeleteTagAsync(Caller caller, string runId, string key, CancellationToken cancellation = default) =>
        db.WriteAsync(
            tx =>
            {
                var row = FindActive(tx, caller, runId);
                var tags = Documents.ReadTexts(row.Tags);
                if (!tags.Remove(key))
                    throw Fault.NotFound("run.tag_not_found", $"No tag with name: {key} in run with id {runId}");
                RunStore.UpdateDocuments(tx, row.Head.Number, row.Head.Name, row.Params, Documents.Write(tags));
            },
            cancellation
        );

    /// <summary>Adds datasets and models that the run read; those it has already are not added twice.</summary>
    public Task LogInputsAsync(
        Caller caller,
        string runId,
        IReadOnlyList<DatasetInput> datasets,
        IReadOnlyList<string> models,
        CancellationToken cancellation = default
    )
    {
        AtMost(TrackingRules.DatasetsPerCall, datasets.Count, "datasets");
        foreach (var input in datasets)
            TrackingRules.Dataset(input);
        return db.WriteAsync(
            tx =>
            {
                var row = FindActive(tx, caller, runId);
                var links = Documents.ReadLinks(row.Links);
                foreach (var input in datasets)
                    LinkStore.AddDataset(tx, numbers, row.Head.ExperimentId, links, input);
                links.ModelInputs.AddRange(models.Except(links.ModelInputs).ToList());
                RunStore.UpdateLinks(tx, row.Head.Number, links);
            },
            cancellation
        );
    }

    /// <summary>
    /// Adds models that the run made. One that it has made before is a conflict, or changes nothing where the caller may
    /// say it again.
    /// </summary>
    public Task LogOutputsAsync(
        Caller caller,
        string runId,
        IReadOnlyList<ModelOutput> models,
        bool mayRepeat,
        CancellationToken cancellation = default
    ) =>
        db.WriteAsync(
            tx =>
            {
                var row = FindActive(tx, caller, runId);
                var links = Documents.ReadLinks(row.Links);
                foreach (var model in models)
                {
                    var isKnown = links.ModelOutputs.Exists(other => other.ModelId == model.ModelId);
                    if (isKnown && mayRepeat)
                        continue;
                    if (isKnown)
                        throw Fault.Conflict("run.output_twice", $"The run has put out '{model.ModelId}' before.");
                    links.ModelOutputs.Add(model);
                }
                RunStore.UpdateLinks(tx, row.Head.Number, links);
            },
            cancellation
        );

    /// <summary>Remembers, in a tag that MLflow's clients read, a model that was logged in the way of MLflow 2.</summary>
    public Task LogModelAsync(
        Caller caller,
        string runId,
        JsonObject model,
        CancellationToken cancellation = default
    ) =>
        db.WriteAsync(
            tx =>
            {
                var row = FindActive(tx, caller, runId);
                var tags = Documents.ReadTexts(row.Tags);
                var history = tags.TryGetValue(LoggedModelsTag, out var text) ? JsonNode.Parse(text)!.AsArray() : [];
                history.Add(model.DeepClone());
                tags[LoggedModelsTag] = history.ToJsonString(JsonSerializerOptions.Default);
                RunStore.UpdateDocuments(tx, row.Head.Number, row.Head.Name, row.Params, Documents.Write(tags));
            },
            cancellation
        );

    /// <summary>Gives each model that metrics name its share of them.</summary>
    private void LogOnModels(Tx tx, Caller caller, RunHead run, IReadOnlyList<Metric> logged)
    {
        foreach (var onModel in logged.Where(m => m.ModelId is not null).GroupBy(m => m.ModelId!))
        {
            // Training goes on where somebody removed the model for good: the run keeps its points in any case.
            if (LoggedModels.FindMeasured(tx, caller, onModel.Key) is not { } model)
                continue;
            foreach (var part in onModel.GroupBy(m => new DatasetKey(m.DatasetName ?? "", m.DatasetDigest ?? "")))
            {
                var points = part.ToList();
                var owner = modelSeries.Append(tx, model.Number, run, part.Key, points);
                tx.AfterCommit(() => folding.Logged(owner, points.Count));
            }
        }
    }

    private static void LogTexts(Tx tx, RunRow row, RunBatch batch)
    {
        var parameters = Documents.ReadTexts(row.Params);
        foreach (var (key, value) in batch.Params)
        {
            var shortened = Shortened(value, TrackingRules.ParamValueLength);
            if (!parameters.TryAdd(key, shortened) && parameters[key] != shortened)
                throw Fault.Invalid(
                    "run.param_changed",
                    $"Changing param values is not allowed. Param with key='{key}' was already logged with value='{parameters[key]}' for run ID='{row.Head.Id}'. Attempted logging new value '{value}'."
                );
        }
        var tags = Documents.ReadTexts(row.Tags);
        foreach (var (key, value) in batch.Tags)
            tags[key] = Shortened(value, TrackingRules.RunTagLength);
        RunStore.UpdateDocuments(
            tx,
            row.Head.Number,
            tags.GetValueOrDefault(NameTag, row.Head.Name),
            Documents.Write(parameters),
            Documents.Write(tags)
        );
    }

    private static void CheckBatch(RunBatch batch)
    {
        AtMost(TrackingRules.MetricsPerBatch, batch.Metrics.Count, "metrics");
        AtMost(TrackingRules.ParamsPerBatch, batch.Params.Count, "params");
        AtMost(TrackingRules.TagsPerBatch, batch.Tags.Count, "tags");
        AtMost(
            TrackingRules.EntriesPerBatch,
            batch.Metrics.Count + batch.Params.Count + batch.Tags.Count,
            "metrics, params, and tags"
        );
        CheckPoints(batch.Metrics);
        for (var i = 0; i < batch.Params.Count; i++)
            TrackingRules.Key(batch.Params[i].Key, $"params[{i}].key");
        for (var i = 0; i < batch.Tags.Count; i++)
            TrackingRules.Key(batch.Tags[i].Key, $"tags[{i}].key");
        if (batch.Params.Count > 1 && batch.Params.GroupBy(p => p.Key).FirstOrDefault(g => g.Count() > 1) is { } twice)
            throw Fault.Invalid(
                "run.duplicate_params",
                $"Duplicate parameter keys have been submitted: {twice.Key}",
                "params"
            );
    }

    internal static void CheckPoints(IReadOnlyList<Metric> metrics)
    {
        string? previous = null;
        for (var i = 0; i < metrics.Count; i++)
        {
            var metric = metrics[i];
            // Points of one series mostly stand together: a key is looked at once, not a thousand times.
            if (!ReferenceEquals(previous, metric.Key))
                TrackingRules.Key(previous = metric.Key, $"metrics[{i}].name");
            if (metric.Point.TimestampMs < 0)
                TrackingRules.Time(metric.Point.TimestampMs, $"metrics[{i}].timestamp");
            if (metric.DatasetName is null != metric.DatasetDigest is null)
                throw Fault.Invalid(
                    "run.metric_dataset",
                    "Both dataset_name and dataset_digest must be provided if one is provided",
                    metric.DatasetName is null ? "dataset_name" : "dataset_digest"
                );
        }
    }

    private static void AtMost(int limit, int count, string what)
    {
        if (count > limit)
            throw Fault.Invalid(
                "run.batch_limit",
                $"A batch logging request can contain at most {limit} {what}. Got {count} {what}. Please split up {what} across multiple requests and try again.",
                what
            );
    }
}
