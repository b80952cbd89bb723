using System.Text.Json;
using Slipway.Foundation.Blobs;
using Slipway.Foundation.Jobs;
using Slipway.Foundation.Sql;
using Slipway.Tracking.Actions;
using Slipway.Tracking.Storage;

namespace Slipway.Tracking.Jobs;

/// <summary>Removes the artifacts of what was purged, as <see cref="Removals"/> left word.</summary>
internal sealed class ArtifactRemoval(Db db, IBlobs blobs, Removals removals)
{
    public JobKind FolderKind => new(Removals.OfRunOrModel, RemoveFolderAsync);

    public JobKind ExperimentKind => new(Removals.OfExperiment, RemoveOfExperimentAsync);

    /// <summary>What has come to need the files since they were purged keeps them; they are leftovers once it is gone.</summary>
    private async Task RemoveFolderAsync(Job job, CancellationToken cancellation)
    {
        var folder = BlobPath.Parse(job.Payload);
        if (await db.ReadAsync(tx => removals.HolderOf(tx, folder) is null, cancellation))
            await blobs.DeleteAsync(folder, cancellation);
    }

    /// <summary>What lies in the folder of the experiment, but for runs that were moved to another one in time.</summary>
    private async Task RemoveOfExperimentAsync(Job job, CancellationToken cancellation)
    {
        using var payload = JsonDocument.Parse(job.Payload);
        var folder = BlobPath.Parse(payload.RootElement.GetProperty("id").GetString()!);
        var workspace = payload.RootElement.GetProperty("workspace").GetString()!;
        await foreach (var entry in blobs.ListAsync(folder, cancellation))
        {
            var stays = await db.ReadAsync(
                tx =>
                    RunStore.FindHead(tx, workspace, entry.Path.Name) is not null
                    || removals.HolderOf(tx, entry.Path) is not null,
                cancellation
            );
            if (!stays)
                await blobs.DeleteAsync(entry.Path, cancellation);
        }
    }
}
