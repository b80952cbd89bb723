using Slipway.Foundation.Events;
using Slipway.Identity;

namespace Slipway.Tracking;

/// <summary>What this slice states as facts. Metrics, params and tags are content of a run and not events.</summary>
public static class TrackingEvents
{
    public const string ExperimentCreated = "experiment.created";
    public const string ExperimentRenamed = "experiment.renamed";
    public const string ExperimentDeleted = "experiment.deleted";
    public const string ExperimentRestored = "experiment.restored";
    public const string ExperimentPurged = "experiment.purged";
    public const string ExperimentImported = "experiment.imported";
    public const string RunCreated = "run.created";
    public const string RunFinished = "run.finished";
    public const string RunResumed = "run.resumed";
    public const string RunDeleted = "run.deleted";
    public const string RunRestored = "run.restored";
    public const string RunMoved = "run.moved";
    public const string RunPurged = "run.purged";
    public const string RunImported = "run.imported";
    public const string ModelCreated = "model.created";
    public const string ModelFinalized = "model.finalized";
    public const string ModelDeleted = "model.deleted";
    public const string ModelPurged = "model.purged";
    public const string ModelImported = "model.imported";

    /// <summary>A field in the payload of what is purged.</summary>
    internal const string ArtifactUri = "artifact_uri";

    internal static Event Of(Caller caller, string kind, Experiment experiment) =>
        new(kind, "experiment", IdText(experiment.Id))
        {
            Workspace = caller.Workspace,
            Actor = caller.User,
            Address = caller.Address,
            Payload = EventPayload.Of(("name", experiment.Name)),
        };

    internal static Event Of(Caller caller, string kind, RunHead run) =>
        new(kind, "run", run.Id)
        {
            Workspace = caller.Workspace,
            Actor = caller.User,
            Address = caller.Address,
            Payload = EventPayload.Of(
                ("experiment_id", IdText(run.ExperimentId)),
                ("name", run.Name),
                ("status", run.Status.ToString().ToLowerInvariant())
            ),
        };

    /// <summary>The last that is heard of a run; whoever clears away after it learns where its artifacts were.</summary>
    internal static Event Purged(Caller caller, RunHead run) =>
        Of(caller, RunPurged, run) with
        {
            Payload = EventPayload.Of(
                ("experiment_id", IdText(run.ExperimentId)),
                ("name", run.Name),
                (ArtifactUri, run.ArtifactUri)
            ),
        };

    internal static Event Of(Caller caller, string kind, LoggedModel model) =>
        new(kind, "model", model.Id)
        {
            Workspace = caller.Workspace,
            Actor = caller.User,
            Address = caller.Address,
            Payload = EventPayload.Of(
                ("experiment_id", IdText(model.ExperimentId)),
                ("name", model.Name),
                ("status", model.Status.ToString().ToLowerInvariant())
            ),
        };

    /// <summary>The last that is heard of a model.</summary>
    internal static Event Purged(Caller caller, LoggedModel model) =>
        Of(caller, ModelPurged, model) with
        {
            Payload = EventPayload.Of(
                ("experiment_id", IdText(model.ExperimentId)),
                ("name", model.Name),
                (ArtifactUri, model.ArtifactUri)
            ),
        };

    private static string IdText(long id) => id.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
