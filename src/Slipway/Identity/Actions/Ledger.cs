using Slipway.Foundation.Events;
using Slipway.Foundation.Sql;

namespace Slipway.Identity.Actions;

/// <summary>What the verbs of Identity work with: the store, the clock, and all who have to hear of a change.</summary>
internal sealed class Ledger(Db db, AccessBook book, EventLog events, TimeProvider clock)
{
    public long NowMs => clock.GetUtcNow().ToUnixTimeMilliseconds();

    public Task<T> ReadAsync<T>(Func<Tx, T> work, CancellationToken cancellation) => db.ReadAsync(work, cancellation);

    /// <summary>Changes people or grants; the next request on this server goes by it.</summary>
    public Task<T> WriteAsync<T>(Func<Tx, T> work, CancellationToken cancellation) =>
        db.WriteAsync(
            tx =>
            {
                var result = work(tx);
                Changed(tx);
                return result;
            },
            cancellation
        );

    public Task WriteAsync(Action<Tx> work, CancellationToken cancellation) =>
        WriteAsync(
            tx =>
            {
                work(tx);
                return true;
            },
            cancellation
        );

    /// <summary>For a change inside the transaction of another slice.</summary>
    public void Changed(Tx tx) => tx.AfterCommit(book.Invalidate);

    public void Tell(Tx tx, Event happened) => events.Append(tx, happened);
}
