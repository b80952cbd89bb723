using Slipway.Foundation.Events;
using Slipway.Foundation.Sql;
using Slipway.Tests.Kit;

namespace Slipway.Tests.Foundation.Events;

public sealed class EventDeliveryTests
{
    private readonly EventLog log = new(TimeProvider.System);

    public static TheoryData<string> Kinds => TestStore.Kinds;

    [Theory, MemberData(nameof(Kinds))]
    public async Task A_listener_hears_every_event_once_in_order_and_keeps_its_place(string kind)
    {
        await using var store = await OpenAsync(kind);
        var listener = Recorder("first");
        await WriteAsync(store.Db, 120);
        Assert.Equal(120, await EventDelivery.DeliverAsync(store.Db, listener, 50));
        Assert.Equal(0, await EventDelivery.DeliverAsync(store.Db, listener, 50));
        await WriteAsync(store.Db, 3);
        Assert.Equal(3, await EventDelivery.DeliverAsync(store.Db, listener, 50));
        Assert.Equal(Enumerable.Range(1, 123).Select(i => (long)i), await HeardAsync(store.Db, "first"));
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task Two_servers_together_let_a_listener_hear_each_event_once(string kind)
    {
        await using var store = await OpenAsync(kind);
        await WriteAsync(store.Db, 400);
        var counts = await Task.WhenAll(
            Enumerable.Range(0, 4).Select(_ => EventDelivery.DeliverAsync(store.Db, Recorder("shared"), 10))
        );
        Assert.Equal(400, counts.Sum() + await EventDelivery.DeliverAsync(store.Db, Recorder("shared"), 10));
        Assert.Equal(Enumerable.Range(1, 400).Select(i => (long)i), await HeardAsync(store.Db, "shared"));
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task A_listener_that_fails_hears_the_same_event_again_and_nothing_after_it(string kind)
    {
        await using var store = await OpenAsync(kind);
        await WriteAsync(store.Db, 20);
        var broken = true;
        var listener = Recorder("fails") with
        {
            Hear = (tx, e) =>
            {
                Record(tx, "fails", e.Position);
                if (e.Position == 7 && broken)
                    throw new InvalidOperationException("not now");
            },
        };
        await Assert.ThrowsAsync<InvalidOperationException>(() => EventDelivery.DeliverAsync(store.Db, listener, 1));
        Assert.Equal([1L, 2L, 3L, 4L, 5L, 6L], await HeardAsync(store.Db, "fails"));
        broken = false;
        await EventDelivery.DeliverAsync(store.Db, listener, 50);
        Assert.Equal(Enumerable.Range(1, 20).Select(i => (long)i), await HeardAsync(store.Db, "fails"));
    }

    private static EventSubscription Recorder(string name) => new(name, (tx, e) => Record(tx, name, e.Position));

    private static void Record(Tx tx, string name, long position) =>
        tx.Execute(
            "insert into heard (name, position) values (@name, @position)",
            ("name", name),
            ("position", position)
        );

    private static Task<List<long>> HeardAsync(Db db, string name) =>
        db.ReadAsync(tx =>
            tx.Many("select position from heard where name = @name order by position", r => r.Long(0), ("name", name))
        );

    private static async Task<TestStore> OpenAsync(string kind)
    {
        var store = await TestStore.OpenAsync(kind, EventsSetup.Room);
        await store.Db.WriteAsync(tx =>
            tx.Execute("create table heard (name text not null, position bigint not null)")
        );
        return store;
    }

    private async Task WriteAsync(Db db, int count)
    {
        await db.WriteAsync(tx =>
        {
            for (var i = 0; i < count; i++)
                log.Append(tx, new Event("thing.made", "thing", $"{i}"));
        });
        await Sealing.AllAsync(db);
    }
}
