using System.Runtime.CompilerServices;
using Slipway.Foundation.Blobs;
using Slipway.Foundation.Sql;
using Slipway.Identity;
using Slipway.Tracking.Storage;

namespace Slipway.Tracking.Actions;

/// <summary>What was cleared away, or would be.</summary>
public sealed record LeftoversCleared(long Folders, long Files, long Bytes);

/// <summary>
/// The verb that looks for artifacts which nothing names: the folder of an experiment, run or logged model that is no
/// more. Purging takes artifacts along, so these are what came in afterwards, or past the server. A folder that does
/// not bear the name of such a thing belongs to whoever put it there, and stays.
/// </summary>
public sealed class Leftovers
{
    private const string ModelsFolder = "models";
    private const string ModelPrefix = "m-";
    private const int IdLength = 32;

    private readonly Db db;
    private readonly IBlobs blobs;

    internal Leftovers(Db db, IBlobs blobs)
    {
        this.db = db;
        this.blobs = blobs;
    }

    /// <summary>
    /// Removes leftovers that nobody has touched since a time; a dry run only counts, and counts what has been in the bin
    /// since then along.
    /// </summary>
    public async Task<LeftoversCleared> ClearAsync(
        Caller caller,
        long beforeMs,
        bool dryRun,
        CancellationToken cancellation = default
    )
    {
        TrackingRules.Time(beforeMs, "before_ms");
        caller.Require(Level.Manage, Resource.Server);
        // What waits in the bin stands until it is purged, so for the work itself there is no such time.
        long? binned = dryRun ? beforeMs : null;
        var cleared = new LeftoversCleared(0, 0, 0);
        await foreach (var experiment in FoldersAsync(BlobPath.Root, cancellation))
        {
            if (ArtifactAddress.ExperimentOf(experiment) is not { } id)
                continue;
            var stands =
                id == Experiments.DefaultId
                || await db.ReadAsync(tx => ExperimentStore.Stands(tx, id, binned), cancellation);
            await foreach (var folder in LeftoversInAsync(experiment, stands, binned, cancellation))
                cleared = await ClearAsync(folder, beforeMs, dryRun, cleared, cancellation);
        }
        return cleared;
    }

    /// <summary>Of an experiment that stands, the folders of runs and models that do not; of another, all but runs that were moved away.</summary>
    private async IAsyncEnumerable<BlobPath> LeftoversInAsync(
        BlobPath experiment,
        bool experimentStands,
        long? binned,
        [EnumeratorCancellation] CancellationToken cancellation
    )
    {
        await foreach (var folder in FoldersAsync(experiment, cancellation))
        {
            if (IsId(folder.Name))
            {
                if (!await db.ReadAsync(tx => RunStore.Stands(tx, folder.Name, binned), cancellation))
                    yield return folder;
            }
            else if (!experimentStands)
            {
                yield return folder;
            }
            else if (folder.Name == ModelsFolder)
            {
                await foreach (var model in FoldersAsync(folder, cancellation))
                {
                    if (
                        model.Name.StartsWith(ModelPrefix, StringComparison.Ordinal)
                        && !await db.ReadAsync(tx => LoggedModelStore.Stands(tx, model.Name, binned), cancellation)
                    )
                        yield return model;
                }
            }
        }
    }

    private async Task<LeftoversCleared> ClearAsync(
        BlobPath folder,
        long beforeMs,
        bool dryRun,
        LeftoversCleared so,
        CancellationToken cancellation
    )
    {
        var (files, bytes) = (0L, 0L);
        await foreach (var entry in blobs.WalkAsync(folder, cancellation))
        {
            // Somebody is at work there.
            if (await blobs.FindAsync(entry.Path, cancellation) is { } blob && blob.ModifiedMs > beforeMs)
                return so;
            files++;
            bytes += entry.SizeBytes ?? 0;
        }
        if (!dryRun)
            await blobs.DeleteAsync(folder, cancellation);
        return new LeftoversCleared(so.Folders + 1, so.Files + files, so.Bytes + bytes);
    }

    private async IAsyncEnumerable<BlobPath> FoldersAsync(
        BlobPath folder,
        [EnumeratorCancellation] CancellationToken cancellation
    )
    {
        await foreach (var entry in blobs.ListAsync(folder, cancellation))
        {
            if (entry.IsFolder)
                yield return entry.Path;
        }
    }

    private static bool IsId(string name) => name.Length == IdLength && name.All(char.IsAsciiHexDigit);
}
