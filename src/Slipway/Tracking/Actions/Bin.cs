using Slipway.Foundation.Basics;
using Slipway.Foundation.Events;
using Slipway.Foundation.Jobs;
using Slipway.Foundation.Sql;
using Slipway.Identity;
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
    private readonly JobBoard board;
    private readonly Quotas quotas;
    private readonly ClockWatch watch;

    internal Bin(Db db, Experiments experiments, EventLog events, JobBoard board, Quotas quotas, ClockWatch watch)
    {
        this.db = db;
        this.experiments = experiments;
        this.events = events;
        this.board = board;
        this.quotas = quotas;
        this.watch = watch;
    }

    /// <summary>
    /// Purges what went into the bin at this time or before and the caller may manage. Interrupted, it has done a part;
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
            return new BinEmptied(old.Count, lone.Count + old.Sum(experiment => experiment.Runs), modelsInAll);
        var runs = 0;
        foreach (var (id, _, _) in old)
            runs += await experiments.PurgeAsync(caller, id, cancellation);
        foreach (var some in lone.Chunk(Experiments.PurgeStep))
            runs += await db.ReclaimAsync(tx => Purge(tx, caller, some), cancellation);
        foreach (var some in models.Chunk(Experiments.PurgeStep))
            await db.ReclaimAsync(tx => Purge(tx, caller, some), cancellation);
        return new BinEmptied(old.Count, runs, modelsInAll);
    }

    /// <summary>Old experiments with the numbers of their runs and models, and old runs and models of other experiments.</summary>
    private static (List<(long Id, int Runs, int Models)> Experiments, List<long> Runs, List<LoggedModel> Models) Find(
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
        var old = mine.Where(e =>
                e.Lifecycle == Lifecycle.Deleted && e.UpdatedMs <= beforeMs && e.Id != Experiments.DefaultId
            )
            .Select(e =>
                (e.Id, (int)RunStore.Counts(tx, e.Id).Sum(c => c.Count), LoggedModelStore.NumbersOf(tx, e.Id).Count)
            )
            .ToList();
        var others = mine.ExceptBy(old.Select(o => o.Id), e => e.Id).ToList();
        return (
            old,
            [.. others.SelectMany(e => RunStore.DeletedBefore(tx, e.Id, beforeMs))],
            [.. others.SelectMany(e => LoggedModelStore.DeletedBefore(tx, e.Id, beforeMs))]
        );
    }

    private void Purge(Tx tx, Caller caller, IReadOnlyCollection<LoggedModel> models)
    {
        foreach (var model in models)
        {
            LoggedModelStore.Purge(tx, model.Number);
            Removals.Add(tx, board, model.Id, model.ArtifactUri);
            events.Append(tx, TrackingEvents.Purged(caller, model));
        }
    }

    private int Purge(Tx tx, Caller caller, IReadOnlyCollection<long> numbers)
    {
        // Somebody may have restored one since it was found.
        var heads = RunStore.ByNumbers(tx, numbers).Select(row => row.Head);
        var still = heads.Where(head => head.Lifecycle == Lifecycle.Deleted).ToList();
        foreach (var head in still)
            Runs.Purge(tx, events, board, quotas, caller, head);
        foreach (var experimentId in still.Select(head => head.ExperimentId).Distinct())
            ExperimentStore.MarkPurged(tx, experimentId);
        return still.Count;
    }
}
