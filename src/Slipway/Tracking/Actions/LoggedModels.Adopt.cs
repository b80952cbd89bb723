using Slipway.Identity;
using Slipway.Sdk;
using Slipway.Tracking.Storage;

namespace Slipway.Tracking.Actions;

/// <summary>Taking over logged models that were kept elsewhere.</summary>
public sealed partial class LoggedModels
{
    /// <summary>Takes over a model but for its metrics, into the bin if it was in one; says whether it is new here. One that is here stays as it is, but for where its artifacts are.</summary>
    public Task<bool> AdoptAsync(
        Caller caller,
        LoggedModel foreign,
        bool isDeleted,
        CancellationToken cancellation = default
    )
    {
        TrackingRules.RunId(foreign.Id);
        LoggedModelRules.Name(foreign.Name);
        TrackingRules.ArtifactLocation(foreign.ArtifactUri);
        var parameters = LoggedModelRules.Entries(Listed(foreign.Params), "params");
        var tags = LoggedModelRules.Entries(Listed(foreign.Tags), "tags");
        return db.WriteAsync(
            tx =>
            {
                var experiment = Experiments.Find(tx, caller, foreign.ExperimentId, Level.Edit);
                if (LoggedModelStore.FindForUpdate(tx, caller.Workspace, foreign.Id) is { Model: var known })
                {
                    if (ArtifactAddress.HasComeHome(known.ArtifactUri, foreign.ArtifactUri))
                        LoggedModelStore.UpdateArtifactUri(tx, known.Number, foreign.ArtifactUri);
                    return false;
                }
                var model = foreign with
                {
                    Number = numbers.Next(),
                    ArtifactUri =
                        foreign.ArtifactUri.Length > 0
                            ? foreign.ArtifactUri
                            : $"{experiment.ArtifactLocation.TrimEnd('/')}/models/{foreign.Id}/artifacts",
                    Params = parameters,
                    Tags = tags,
                };
                LoggedModelStore.Insert(tx, model);
                if (isDeleted)
                    LoggedModelStore.Delete(tx, model.Number, model.UpdatedMs);
                events.Append(tx, TrackingEvents.Of(caller, TrackingEvents.ModelImported, model));
                return true;
            },
            cancellation
        );
    }

    /// <summary>Takes over what a run measured on an adopted model; the run is here already.</summary>
    public Task AdoptPointsAsync(
        Caller caller,
        string id,
        string runId,
        IReadOnlyList<Metric> points,
        CancellationToken cancellation = default
    )
    {
        Runs.CheckPoints(points);
        return db.WriteAsync(
            tx =>
            {
                if (LoggedModelStore.FindForUpdate(tx, caller.Workspace, id) is not { } found)
                    throw Fault.NotFound("model.not_found", $"Logged model with ID '{id}' not found.");
                caller.Require(Level.Edit, Resource.Experiment(Experiments.IdText(found.Model.ExperimentId)));
                var run =
                    RunStore.FindHead(tx, caller.Workspace, runId)
                    ?? throw Fault.NotFound("run.not_found", $"Run with id={runId} not found");
                foreach (var part in points.GroupBy(m => new DatasetKey(m.DatasetName ?? "", m.DatasetDigest ?? "")))
                    series.Add(tx, found.Model.Number, run, part.Key, [.. part]);
            },
            cancellation
        );
    }

    private static List<Entry> Listed(IReadOnlyDictionary<string, string> texts) =>
        [.. texts.Select(text => new Entry(text.Key, text.Value))];
}
