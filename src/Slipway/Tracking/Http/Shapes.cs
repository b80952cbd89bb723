using System.Globalization;
using Slipway.Foundation.Filters;
using Slipway.Sdk;
using Wire = Slipway.Sdk.Tracking;

namespace Slipway.Tracking.Http;

/// <summary>Nouns of tracking as records of the native API, and back.</summary>
internal static class Shapes
{
    public static Wire.ExperimentResource Of(Experiment experiment) =>
        new()
        {
            Id = IdText(experiment.Id),
            Name = experiment.Name,
            ArtifactLocation = experiment.ArtifactLocation,
            Lifecycle = Of(experiment.Lifecycle),
            CreatedMs = experiment.CreatedMs,
            UpdatedMs = experiment.UpdatedMs,
            Tags = experiment.Tags,
        };

    public static Wire.ExperimentCounts Of(IReadOnlyList<RunCount> counts) =>
        new()
        {
            Active = counts.Where(c => c.Lifecycle == Lifecycle.Active).Sum(c => c.Count),
            Deleted = counts.Where(c => c.Lifecycle == Lifecycle.Deleted).Sum(c => c.Count),
            ByStatus = counts
                .Where(c => c.Lifecycle == Lifecycle.Active)
                .ToDictionary(c => (Wire.RunStatus)c.Status, c => c.Count),
        };

    public static Wire.RunFields Of(ExperimentFields fields) =>
        new()
        {
            Runs = fields.Runs,
            Metrics = [.. fields.Metrics.Select(Of)],
            Params = [.. fields.Params.Select(Of)],
            Tags = [.. fields.Tags.Select(Of)],
        };

    public static Wire.RunGroups Of(RunGroups found) =>
        new()
        {
            Total = found.Total,
            Groups =
            [
                .. found.Groups.Select(group => new Wire.RunGroup
                {
                    Value = group.Value,
                    Runs = group.Runs,
                    Metrics = group.Metrics.ToDictionary(
                        metric => metric.Key,
                        metric => new Wire.MetricSummary
                        {
                            Runs = metric.Value.Runs,
                            Mean = metric.Value.Mean,
                            Lowest = metric.Value.Lowest,
                            Highest = metric.Value.Highest,
                        }
                    ),
                }),
            ],
        };

    public static Wire.ExperimentNews Of(ExperimentNews news) =>
        new()
        {
            ExperimentId = IdText(news.ExperimentId),
            Runs = news.RunIds,
            Created = news.Created,
        };

    public static Wire.RunResource Of(Run run) =>
        new()
        {
            Id = run.Head.Id,
            ExperimentId = IdText(run.Head.ExperimentId),
            Name = run.Head.Name,
            User = run.Head.User,
            Status = (Wire.RunStatus)run.Head.Status,
            Lifecycle = Of(run.Head.Lifecycle),
            StartMs = run.Head.StartMs,
            EndMs = run.Head.EndMs,
            ArtifactUri = run.Head.ArtifactUri,
            Metrics = run.Metrics.ToDictionary(
                metric => metric.Key,
                metric => new Wire.MetricPoint(metric.Point.Value, metric.Point.Step, metric.Point.TimestampMs)
                {
                    Lowest = Unless(metric.Point.Value, metric.Lowest),
                    Highest = Unless(metric.Point.Value, metric.Highest),
                }
            ),
            Params = run.Params,
            Tags = run.Tags,
            Datasets = [.. run.Links.Datasets.Select(Of)],
            ModelInputs = run.Links.ModelInputs,
            ModelOutputs = [.. run.Links.ModelOutputs.Select(o => new Wire.ModelOutput(o.ModelId, o.Step))],
        };

    public static Wire.MetricSeries Series(string runId, string key, long total, IReadOnlyList<MetricPoint> points) =>
        new()
        {
            RunId = runId,
            Key = key,
            Total = total,
            Steps = [.. points.Select(point => point.Step)],
            TimestampsMs = [.. points.Select(point => point.TimestampMs)],
            Values = [.. points.Select(point => point.Value)],
        };

