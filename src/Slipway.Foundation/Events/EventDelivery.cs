using Slipway.Foundation.Sql;

namespace Slipway.Foundation.Events;

/// <summary>Moves one listener along the record.</summary>
internal static class EventDelivery
{
    /// <summary>Lets the listener hear what it has not heard; the answer is how many events that was.</summary>
    public static async Task<int> DeliverAsync(
        Db db,
        EventSubscription listener,
        int batchLimit,
        CancellationToken cancellation = default
    )
    {
        var total = 0;
        while (await db.ReadAsync(tx => IsBehind(tx, listener), cancellation))
        {
            var count = await db.WriteAsync(tx => DeliverBatch(tx, listener, batchLimit), cancellation);
            total += count;
            if (count < batchLimit)
                break;
        }
        return total;
    }

    private static bool IsBehind(Tx tx, EventSubscription listener) =>
        ChainStore.Head(tx) is { } head && head.Position > (Position(tx, listener, claim: "") ?? 0);

    private static int DeliverBatch(Tx tx, EventSubscription listener, int batchLimit)
    {
        tx.Execute(
            "insert into foundation_event_listeners (name, position) values (@name, 0) on conflict (name) do nothing",
            ("name", listener.Name)
        );
        // Claimed for this transaction; another server that came first moves the listener along instead.
        if (Position(tx, listener, tx.Dialect.Locks.Claim) is not { } position)
            return 0;
        var events = EventLog.After(tx, position, batchLimit);
        if (events.Count == 0)
            return 0;
        foreach (var happened in events)
            listener.Hear(tx, happened);
        tx.Execute(
            "update foundation_event_listeners set position = @position where name = @name",
            ("position", events[^1].Position),
            ("name", listener.Name)
        );
        return events.Count;
    }

    private static long? Position(Tx tx, EventSubscription listener, string claim) =>
        tx.One(
            $"select position from foundation_event_listeners where name = @name {claim}",
            r => r.LongOrNull(0),
            ("name", listener.Name)
        );
}
