using System.Runtime.CompilerServices;
using Slipway.Foundation.Basics;
using Slipway.Foundation.Blobs;
using Slipway.Foundation.Sql;
using Slipway.Identity;
using Slipway.Tracking.Storage;

namespace Slipway.Tracking.Actions;

/// <summary>What was cleared away, or would be.</summary>
public sealed record LeftoversCleared(long Folders, long Files, long Bytes);

/// <summary>
/// A folder in which another slice keeps artifacts beneath an experiment, a folder for each of its things; and whether
/// there is a thing of a name, or none that could have it.
/// </summary>
public sealed record LodgersFolder(string Name, Func<Tx, string, bool> Stands);

/// <summary>
/// The verb that looks for artifacts which nothing names: the folder of an experiment, run, logged model or
/// lodger that is no more. Purging takes artifacts along, so these are what came in afterwards, or past the server. A folder that does
/// not bear the name of such a thing belongs to whoever put it there, and stays; so does one that something else needs.
/// </summary>
public sealed class Leftovers
{
    private const string ModelsFolder = "models";
    private const string ModelPrefix = "m-";
    private const int IdLength = 32;

    private readonly Db db;
    private readonly IBlobs blobs;
    private readonly Removals removals;
    private readonly ClockWatch watch;
    private readonly IReadOnlyList<LodgersFolder> lodgers;

    internal Leftovers(Db db, IBlobs blobs, Removals removals, ClockWatch watch, IEnumerable<LodgersFolder> lodgers)
    {
        this.lodgers = [.. lodgers];
        this.db = db;
        this.blobs = blobs;
        this.removals = removals;
        this.watch = watch;
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
        watch.RequirePast(beforeMs, "before_ms");
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
            await foreach (var leftover in LeftoversInAsync(experiment, stands, binned, cancellation))
                cleared = await ClearAsync(leftover, beforeMs, dryRun, cleared, cancellation);
        }
        return cleared;
    }

    /// <summary>Of an experiment that stands, the folders of runs and models that do not; of another, all but runs that were moved away.</summary>
    private async IAsyncEnumerable<Leftover> LeftoversInAsync(
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
                var run = new Leftover(folder, tx => RunStore.Stands(tx, folder.Name, binned));
                if (!await db.ReadAsync(run.Stands, cancellation))
                    yield return run;
            }
            else if (!experimentStands)
            {
                yield return new Leftover(folder, _ => false);
            }
            else if (folder.Name == ModelsFolder)
            {
                await foreach (var model in FoldersAsync(folder, cancellation))
                {
                    if (!model.Name.StartsWith(ModelPrefix, StringComparison.Ordinal))
                        continue;
                    var leftover = new Leftover(model, tx => LoggedModelStore.Stands(tx, model.Name, binned));
                    if (!await db.ReadAsync(leftover.Stands, cancellation))
                        yield return leftover;
                }
            }
            else if (lodgers.FirstOrDefault(lodger => lodger.Name == folder.Name) is { } lodger)
            {
                await foreach (var thing in FoldersAsync(folder, cancellation))
                {
                    var leftover = new Leftover(thing, tx => lodger.Stands(tx, thing.Name));
                    if (!await db.ReadAsync(leftover.Stands, cancellation))
                        yield return leftover;
                }
            }
        }
    }

    private async Task<LeftoversCleared> ClearAsync(
        Leftover leftover,
        long beforeMs,
        bool dryRun,
        LeftoversCleared so,
        CancellationToken cancellation
    )
    {
        var (files, bytes) = (0L, 0L);
        await foreach (var entry in blobs.WalkAsync(leftover.Folder, cancellation))
        {
            // Somebody is at work there.
            if (await blobs.FindAsync(entry.Path, cancellation) is { } blob && blob.ModifiedMs > beforeMs)
                return so;
            files++;
            bytes += entry.SizeBytes ?? 0;
        }
        // Ids may be chosen: one that was not there may have been made while its files were looked through.
        if (
            await db.ReadAsync(
                tx => leftover.Stands(tx) || removals.HolderOf(tx, leftover.Folder) is not null,
                cancellation
            )
        )
            return so;
        if (!dryRun)
            await blobs.DeleteAsync(leftover.Folder, cancellation);
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

    /// <summary>A folder and whether what it belonged to has come to stand.</summary>
    private readonly record struct Leftover(BlobPath Folder, Func<Tx, bool> Stands);

    private static bool IsId(string name) => name.Length == IdLength && name.All(char.IsAsciiHexDigit);
}
