using Slipway.Foundation.Events;
using Slipway.Foundation.Jobs;
using Slipway.Foundation.Sql;
using Slipway.Sdk;

namespace Slipway.Tracking.Actions;

/// <summary>
/// What purging leaves to be removed. Purging is a transaction and removing files is not, so the purge leaves a job in
/// that transaction, and the job does the rest, however often the server dies in between. Until it is done the id is
/// not given out again: what is stored under it anew would be removed with the old.
/// </summary>
internal static class Removals
{
    public const string OfRunOrModel = "tracking.remove_artifacts";
    public const string OfExperiment = "tracking.remove_experiment_artifacts";

    public static void Add(Tx tx, JobBoard board, string id, string artifactUri)
    {
        // Only a folder that is its own by its name: what is kept elsewhere, or among that of others, stays.
        if (
            ArtifactAddress.Place(artifactUri) is { Name: "artifacts" } place
            && place.Parent is var folder
            && folder.Name == id
        )
            board.Add(tx, OfRunOrModel, folder.Value, JobOf(id));
    }

    public static void Add(Tx tx, JobBoard board, Experiment experiment)
    {
        var id = Experiments.IdText(experiment.Id);
        board.Add(tx, OfExperiment, EventPayload.Of(("id", id), ("workspace", experiment.Workspace)), JobOf(id));
    }

    public static void RequireDone(Tx tx, string id)
    {
        if (JobBoard.Has(tx, JobOf(id)))
            throw new Fault(
                FaultKind.Busy,
                "run.being_removed",
                $"The files of the purged run {id} are still being removed.",
                "Try again in a moment."
            )
            {
                RetryAfter = TimeSpan.FromSeconds(1),
            };
    }

    private static string JobOf(string id) => $"artifacts:{id}";
}
