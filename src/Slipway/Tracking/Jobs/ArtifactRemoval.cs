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
    private const string OfRunOrModel = "tracking.remove_artifacts";
    private const string OfExperiment = "tracking.remove_experiment_artifacts";

    public EventSubscription Listener => new("tracking.artifacts", Hear);

    public JobKind FolderKind => new(OfRunOrModel, RemoveFolderAsync);

    public JobKind ExperimentKind => new(OfExperiment, RemoveOfExperimentAsync);

    private void Hear(Tx tx, SealedEvent heard)
    {
        var happened = heard.Event;
        if (
            happened.Kind is TrackingEvents.RunPurged or TrackingEvents.ModelPurged
            && OwnFolder(happened) is { } folder
        )
            board.Add(tx, OfRunOrModel, folder.Value, $"artifacts:{happened.SubjectId}");
        else if (happened.Kind == TrackingEvents.ExperimentPurged)
            board.Add(
                tx,
                OfExperiment,
                EventPayload.Of(("id", happened.SubjectId), ("workspace", happened.Workspace)),
                $"artifacts:{happened.SubjectId}"
            );
    }

    /// <summary>Only a folder that is the run's or model's own by its name; null where they keep their artifacts elsewhere.</summary>
    private static BlobPath? OwnFolder(Event purged)
    {
        using var payload = JsonDocument.Parse(purged.Payload);
        return
            payload.RootElement.TryGetProperty(TrackingEvents.ArtifactUri, out var address)
            && ArtifactAddress.Place(address.GetString()!) is { Name: "artifacts" } place
            && place.Parent.Name == purged.SubjectId
            ? place.Parent
            : null;
    }

    private Task RemoveFolderAsync(Job job, CancellationToken cancellation) =>
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
