using Slipway.Foundation.Sql;
using Slipway.Sdk;
using Slipway.Tests.Kit;

namespace Slipway.Tests.Foundation.Sql;

public sealed class DbTests
{
    public static TheoryData<string> Kinds => TestStore.Kinds;

    [Theory, MemberData(nameof(Kinds))]
    public async Task A_refused_write_leaves_nothing_and_does_not_touch_its_neighbours(string kind)
    {
        await using var store = await OpenAsync(kind);
        var hold = HoldTheLane(store.Db);
        var good = store.Db.WriteAsync(tx => Put(tx, 1));
        var refused = store.Db.WriteAsync(tx =>
        {
            Put(tx, 2);
            throw Fault.Invalid("test.refused", "No.");
        });
        var duplicate = store.Db.WriteAsync(tx =>
        {
            Put(tx, 3);
            Put(tx, 1);
        });
        var alsoGood = store.Db.WriteAsync(tx => Put(tx, 4));
        hold.Release();
        await Task.WhenAll(good, alsoGood);

        Assert.Equal("test.refused", (await Assert.ThrowsAsync<Fault>(() => refused)).Code);
        var e = await Assert.ThrowsAnyAsync<Exception>(() => duplicate);
        Assert.Equal(StoreFailure.Duplicate, store.Db.Dialect.Classify(e));
        Assert.Equal([1L, 4L], await NumbersAsync(store.Db));
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task A_write_refused_alone_is_answered_with_its_own_fault(string kind)
    {
        await using var store = await OpenAsync(kind);
        var e = await Assert.ThrowsAsync<Fault>(() =>
            store.Db.WriteAsync(tx =>
            {
                Put(tx, 1);
                throw Fault.Conflict("test.refused", "No.");
            })
        );
        Assert.Equal("test.refused", e.Code);
        await store.Db.WriteAsync(tx => Put(tx, 2));
        Assert.Equal([2L], await NumbersAsync(store.Db));
    }

    [Fact]
    public async Task A_statement_that_ends_the_whole_transaction_costs_only_its_own_work()
    {
        // SQLite rolls everything back by itself after some failures; "or rollback" asks it to.
        await using var store = await OpenAsync("sqlite");
        await store.Db.WriteAsync(tx => Put(tx, 1));
        var hold = HoldTheLane(store.Db);
        var before = store.Db.WriteAsync(tx => Put(tx, 2));
        var culprit = store.Db.WriteAsync(tx => tx.Execute("insert or rollback into t (n) values (1)"));
        var after = store.Db.WriteAsync(tx => Put(tx, 3));
        hold.Release();

        await Task.WhenAll(before, after);
        await Assert.ThrowsAnyAsync<Exception>(() => culprit);
        Assert.Equal([1L, 2L, 3L], await NumbersAsync(store.Db));
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task What_follows_a_commit_runs_once_and_only_after_success(string kind)
    {
        await using var store = await OpenAsync(kind);
        var told = new List<string>();
        await store.Db.WriteAsync(tx => tx.AfterCommit(() => told.Add("good")));
        await Assert.ThrowsAsync<Fault>(() =>
            store.Db.WriteAsync(tx =>
            {
                tx.AfterCommit(() => told.Add("bad"));
                throw Fault.Invalid("test.refused", "No.");
            })
        );
        Assert.Equal(["good"], told);
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task A_failing_follow_up_fails_its_caller_and_not_the_store(string kind)
    {
        await using var store = await OpenAsync(kind);
        await Assert.ThrowsAsync<InvalidOperationException>(() =>
            store.Db.WriteAsync(tx =>
            {
                Put(tx, 1);
                tx.AfterCommit(() => throw new InvalidOperationException("follow-up"));
            })
        );
        await store.Db.WriteAsync(tx => Put(tx, 2));
        Assert.Equal([1L, 2L], await NumbersAsync(store.Db));
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task Readers_see_one_snapshot_while_writers_go_on(string kind)
    {
        await using var store = await OpenAsync(kind);
        await store.Db.WriteAsync(tx => Put(tx, 1));
        var (before, after) = await store.Db.ReadAsync(tx =>
        {
            var first = Numbers(tx);
            store.Db.WriteAsync(inner => Put(inner, 2)).GetAwaiter().GetResult();
            return (first, Numbers(tx));
        });
        Assert.Equal([1L], before);
        Assert.Equal([1L], after);
        Assert.Equal([1L, 2L], await NumbersAsync(store.Db));
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task Readers_cannot_write(string kind)
    {
        await using var store = await OpenAsync(kind);
        await Assert.ThrowsAnyAsync<Exception>(() => store.Db.ReadAsync(tx => Put(tx, 1)));
        Assert.Empty(await NumbersAsync(store.Db));
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task Work_given_up_before_its_turn_is_not_done(string kind)
    {
        await using var store = await OpenAsync(kind);
        using var source = new CancellationTokenSource();
        var hold = HoldTheLane(store.Db);
        var given = store.Db.WriteAsync(tx => Put(tx, 1), source.Token);
        await source.CancelAsync();
        hold.Release();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => given);
        Assert.Empty(await NumbersAsync(store.Db));
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task Closing_writes_what_waits_and_refuses_what_comes_later(string kind)
    {
        await using var store = await OpenAsync(kind);
        var hold = HoldTheLane(store.Db);
        var waiting = store.Db.WriteAsync(tx => Put(tx, 1));
        var closing = store.Db.DisposeAsync();
        var late = await Assert.ThrowsAsync<Fault>(() => store.Db.WriteAsync(tx => Put(tx, 2)));
        hold.Release();
        await closing;
        await waiting;
        Assert.Equal("store.closing", late.Code);
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task A_follower_that_reads_from_its_last_horizon_misses_nothing(string kind)
    {
        await using var store = await OpenAsync(kind);
        await store.Db.WriteAsync(tx => tx.Execute("create table s (stamp bigint not null, n bigint not null)"));
        var seen = new HashSet<long>();
        var from = 0L;
        var writing = Task.WhenAll(
            Enumerable
                .Range(0, 4)
                .Select(async writer =>
                {
                    for (var i = 0; i < 50; i++)
                    {
                        var n = (writer * 1000) + i;
                        await store.Db.WriteAsync(tx =>
                            tx.Execute("insert into s (stamp, n) values (@stamp, @n)", ("stamp", tx.Stamp), ("n", n))
                        );
                    }
                })
        );
        do await FollowAsync();
        while (!writing.IsCompleted);
        await writing;
        await FollowAsync();
        Assert.Equal(200, seen.Count);

        async Task FollowAsync()
        {
            var (rows, next) = await store.Db.ReadAsync(tx =>
                (tx.Many("select n from s where stamp >= @stamp", r => r.Long(0), ("stamp", from)), tx.Horizon())
            );
            seen.UnionWith(rows);
            from = next;
        }
    }

    internal static async Task<TestStore> OpenAsync(string kind)
    {
        var store = await TestStore.OpenAsync(kind);
        await store.Db.WriteAsync(tx => tx.Execute("create table t (n bigint not null primary key)"));
        return store;
    }

    internal static int Put(Tx tx, long n) => tx.Execute("insert into t (n) values (@n)", ("n", n));

    internal static Task<List<long>> NumbersAsync(Db db) => db.ReadAsync(Numbers);

    /// <summary>Keeps the lane busy, so that what is written meanwhile ends up in one group.</summary>
    private static SemaphoreSlim HoldTheLane(Db db)
    {
        var started = new SemaphoreSlim(0);
        var hold = new SemaphoreSlim(0);
        _ = db.WriteAsync(_ =>
        {
            started.Release();
            hold.Wait();
        });
        started.Wait();
        return hold;
    }

    private static List<long> Numbers(Tx tx) => tx.Many("select n from t order by n", r => r.Long(0));
}
