using System.Runtime.CompilerServices;
using Slipway.Identity;
using Slipway.Sdk;
using Slipway.Tracking.Storage;

namespace Slipway.Tracking.Actions;

/// <summary>Runs while they work.</summary>
public sealed partial class Runs
{
    private static readonly TimeSpan FollowInterval = TimeSpan.FromMilliseconds(400);
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(15);

    /// <summary>
    /// First the run as it is, then what is logged to it, half a second later at most and whichever server it was logged
    /// to. Without keys all metrics are followed. Ends with a fault when the run is purged or no longer the caller's to see.
    /// </summary>
    public async IAsyncEnumerable<RunNews> FollowAsync(
        Caller caller,
        string runId,
        IReadOnlyCollection<string> keys,
        int maxPoints,
        [EnumeratorCancellation] CancellationToken cancellation = default
    )
    {
        if (maxPoints is < 1 or > SeriesPointLimit)
            throw Fault.Invalid(
                "run.follow_points",
                $"A followed history has from 1 to {SeriesPointLimit} points.",
                "max_points"
            );
        var follower = new Follower(keys, maxPoints);
        var spoke = clock.GetTimestamp();
        while (true)
        {
            var news = await db.ReadAsync(tx => Look(tx, caller, runId, follower), cancellation);
            if (!news.IsEmpty || clock.GetElapsedTime(spoke) >= Silence)
            {
                spoke = clock.GetTimestamp();
                yield return news;
            }
            await Task.Delay(FollowInterval, clock, cancellation);
        }
    }

    private RunNews Look(Foundation.Sql.Tx tx, Caller caller, string runId, Follower follower)
    {
        var row = Allow(caller, Level.Read, RunStore.Find(tx, caller.Workspace, runId), runId);
        var trace = FollowStore.Trace(tx, row.Head.Number);
        if (trace == follower.Trace)
            return new RunNews();
        var changed = follower.Trace?.Run != trace.Run;
        follower.Trace = trace;
        var news = follow.Read(tx, row.Head.Number, follower.Marks, follower.Wants);
        foreach (var (key, one) in news)
            follower.Marks[key] = one.Mark;
        return new RunNews
        {
            Run = changed ? Whole(tx, row, metrics.Latest(tx, row.Head.Number)) : null,
            Series =
            [
                .. news.Where(one => one.Value.Anew)
                    .Select(one => new RunSeries(
                        runId,
                        one.Key,
                        one.Value.Points.Count,
                        Thinning.Thin(one.Value.Points, follower.MaxPoints)
                    )),
            ],
            Points =
            [
                .. news.Where(one => one.Value is { Anew: false, Points.Count: > 0 })
                    .Select(one => new RunSeries(
                        runId,
                        one.Key,
                        one.Value.Mark.Count,
                        Thinning.Thin(one.Value.Points, follower.MaxPoints)
                    )),
            ],
        };
    }

    /// <summary>What a follower has, in the memory of its connection alone.</summary>
    private sealed class Follower(IReadOnlyCollection<string> keys, int maxPoints)
    {
        private readonly HashSet<string> keys = new(keys, StringComparer.Ordinal);

        public int MaxPoints => maxPoints;

        public Dictionary<string, SeriesMark> Marks { get; } = [];

        public (long Run, long Latest, long Log, long Chunks)? Trace { get; set; }

        public bool Wants(string key) => keys.Count == 0 || keys.Contains(key);
    }
}
