using Slipway.Foundation.Basics;
using Slipway.Foundation.Blobs;
using Slipway.Foundation.Events;
using Slipway.Foundation.Sql;
using Slipway.Identity;
using Slipway.Sdk;
using Slipway.Tracking.Storage;

namespace Slipway.Tracking.Actions;

/// <summary>What was emptied out of the bin, or would be.</summary>
public sealed record BinEmptied(int Experiments, int Runs, int Models);

/// <summary>The verb of the bin: experiments, runs and logged models lie there until somebody restores or purges them.</summary>
public sealed class Bin
{
    private readonly Db db;
    private readonly Experiments experiments;
    private readonly EventLog events;
    private readonly Removals removals;
    private readonly Quotas quotas;
    private readonly ClockWatch watch;

    internal Bin(Db db, Experiments experiments, EventLog events, Removals removals, Quotas quotas, ClockWatch watch)
    {
        this.db = db;
        this.experiments = experiments;
        this.events = events;
        this.removals = removals;
        this.quotas = quotas;
        this.watch = watch;
    }

    /// <summary>
    /// Purges what went into the bin at this time or before and the caller may manage; what has files that something else
    /// needs stays there. Interrupted, it has done a part;
    /// asked again, it does the rest.
    /// </summary>
    public async Task<BinEmptied> EmptyAsync(
        Caller caller,
        long deletedBeforeMs,
        bool dryRun,
        CancellationToken cancellation = default
    )
    {
        TrackingRules.Time(deletedBeforeMs, "deleted_before_ms");
        watch.RequirePast(deletedBeforeMs, "deleted_before_ms");
        var (old, lone, models) = await db.ReadAsync(tx => Find(tx, caller, deletedBeforeMs), cancellation);
        var modelsInAll = models.Count + old.Sum(experiment => experiment.Models);
        if (dryRun)
        {
            var loneRuns = await db.ReadAsync(
                tx => lone.Chunk(Experiments.PurgeStep).Sum(some => Purgeable(tx, some).Count),
                cancellation
            );
            return new BinEmptied(old.Count, loneRuns + old.Sum(experiment => experiment.Runs), modelsInAll);
        }
        var runs = 0;
        var purged = 0;
        foreach (var (id, _, _) in old)
        {
            try
            {
                runs += await experiments.PurgeAsync(caller, id, cancellation);
                purged++;
            }
            catch (Fault fault) when (fault.Code == Removals.Needed)
            {
                // A run that was moved into it keeps its files elsewhere, and something needs those.
            }
        }
        foreach (var some in lone.Chunk(Experiments.PurgeStep))
            runs += await db.ReclaimAsync(tx => Purge(tx, caller, some), cancellation);
        foreach (var some in models.Chunk(Experiments.PurgeStep))
            await db.ReclaimAsync(tx => Purge(tx, caller, some), cancellation);
        return new BinEmptied(purged, runs, modelsInAll);
    }

    /// <summary>Old experiments with the numbers of their runs and models, and old runs and models of other experiments.</summary>
    private (List<(long Id, int Runs, int Models)> Experiments, List<long> Runs, List<LoggedModel> Models) Find(
        Tx tx,
        Caller caller,
        long beforeMs
    )
    {
        var mine = ExperimentStore
            .All(tx, caller.Workspace)
            .Where(e => caller.Can(Level.Manage, Resource.Experiment(Experiments.IdText(e.Id))))
            .ToList();
        // An experiment does not change while it is in the bin, so its last change is when it went there.
        var binned = mine.Where(e =>
                e.Lifecycle == Lifecycle.Deleted && e.UpdatedMs <= beforeMs && e.Id != Experiments.DefaultId
            )
            .ToList();
        // One whose files are needed stays whole.
        var old = binned
            .Where(e => removals.HolderOf(tx, BlobPath.Parse(Experiments.IdText(e.Id))) is null)
            .Select(e =>
                (e.Id, (int)RunStore.Counts(tx, e.Id).Sum(c => c.Count), LoggedModelStore.NumbersOf(tx, e.Id).Count)
            )
            .ToList();
        var others = mine.ExceptBy(binned.Select(e => e.Id), e => e.Id).ToList();
        return (
            old,
            [.. others.SelectMany(e => RunStore.DeletedBefore(tx, e.Id, beforeMs))],
            [
                .. others
                    .SelectMany(e => LoggedModelStore.DeletedBefore(tx, e.Id, beforeMs))
                    .Where(model => !removals.AreNeeded(tx, model.Id, model.ArtifactUri)),
            ]
        );
    }

    private void Purge(Tx tx, Caller caller, IReadOnlyCollection<LoggedModel> models)
    {
        foreach (var model in models)
        {
            LoggedModelStore.Purge(tx, model.Number);
            removals.Add(tx, model.Id, model.ArtifactUri);
            events.Append(tx, TrackingEvents.Purged(caller, model));
        }
    }

    private int Purge(Tx tx, Caller caller, IReadOnlyCollection<long> numbers)
    {
        var still = Purgeable(tx, numbers);
        foreach (var head in still)
            Runs.Purge(tx, events, removals, quotas, caller, head);
        foreach (var experimentId in still.Select(head => head.ExperimentId).Distinct())
            ExperimentStore.MarkPurged(tx, experimentId);
        return still.Count;
    }

    /// <summary>Of these runs those still in the bin, as somebody may have restored one, and whose files nothing needs.</summary>
    private List<RunHead> Purgeable(Tx tx, IReadOnlyCollection<long> numbers) =>
        [
            .. RunStore
                .ByNumbers(tx, numbers)
                .Select(row => row.Head)
                .Where(head =>
                    head.Lifecycle == Lifecycle.Deleted && !removals.AreNeeded(tx, head.Id, head.ArtifactUri)
                ),
        ];
}