    public static Wire.LoggedModelResource Of(LoggedModel model) =>
        new()
        {
            Id = model.Id,
            ExperimentId = IdText(model.ExperimentId),
            Name = model.Name,
            Type = model.Type,
            SourceRunId = model.SourceRunId,
            Status = (Wire.LoggedModelStatus)model.Status,
            ArtifactUri = model.ArtifactUri,
            CreatedMs = model.CreatedMs,
            UpdatedMs = model.UpdatedMs,
            Params = model.Params,
            Tags = model.Tags,
            Metrics =
            [
                .. model.Metrics.Select(m => new Wire.ModelMeasurement
                {
                    RunId = m.RunId,
                    Key = m.Metric.Key,
                    Value = m.Metric.Point.Value,
                    Step = m.Metric.Point.Step,
                    TimestampMs = m.Metric.Point.TimestampMs,
                    DatasetName = m.Metric.DatasetName,
                    DatasetDigest = m.Metric.DatasetDigest,
                }),
            ],
        };

    /// <summary>A page of nouns as a page of records, with the token that leads on.</summary>
    public static Page<TRecord> Page<TNoun, TRecord>(
        string listing,
        IReadOnlyList<TNoun> items,
        Func<TNoun, TRecord> shape,
        long total,
        int? nextOffset
    ) =>
        new()
        {
            Items = [.. items.Select(shape)],
            Total = total,
            NextPageToken = nextOffset is { } next ? PageToken.Offset(listing, next) : null,
        };

    public static RunBatch Batch(Wire.RunLog log, long nowMs) =>
        new()
        {
            Metrics =
            [
                .. log.Metrics.Select(m => new Metric(m.Key, new MetricPoint(m.TimestampMs ?? nowMs, m.Step, m.Value))
                {
                    ModelId = m.ModelId,
                    DatasetName = m.DatasetName,
                    DatasetDigest = m.DatasetDigest,
                }),
            ],
            Params = Entries(log.Params),
            Tags = Entries(log.Tags),
        };

    public static DatasetInput Noun(Wire.DatasetInput input) =>
        new(
            new RunDataset(input.Name, input.Digest, input.SourceType, input.Source)
            {
                Schema = input.Schema,
                Profile = input.Profile,
            },
            Entries(input.Tags)
        );

    public static IReadOnlyList<Entry> Entries(IReadOnlyDictionary<string, string> texts) =>
        [.. texts.Select(pair => new Entry(pair.Key, pair.Value))];

    public static View View(Wire.View view) =>
        view switch
        {
            Wire.View.Deleted => Tracking.View.DeletedOnly,
            Wire.View.All => Tracking.View.All,
            _ => Tracking.View.ActiveOnly,
        };

    /// <summary>Ids are opaque to callers; one that no experiment can have names none.</summary>
    public static long ExperimentId(string id) =>
        long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw Fault.NotFound("experiment.not_found", $"No experiment has the id '{id}'.");

    public static string IdText(long id) => id.ToString(CultureInfo.InvariantCulture);

    private static double? Unless(double same, double? value) =>
        value is { } known && !known.Equals(same) ? known : null;

    private static Wire.RunFieldCount Of(FieldCount field) => new(field.Key, field.Runs);

    private static Wire.Lifecycle Of(Lifecycle lifecycle) => (Wire.Lifecycle)lifecycle;

    private static Wire.DatasetInput Of(DatasetInput input) =>
        new()
        {
            Name = input.Dataset.Name,
            Digest = input.Dataset.Digest,
            SourceType = input.Dataset.SourceType,
            Source = input.Dataset.Source,
            Schema = input.Dataset.Schema,
            Profile = input.Dataset.Profile,
            Tags = input.Tags.ToDictionary(tag => tag.Key, tag => tag.Value),
        };
}
