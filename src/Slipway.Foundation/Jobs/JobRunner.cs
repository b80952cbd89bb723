using Microsoft.Extensions.Logging;
using Slipway.Foundation.Basics;
using Slipway.Foundation.Events;
using Slipway.Foundation.Sql;
using Slipway.Sdk;

namespace Slipway.Foundation.Jobs;

/// <summary>
/// Takes jobs and does them, a few at a time. Looking for them is a read, so an idle server writes nothing. While one
/// runs its beat is kept growing; when that fails for the length of a lease the work is told to stop, because another
/// server will take it over. A graceful stop gives every job back at once.
/// </summary>
internal sealed class JobRunner : SteadyService
{
    private const int Hands = 4;

    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan BeatEvery = TimeSpan.FromSeconds(5);

    private readonly Db db;
    private readonly EventLog events;
    private readonly TimeProvider clock;
    private readonly ILogger<JobRunner> log;
    private readonly Dictionary<string, JobKind> kinds;
    private readonly List<string> recurring;
    private readonly LeaseWatch watch;
    private readonly List<(JobKind Kind, Task Task)> running = [];

    public JobRunner(Db db, IEnumerable<JobKind> kinds, EventLog events, TimeProvider clock, ILogger<JobRunner> log)
        : base(clock, log)
    {
        this.db = db;
        this.events = events;
        this.clock = clock;
        this.log = log;
        this.kinds = kinds.ToDictionary(kind => kind.Name);
        recurring = [.. this.kinds.Values.Where(kind => kind.Every is not null).Select(kind => kind.Name)];
        watch = new LeaseWatch(clock, Lease);
    }

    protected override async Task WorkAsync(CancellationToken stopping)
    {
        if (kinds.Count == 0)
            return;
        using var timer = new PeriodicTimer(LookEvery, clock);
        try
        {
            var tick = timer.WaitForNextTickAsync(stopping).AsTask();
            while (true)
            {
                running.RemoveAll(job => job.Task.IsCompleted);
                if (running.Count < Hands)
                    await LookAsync(stopping);
                // A job that ends makes room, and may have left another to do.
                await Task.WhenAny([tick, .. running.Select(job => job.Task)]);
                if (!tick.IsCompleted)
                    continue;
                await tick;
                tick = timer.WaitForNextTickAsync(stopping).AsTask();
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            await Task.WhenAll(running.Select(job => job.Task));
        }
    }

    private async Task LookAsync(CancellationToken stopping)
    {
        try
        {
            var now = clock.GetUtcNow().ToUnixTimeMilliseconds();
            var free = kinds.Values.Where(kind => RoomFor(kind) > 0).Select(kind => kind.Name).ToList();
            var seen = await db.ReadAsync(tx => JobStore.Look(tx, kinds.Keys, free, now), stopping);
            var missing = recurring.Where(name => !seen.Recurring.Contains(name)).ToList();
            var left = watch.LeftBehind(seen.Running);
            if (!seen.AnyDue && missing.Count == 0 && left.Count == 0)
                return;
            var claimed = await db.WriteAsync(
                tx =>
                {
                    foreach (var name in missing)
                        JobStore.Add(tx, name, name, "{}", now, now);
                    return Claim(tx, left, now);
                },
                stopping
            );
            foreach (var job in claimed)
                running.Add((kinds[job.Kind], Start(job, stopping)));
        }
        catch (Fault fault)
        {
            log.LogWarning("Jobs could not be looked for: {Reason}", fault.Message);
        }
    }

    /// <summary>What others left behind, then the kinds that are kept apart, then what is due of all others.</summary>
    private List<Job> Claim(Tx tx, IReadOnlyCollection<Heartbeat> left, long nowMs)
    {
        var jobs = JobStore.Claim(tx, [], left, nowMs, Hands - running.Count);
        foreach (var kind in kinds.Values.Where(kind => kind.AtMost is not null))
            jobs.AddRange(
                JobStore.Claim(tx, [kind.Name], [], nowMs, Math.Min(RoomFor(kind), Hands - running.Count - jobs.Count))
            );
        var others = kinds.Values.Where(kind => kind.AtMost is null).Select(kind => kind.Name).ToList();
        jobs.AddRange(JobStore.Claim(tx, others, [], nowMs, Hands - running.Count - jobs.Count));
        return jobs;
    }

    private int RoomFor(JobKind kind) =>
        kind.AtMost is { } most ? most - running.Count(job => job.Kind == kind) : Hands - running.Count;

    private Task Start(Job job, CancellationToken stopping)
    {
        var run = new JobRun(job, kinds[job.Kind], db, events, clock, log);
        return Task.Run(() => run.ToEndAsync(Lease, BeatEvery, stopping), CancellationToken.None);
    }
}
