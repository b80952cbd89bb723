using Slipway.Foundation.Events;
using Slipway.Foundation.Sql;
using Slipway.Sdk;
using Slipway.Tests.Kit;

namespace Slipway.Tests.Foundation.Events;

public sealed class EventChainTests
{
    private readonly EventLog log = new(TimeProvider.System);

    public static TheoryData<string> Kinds => TestStore.Kinds;

    [Theory, MemberData(nameof(Kinds))]
    public async Task An_event_is_part_of_the_transaction_that_states_it(string kind)
    {
        await using var store = await TestStore.OpenAsync(kind, EventsSetup.Room);
        await store.Db.WriteAsync(tx => log.Append(tx, Happened(1)));
        await Assert.ThrowsAsync<Fault>(() =>
            store.Db.WriteAsync(tx =>
            {
                log.Append(tx, Happened(2));
                throw Fault.Invalid("test.refused", "No.");
            })
        );
        await Sealing.AllAsync(store.Db);

        var heard = Assert.Single(await store.Db.ReadAsync(tx => EventLog.After(tx, 0, 10)));
        Assert.Equal(1, heard.Position);
        Assert.Equal(Happened(1), heard.Event);
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task Positions_are_dense_and_follow_the_order_within_each_transaction(string kind)
    {
        await using var store = await SealedAsync(kind, transactions: 30, perTransaction: 40);
        var all = await store.Db.ReadAsync(tx => EventLog.After(tx, 0, 10_000));
        Assert.Equal(Enumerable.Range(1, 1200).Select(i => (long)i), all.Select(e => e.Position));
        foreach (var transaction in all.GroupBy(e => e.Event.Kind))
            Assert.Equal(
                transaction.Select(e => e.Event.SubjectId).Order(StringComparer.Ordinal),
                transaction.Select(e => e.Event.SubjectId)
            );
        Assert.Null((await VerifyAsync(store.Db)).Break);
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task Sealing_while_others_write_leaves_no_gap_and_no_row_behind(string kind)
    {
        await using var store = await TestStore.OpenAsync(kind, EventsSetup.Room);
        var writing = Task.WhenAll(Enumerable.Range(0, 8).Select(_ => WriteAsync(store.Db, 40, 1)));
        while (!writing.IsCompleted)
            await Task.WhenAll(ChainSealer.SealAsync(store.Db), ChainSealer.SealAsync(store.Db));
        await writing;
        await Sealing.AllAsync(store.Db);

        var report = await VerifyAsync(store.Db);
        Assert.Null(report.Break);
        Assert.Equal((320L, 0L), (report.SealedCount, report.UnsealedCount));
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task A_clock_that_goes_back_changes_nothing(string kind)
    {
        await using var store = await TestStore.OpenAsync(kind, EventsSetup.Room);
        var clock = new ManualClock(new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero));
        var jumpy = new EventLog(clock);
        for (var i = 0; i < 10; i++)
        {
            await store.Db.WriteAsync(tx => jumpy.Append(tx, Happened(i)));
            clock.Advance(TimeSpan.FromDays(-365));
            await Sealing.AllAsync(store.Db);
        }
        Assert.Null((await VerifyAsync(store.Db)).Break);
        var all = await store.Db.ReadAsync(tx => EventLog.After(tx, 0, 100));
        Assert.Equal(Enumerable.Range(0, 10).Select(Happened), all.Select(e => e.Event));
    }

    // {7} stands for the key of the row at position 7; the number is where the break is to be found.
    private static readonly (string Change, long Position)[] Changes =
    [
        ("update foundation_events set payload = '{\"x\":1}' where (stamp, number) = {7}", 7),
        ("update foundation_events set actor = 'nobody' where (stamp, number) = {1}", 1),
        ("update foundation_events set time_ms = time_ms + 1 where (stamp, number) = {1200}", 1200),
        ("delete from foundation_events where (stamp, number) = {500}", 500),
        ("delete from foundation_event_seals where position = 500", 500),
        (
            "delete from foundation_events where (stamp, number) = {500}; delete from foundation_event_seals where position = 500",
            500
        ),
        ($"insert into foundation_events select stamp, number + 100000, {Rest} where (stamp, number) = {{1000}}", 1001),
        ($"insert into foundation_events select -1, 5, {Rest} where (stamp, number) = {{3}}", 1),
        (
            "update foundation_events set subject_id = case when (stamp, number) = {20} "
                + "then (select subject_id from foundation_events where (stamp, number) = {21}) "
                + "else (select subject_id from foundation_events where (stamp, number) = {20}) end "
                + "where (stamp, number) in ({20}, {21})",
            20
        ),
        (
            "update foundation_event_seals set hash = (select hash from foundation_event_seals where position = 3) where position = 900",
            900
        ),
        ("update foundation_event_seals set stamp = 0 where position = 900", 900),
        (
            "delete from foundation_events where (stamp, number) = {1200}; delete from foundation_event_seals where position = 1200",
            1200
        ),
        ("delete from foundation_event_seals where position > 1100", 1101),
        ("update foundation_event_chain set position = 1199", 1199),
        ("delete from foundation_event_chain", 1),
    ];

    private const string Rest =
        "time_ms, kind, subject_kind, subject_id, workspace, actor, address, payload from foundation_events";

    [Theory, MemberData(nameof(Kinds))]
    public async Task Whatever_is_changed_is_found_at_its_place(string kind)
    {
        await using var store = await SealedAsync(kind, transactions: 6, perTransaction: 200);
        var seals = await store.Db.ReadAsync(tx => ChainStore.Seals(tx, 0, 10_000));
        foreach (var (change, position) in Changes)
        {
            var sql = seals.Aggregate(
                change,
                (text, seal) =>
                    text.Replace(
                        $"{{{seal.Position}}}",
                        $"({seal.Key.Stamp}, {seal.Key.Number})",
                        StringComparison.Ordinal
                    )
            );
            ChainReport? report = null;
            await Assert.ThrowsAsync<Fault>(() =>
                store.Db.WriteAsync(tx =>
                {
                    foreach (var statement in sql.Split("; "))
                        Assert.NotEqual(0, tx.Execute(statement));
                    report = ChainVerifier.Verify(tx, []);
                    throw Fault.Invalid("test.undo", "The next change finds the record whole again.");
                })
            );
            Assert.Equal((change, position), (change, report!.Break?.Position));
        }
        Assert.Null((await VerifyAsync(store.Db)).Break);
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task A_chain_laid_anew_behind_a_change_is_found_by_an_anchor(string kind)
    {
        await using var store = await SealedAsync(kind, transactions: 3, perTransaction: 40);
        var anchor = (await store.Db.ReadAsync(ChainVerifier.HeadAnchor))!;
        await store.Db.WriteAsync(tx =>
        {
            tx.Execute(
                "update foundation_events set payload = '{\"x\":1}' where number = (select min(number) from foundation_events)"
            );
            tx.Execute("delete from foundation_event_seals");
            tx.Execute("delete from foundation_event_chain");
            ChainStore.Seed(tx);
        });
        await Sealing.AllAsync(store.Db);

        Assert.Null((await VerifyAsync(store.Db)).Break);
        Assert.Equal(120, (await VerifyAsync(store.Db, anchor)).Break?.Position);
        Assert.Equal(anchor, ChainAnchor.TryParse(anchor.ToString()));
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task A_record_that_is_cut_back_with_its_head_is_found_by_an_anchor(string kind)
    {
        await using var store = await SealedAsync(kind, transactions: 3, perTransaction: 40);
        var anchor = (await store.Db.ReadAsync(ChainVerifier.HeadAnchor))!;
        await store.Db.WriteAsync(tx =>
        {
            var last = ChainStore.Seals(tx, 99, 1)[0];
            tx.Execute("delete from foundation_event_seals where position > 100");
            tx.Execute($"delete from foundation_events where (stamp, number) > ({last.Key.Stamp}, {last.Key.Number})");
            ChainStore.MoveHead(tx, last);
        });
        Assert.Null((await VerifyAsync(store.Db)).Break);
        Assert.Equal(120, (await VerifyAsync(store.Db, anchor)).Break?.Position);
    }

    private static Event Happened(int i) =>
        new("thing.made", "thing", $"{i:00000}")
        {
            Workspace = "default",
            Actor = "ada",
            Address = "127.0.0.1",
        };

    private static Task<ChainReport> VerifyAsync(Db db, params ChainAnchor[] anchors) =>
        db.ReadAsync(tx => ChainVerifier.Verify(tx, anchors));

    private async Task<TestStore> SealedAsync(string kind, int transactions, int perTransaction)
    {
        var store = await TestStore.OpenAsync(kind, EventsSetup.Room);
        await WriteAsync(store.Db, transactions, perTransaction);
        await Sealing.AllAsync(store.Db);
        return store;
    }

    private async Task WriteAsync(Db db, int transactions, int perTransaction)
    {
        for (var t = 0; t < transactions; t++)
        {
            var kind = $"kind.{Guid.NewGuid():N}";
            await db.WriteAsync(tx =>
            {
                for (var i = 0; i < perTransaction; i++)
                    log.Append(tx, Happened(i) with { Kind = kind });
            });
        }
    }
}
