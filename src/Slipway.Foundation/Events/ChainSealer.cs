using Slipway.Foundation.Sql;

namespace Slipway.Foundation.Events;

/// <summary>
/// Lays the hash chain over rows that are committed. One server at a time does it: whoever holds the head of the chain,
/// which is claimed for the length of one transaction, so a server that dies holds nobody up. Only rows below the
/// transaction's horizon are sealed: below it no transaction can commit any more, so no row will ever have to be put
/// between two that are linked.
/// </summary>
internal static class ChainSealer
{
    private const int BatchLimit = 500;

    /// <summary>Seals what there is to seal; the answer is how many rows.</summary>
    public static async Task<int> SealAsync(Db db, CancellationToken cancellation = default)
    {
        var total = 0;
        while (await db.ReadAsync(HasUnsealed, cancellation))
        {
            var count = await db.WriteAsync(SealBatch, cancellation);
            total += count;
            if (count < BatchLimit)
                break;
        }
        return total;
    }

    private static bool HasUnsealed(Tx tx) =>
        ChainStore.Head(tx) is { } head && ChainStore.Rows(tx, head.Key, Before(tx.Horizon()), limit: 1).Count > 0;

    private static int SealBatch(Tx tx)
    {
        // The horizon first: every row below it is visible to whatever is read after it.
        var last = Before(tx.Horizon());
        if (ChainStore.ClaimHead(tx) is not { } head)
            return 0;
        var rows = ChainStore.Rows(tx, head.Key, last, BatchLimit);
        if (rows.Count == 0)
            return 0;
        foreach (var row in rows)
        {
            head = EventChain.Link(head, row);
            ChainStore.Add(tx, head);
        }
        ChainStore.MoveHead(tx, head);
        return rows.Count;
    }

    private static EventKey Before(long stamp) => new(stamp - 1, long.MaxValue);
}
