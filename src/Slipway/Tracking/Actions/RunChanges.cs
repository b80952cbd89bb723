using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Slipway.Foundation.Basics;
using Slipway.Foundation.Sql;
using Slipway.Identity;
using Slipway.Sdk;
using Slipway.Tracking.Storage;

namespace Slipway.Tracking.Actions;

/// <summary>
/// Tells those who look at experiments what changes in them. Every row says which transaction wrote it last, so one look
/// at each watched experiment, four times a second, finds what changed, whichever door or server wrote it; writers do
/// nothing for it, and a thousand viewers cost no more looks than one. What a viewer has not taken yet is merged into
/// the next news, so a slow one holds nobody up and needs no queue.
/// </summary>
public sealed class RunChanges : IDisposable
{
    public const int ExperimentLimit = 20;
    public static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(250);

    private const int FollowerLimit = 1000;
    private const int RunLimit = 500;

    private readonly Lock gate = new();
    private readonly Dictionary<long, Watch> watches = [];
    private readonly Db db;
    private readonly RowNumbers numbers;
    private readonly TimeProvider clock;
    private readonly ILogger log;
    private readonly CancellationTokenSource ending = new();
    private int followers;
    private Task looking = Task.CompletedTask;

    internal RunChanges(Db db, RowNumbers numbers, TimeProvider clock, ILogger<RunChanges> log)
    {
        this.db = db;
        this.numbers = numbers;
        this.clock = clock;
        this.log = log;
    }

    /// <summary>News of the experiments from now on, those that the caller may read.</summary>
    public async IAsyncEnumerable<IReadOnlyList<ExperimentNews>> FollowAsync(
        Caller caller,
        IReadOnlyList<long> experimentIds,
        [EnumeratorCancellation] CancellationToken cancellation
    )
    {
        if (experimentIds.Count > ExperimentLimit)
            throw Fault.Invalid(
                "live.experiments",
                $"At most {ExperimentLimit} experiments can be followed at once.",
                "experiments"
            );
        var newest = numbers.Next();
        var (visible, horizon) = await db.ReadAsync(
            tx =>
                (
                    experimentIds.Select(id => Experiments.Find(tx, caller, id, Level.Read).Id).Distinct().ToList(),
                    tx.Horizon()
                ),
            cancellation
        );
        var follower = new Follower();
        Join(follower, visible, () => new Watch(newest, horizon));
        try
        {
            yield return []; // The caller is heard: whatever changes from now on will be told.
            while (true)
            {
                await follower.WaitAsync(cancellation);
                yield return follower.Take(RunLimit);
            }
        }
        finally
        {
            Leave(follower, visible);
        }
    }

    public void Dispose()
    {
        ending.Cancel();
        ending.Dispose();
    }

    private void Join(Follower follower, List<long> experimentIds, Func<Watch> newWatch)
    {
        lock (gate)
        {
            if (followers >= FollowerLimit)
                throw new Fault(FaultKind.Busy, "live.followers", "Too many pages follow live changes at the moment.")
                {
                    RetryAfter = TimeSpan.FromSeconds(30),
                };
            followers++;
            foreach (var id in experimentIds)
            {
                if (!watches.TryGetValue(id, out var watch))
                    watches.Add(id, watch = newWatch());
                watch.Followers.Add(follower);
            }
            if (looking.IsCompleted)
                looking = Task.Run(LookAsync);
        }
    }

    private void Leave(Follower follower, List<long> experimentIds)
    {
        lock (gate)
        {
            followers--;
            foreach (var id in experimentIds)
            {
                if (watches[id].Followers.Remove(follower) && watches[id].Followers.Count == 0)
                    watches.Remove(id);
            }
        }
    }

    private async Task LookAsync()
    {
        while (!ending.IsCancellationRequested)
        {
            KeyValuePair<long, Watch>[] watched;
            lock (gate)
            {
                watched = [.. watches];
                if (watched.Length == 0)
                {
                    looking = Task.CompletedTask;
                    return;
                }
            }
            try
            {
                await LookAtAsync(watched);
                await Task.Delay(Pace, clock, ending.Token);
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (Exception e)
            {
                log.LogWarning(e, "Looking for changes of runs failed; the next look is in a second");
                await Task.Delay(TimeSpan.FromSeconds(1), clock, CancellationToken.None);
            }
        }
    }

    private async Task LookAtAsync(KeyValuePair<long, Watch>[] watched)
    {
        var (seen, horizon) = await db.ReadAsync(
            tx =>
                (
                    watched.Select(pair => ChangeStore.Since(tx, pair.Key, pair.Value.Horizon, 2 * RunLimit)).ToList(),
                    Horizon: tx.Horizon()
                ),
            ending.Token
        );
        for (var i = 0; i < watched.Length; i++)
        {
            var (id, watch) = watched[i];
            var changed = watch.Take(seen[i], horizon);
            if (changed.Count == 0)
                continue;
            lock (gate)
            {
                foreach (var follower in watch.Followers)
                    follower.Tell(id, changed);
            }
        }
    }

    /// <summary>How far the changes of an experiment are known.</summary>
    private sealed class Watch(long newest, long horizon)
    {
        private HashSet<(long, long)> known = [];
        private long newest = newest;

        public HashSet<Follower> Followers { get; } = [];

        public long Horizon { get; private set; } = horizon;

        public List<(string RunId, bool Created)> Take(IReadOnlyList<RunWrite> seen, long next)
        {
            // What was written from the horizon on comes again with the next look.
            var changed = seen.Where(write => !known.Contains((write.Number, write.Stamp)))
                .Select(write => (write.RunId, Created: write.Number > newest))
                .Distinct()
                .ToList();
            known = [.. seen.Where(write => write.Stamp >= next).Select(write => (write.Number, write.Stamp))];
            newest = seen.Select(write => write.Number).Append(newest).Max();
            Horizon = next;
            return changed;
        }
    }

    /// <summary>What one viewer has not taken yet.</summary>
    private sealed class Follower
    {
        private readonly Lock gate = new();
        private readonly Dictionary<long, (HashSet<string> Runs, int Created)> pending = [];
        private readonly Channel<bool> told = Channel.CreateBounded<bool>(
            new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite }
        );

        public async Task WaitAsync(CancellationToken cancellation) => await told.Reader.ReadAsync(cancellation);

        public void Tell(long experimentId, List<(string RunId, bool Created)> changed)
        {
            lock (gate)
            {
                var (runs, created) = pending.GetValueOrDefault(experimentId, ([], 0));
                foreach (var (runId, isNew) in changed)
                {
                    runs.Add(runId);
                    created += isNew ? 1 : 0;
                }
                pending[experimentId] = (runs, created);
            }
            told.Writer.TryWrite(true);
        }

        public IReadOnlyList<ExperimentNews> Take(int runLimit)
        {
            lock (gate)
            {
                var news = pending
                    .Select(p => new ExperimentNews(
                        p.Key,
                        p.Value.Runs.Count > runLimit ? null : [.. p.Value.Runs],
                        p.Value.Created
                    ))
                    .ToList();
                pending.Clear();
                return news;
            }
        }
    }
}
