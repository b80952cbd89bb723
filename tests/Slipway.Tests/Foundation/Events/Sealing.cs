using Slipway.Foundation.Events;
using Slipway.Foundation.Sql;

namespace Slipway.Tests.Foundation.Events;

internal static class Sealing
{
    /// <summary>Seals until nothing is left. Another test's open transaction on the same server may put that off for a moment.</summary>
    public static async Task AllAsync(Db db)
    {
        do await ChainSealer.SealAsync(db);
        while (await db.ReadAsync(tx => ChainStore.CountAfter(tx, ChainStore.Head(tx)!.Key)) > 0);
    }
}
