using System.Collections.Concurrent;
using Microsoft.Extensions.Logging.Abstractions;
using Slipway.Foundation.Events;
using Slipway.Foundation.Jobs;
using Slipway.Foundation.Sql;
using Slipway.Sdk;
using Slipway.Tests.Foundation.Events;
using Slipway.Tests.Kit;

namespace Slipway.Tests.Foundation.Jobs;

public sealed class JobRunnerTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);

    public static TheoryData<string> Kinds => TestStore.Kinds;

    [Theory, MemberData(nameof(Kinds))]
    public async Task A_job_is_done_if_its_transaction_commits_and_only_then(string kind)
    {
        await using var store = await OpenAsync(kind);
        var board = new JobBoard(TimeProvider.System);
        await store.Db.WriteAsync(tx => board.Add(tx, "greet", "\"ada\""));
        await Assert.ThrowsAsync<Fault>(() =>
            store.Db.WriteAsync(tx =>
            {
                board.Add(tx, "greet", "\"nobody\"");
                throw Fault.Invalid("test.refused", "No.");
            })
        );
        var greeted = new ConcurrentQueue<string>();
        await RunUntilAsync(
            store,
            () => IsEmptyAsync(store),
            new JobKind(
                "greet",
                (job, _) =>
                {
                    greeted.Enqueue(job.Payload);
                    return Task.CompletedTask;
                }
            )
        );
        Assert.Equal(["\"ada\""], greeted);
    }

    [Fact]
    public async Task Work_that_waits_for_others_leaves_hands_for_the_rest()
    {
        await using var store = await OpenAsync("sqlite");
        var board = new JobBoard(TimeProvider.System);
        await store.Db.WriteAsync(tx =>
        {
            for (var i = 0; i < 8; i++)
                board.Add(tx, "wait", "{}");
            board.Add(tx, "greet", "{}");
        });
        var (waiting, most) = (0, 0);
        var greeted = new TaskCompletionSource();
        var wait = new JobKind(
            "wait",
            async (_, cancellation) =>
            {
                most = Math.Max(most, Interlocked.Increment(ref waiting));
                await greeted.Task.WaitAsync(cancellation);
                Interlocked.Decrement(ref waiting);
            }
        )
        {
            AtMost = 2,
        };
        var greet = new JobKind(
            "greet",
            (_, _) =>
            {
                greeted.TrySetResult();
                return Task.CompletedTask;
            }
        );

        await RunUntilAsync(store, () => IsEmptyAsync(store), wait, greet);

        Assert.InRange(most, 1, 2);
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task Several_servers_share_the_jobs_and_none_is_done_twice(string kind)
    {
        await using var store = await OpenAsync(kind);
        var board = new JobBoard(TimeProvider.System);
        await store.Db.WriteAsync(tx =>
        {
            for (var i = 0; i < 40; i++)
                board.Add(tx, "count", $"{i}");
        });
        var done = new ConcurrentQueue<string>();
        var count = new JobKind(
            "count",
            (job, _) =>
            {
                done.Enqueue(job.Payload);
                return Task.CompletedTask;
            }
        );
        await using var second = store.OpenAgain();
        await Task.WhenAll(
            RunUntilAsync(store.Db, () => IsEmptyAsync(store), count),
            RunUntilAsync(second, () => IsEmptyAsync(store), count)
        );
        Assert.Equal(40, done.Distinct(StringComparer.Ordinal).Count());
        Assert.Equal(40, done.Count);
    }

    [Theory]
    [InlineData(FaultKind.Conflict, "job.failed", false)]
    [InlineData(FaultKind.Internal, "job.parked", true)]
    public async Task A_job_that_cannot_succeed_is_over_or_parked_and_on_record(
        FaultKind fault,
        string expected,
        bool stays
    )
    {
        await using var store = await OpenAsync("sqlite");
        await store.Db.WriteAsync(tx =>
        {
            JobStore.Add(tx, "one", "break", "{}", 0, 0);
            tx.Execute("update foundation_jobs set failures = 4");
        });
        await RunUntilAsync(
            store,
            async () => await StateAsync(store) != "0" && await StateAsync(store) != "1",
            new JobKind("break", (_, _) => throw new Fault(fault, "test.broken", "It broke."))
        );
        await Sealing.AllAsync(store.Db);
        var happened = Assert.Single(await store.Db.ReadAsync(tx => EventLog.After(tx, 0, 10))).Event;
        Assert.Equal((expected, "one"), (happened.Kind, happened.SubjectId));
        Assert.Equal(stays ? "2" : "", await StateAsync(store));
    }

    [Fact]
    public async Task A_job_that_meets_a_busy_store_of_others_is_done_again_later()
    {
        await using var store = await OpenAsync("sqlite");
        await store.Db.WriteAsync(tx => JobStore.Add(tx, "one", "busy", "{}", 0, 0));
        var attempts = 0;
        await RunUntilAsync(
            store,
            () => IsEmptyAsync(store),
            new JobKind(
                "busy",
                (_, _) =>
                    Interlocked.Increment(ref attempts) < 3
                        ? throw new Fault(FaultKind.Busy, "test.busy", "Not now.")
                        : Task.CompletedTask
            )
        );
        Assert.Equal(3, attempts);
    }

    [Fact]
    public async Task Recurring_work_has_one_row_however_many_servers_start()
    {
        await using var store = await OpenAsync("sqlite");
        var rounds = 0;
        var sweep = new JobKind(
            "sweep",
            (_, _) =>
            {
                Interlocked.Increment(ref rounds);
                return Task.CompletedTask;
            }
        )
        {
            Every = TimeSpan.FromMilliseconds(100),
        };
        await Task.WhenAll(
            RunUntilAsync(store, () => Task.FromResult(Volatile.Read(ref rounds) >= 3), sweep),
            RunUntilAsync(store, () => Task.FromResult(Volatile.Read(ref rounds) >= 3), sweep)
        );
        Assert.Equal(1, await store.Db.ReadAsync(tx => tx.One("select count(*) from foundation_jobs", r => r.Long(0))));
    }

    [Fact]
    public async Task A_server_that_stops_gives_its_jobs_back_at_once()
    {
        await using var store = await OpenAsync("sqlite");
        await store.Db.WriteAsync(tx => JobStore.Add(tx, "one", "slow", "{}", 0, 0));
        var started = false;
        await RunUntilAsync(
            store,
            () => Task.FromResult(Volatile.Read(ref started)),
            new JobKind(
                "slow",
                (_, cancellation) =>
                {
                    Volatile.Write(ref started, true);
                    return Task.Delay(Timeout.Infinite, cancellation);
                }
            )
        );
        Assert.Equal("0", await StateAsync(store));
        var again = await store.Db.WriteAsync(tx => JobStore.Claim(tx, ["slow"], [], long.MaxValue / 2, 1));
        Assert.Equal((2, 0), (Assert.Single(again).Token, again[0].Failures));
    }

    private static async Task<TestStore> OpenAsync(string kind) =>
        await TestStore.OpenAsync(kind, EventsSetup.Room, JobsSetup.Room);

    private static Task RunUntilAsync(TestStore store, Func<Task<bool>> isDone, params JobKind[] kinds) =>
        RunUntilAsync(store.Db, isDone, kinds);

    private static async Task RunUntilAsync(Db db, Func<Task<bool>> isDone, params JobKind[] kinds)
    {
        using var runner = new JobRunner(
            db,
            kinds,
            new EventLog(TimeProvider.System),
            TimeProvider.System,
            NullLogger<JobRunner>.Instance
        );
        using var patience = new CancellationTokenSource(Soon);
        await runner.StartAsync(patience.Token);
        while (!await isDone())
            await Task.Delay(20, patience.Token);
        await runner.StopAsync(patience.Token);
    }

    private static async Task<bool> IsEmptyAsync(TestStore store) => await StateAsync(store) == "";

    private static Task<string> StateAsync(TestStore store) =>
        store.Db.ReadAsync(tx => string.Join(',', tx.Many("select state from foundation_jobs", r => r.Long(0))));
}
