using Slipway.Foundation.Blobs;
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
internal sealed class Removals(JobBoard board, Func<IEnumerable<IArtifactClaim>> claims)
{
    public const string OfRunOrModel = "tracking.remove_artifacts";
    public const string OfExperiment = "tracking.remove_experiment_artifacts";
    public const string Needed = "artifact.needed";

    // Looked up when first asked: whoever answers may itself use the verbs that ask.
    private readonly Lazy<IArtifactClaim[]> all = new(() => [.. claims()]);

    /// <summary>Refuses where something that stands needs the files.</summary>
    public void Add(Tx tx, string id, string artifactUri)
    {
        if (FolderOf(id, artifactUri) is not { } folder)
            return;
        RequireUnneeded(tx, folder);
        board.Add(tx, OfRunOrModel, folder.Value, JobOf(id));
    }

    /// <summary>The caller has made sure, before the first of its runs went, that nothing needs the files.</summary>
    public void Add(Tx tx, Experiment experiment)
    {
        var id = Experiments.IdText(experiment.Id);
        board.Add(tx, OfExperiment, EventPayload.Of(("id", id), ("workspace", experiment.Workspace)), JobOf(id));
    }

    /// <summary>Whether purging the run or model of this id would take files that something needs.</summary>
    public bool AreNeeded(Tx tx, string id, string artifactUri) =>
        FolderOf(id, artifactUri) is { } folder && HolderOf(tx, folder) is not null;

    /// <summary>What needs files in the folder or beneath it; null where nothing does.</summary>
    public string? HolderOf(Tx tx, BlobPath folder)
    {
        foreach (var claim in all.Value)
        {
            if (claim.HolderOf(tx, folder) is { } holder)
                return holder;
        }
        return null;
    }

    public void RequireUnneeded(Tx tx, BlobPath folder)
    {
        if (HolderOf(tx, folder) is { } holder)
            throw Fault.Conflict(Needed, $"The files in '{folder}' are needed by {holder}.", "Delete that first.");
    }

    /// <summary>Only a folder that is its own by its name: what is kept elsewhere, or among that of others, stays.</summary>
    private static BlobPath? FolderOf(string id, string artifactUri) =>
        ArtifactAddress.Place(artifactUri) is { Name: "artifacts" } place
        && place.Parent is var folder
        && folder.Name == id
            ? folder
            : null;

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
