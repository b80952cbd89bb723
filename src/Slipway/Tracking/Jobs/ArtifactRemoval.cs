using System.Text.Json;
using Slipway.Foundation.Blobs;
using Slipway.Foundation.Jobs;
using Slipway.Foundation.Sql;
using Slipway.Tracking.Actions;
using Slipway.Tracking.Storage;

namespace Slipway.Tracking.Jobs;

/// <summary>Removes the artifacts of what was purged, as <see cref="Removals"/> left word.</summary>
internal sealed class ArtifactRemoval(Db db, IBlobs blobs)
{
    public JobKind FolderKind => new(Removals.OfRunOrModel, RemoveFolderAsync);

    public JobKind ExperimentKind => new(Removals.OfExperiment, RemoveOfExperimentAsync);

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
