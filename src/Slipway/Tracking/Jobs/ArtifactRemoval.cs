using System.Text.Json;
using Slipway.Foundation.Blobs;
using Slipway.Foundation.Events;
using Slipway.Foundation.Jobs;
using Slipway.Foundation.Sql;
using Slipway.Tracking.Storage;

namespace Slipway.Tracking.Jobs;

/// <summary>
/// Removes the artifacts of what was purged. Purging is a transaction and removing files is not, so the purge states
/// its event, and from there a job does the rest, however often the server dies in between.
/// </summary>
internal sealed class ArtifactRemoval(Db db, IBlobs blobs, JobBoard board)
{
    private const string OfRun = "tracking.remove_run_artifacts";
    private const string OfExperiment = "tracking.remove_experiment_artifacts";

    public EventSubscription Listener => new("tracking.artifacts", Hear);

    public JobKind RunKind => new(OfRun, RemoveOfRunAsync);

    public JobKind ExperimentKind => new(OfExperiment, RemoveOfExperimentAsync);

    private void Hear(Tx tx, SealedEvent heard)
    {
        var happened = heard.Event;
        if (happened.Kind == TrackingEvents.RunPurged && RunFolder(happened) is { } folder)
            board.Add(tx, OfRun, folder.Value, $"artifacts:{happened.SubjectId}");
        else if (happened.Kind == TrackingEvents.ExperimentPurged)
            board.Add(
                tx,
                OfExperiment,
                EventPayload.Of(("id", happened.SubjectId), ("workspace", happened.Workspace)),
                $"artifacts:{happened.SubjectId}"
            );
    }

    /// <summary>Only a folder that is the run's own by its name; null for runs that keep their artifacts elsewhere.</summary>
    private static BlobPath? RunFolder(Event purged)
    {
        using var payload = JsonDocument.Parse(purged.Payload);
        return
            payload.RootElement.TryGetProperty(TrackingEvents.ArtifactUri, out var address)
            && ArtifactAddress.Place(address.GetString()!) is { Name: "artifacts" } place
            && place.Parent.Name == purged.SubjectId
            ? place.Parent
            : null;
    }

    private Task RemoveOfRunAsync(Job job, CancellationToken cancellation) =>
        blobs.DeleteAsync(BlobPath.Parse(job.Payload), cancellation);

    /// <summary>What lies in the folder of the experiment, but for runs that were moved to another one in time.</summary>
    private async Task RemoveOfExperimentAsync(Job job, CancellationToken cancellation)
    {
        using var payload = JsonDocument.Parse(job.Payload);
        var folder = BlobPath.Parse(payload.RootElement.GetProperty("id").GetString()!);
        var workspace = payload.RootElement.GetProperty("workspace").GetString()!;
        await foreach (var entry in blobs.ListAsync(folder, cancellation))
        {
            var isRun = await db.ReadAsync(
                tx => RunStore.FindHead(tx, workspace, entry.Path.Name) is not null,
                cancellation
            );
            if (!isRun)
                await blobs.DeleteAsync(entry.Path, cancellation);
        }
    }
}
