using System.Collections.Concurrent;
using Slipway.Sdk;

namespace Slipway.Foundation.Sql;

/// <summary>One piece of work that waits for its transaction, and the promise made to whoever waits for it.</summary>
internal abstract class PendingWrite(CancellationToken cancellation)
{
    protected Exception? Failure { get; set; }

    protected Tx? Transaction { get; private set; }

    public bool IsCancelled => cancellation.IsCancellationRequested;

    public bool Failed => Failure is not null;

    public void Attempt(Tx tx)
    {
        Transaction = tx;
        Failure = null;
        Work(tx);
    }

    public void Fail(Exception failure) => Failure = failure;

    /// <summary>Tells the waiting caller how it ended; only after the commit, so success means durable.</summary>
    public abstract void Acknowledge();

    protected abstract void Work(Tx tx);
}

internal sealed class PendingWrite<T>(Func<Tx, T> work, CancellationToken cancellation) : PendingWrite(cancellation)
{
    private readonly TaskCompletionSource<T> done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private T result = default!;

    public Task<T> Task => done.Task;

    public override void Acknowledge()
    {
        if (Failure is not null)
        {
            done.SetException(Failure);
            return;
        }
        Transaction?.Committed();
        done.SetResult(result);
    }

    protected override void Work(Tx tx) => result = work(tx);
}

/// <summary>
/// Group commit: a thread with one connection that takes all work waiting, runs it in one transaction (each piece in
/// its own savepoint, so that one refusal does not touch its neighbours), makes it durable with one sync and then
/// answers everybody. What arrives during the sync forms the next group.
/// </summary>
internal sealed class WriteLane : IDisposable
{
    private const int GroupLimit = 256;
    private const int AttemptLimit = 5;

    private readonly Dialect dialect;
    private readonly BlockingCollection<PendingWrite> queue;
    private readonly Action<StoreFailure, Exception> onFailure;
    private readonly Thread thread;
    private Session? session;

    public WriteLane(Dialect dialect, BlockingCollection<PendingWrite> queue, Action<StoreFailure, Exception> onFailure)
    {
        this.dialect = dialect;
        this.queue = queue;
        this.onFailure = onFailure;
        session = new Session(dialect, forWriting: true);
        thread = new Thread(Run) { IsBackground = true, Name = "slipway-writer" };
        thread.Start();
    }

    /// <summary>Waits until the queue, already closed to new work, is written.</summary>
    public void Dispose()
    {
        thread.Join();
        session?.Dispose();
    }

    private void Run()
    {
        var group = new List<PendingWrite>(GroupLimit);
        foreach (var first in queue.GetConsumingEnumerable())
        {
            group.Add(first);
            while (group.Count < GroupLimit && queue.TryTake(out var next))
                group.Add(next);
            Write(group);
            foreach (var item in group)
                item.Acknowledge();
            group.Clear();
        }
    }

    private void Write(List<PendingWrite> group)
    {
        foreach (var item in group.Where(item => item.IsCancelled))
            item.Fail(new OperationCanceledException());
        var live = group.Where(item => !item.Failed).ToList();
        if (live.Count == 0 || Try(live) is not { } failure)
            return;
        if (failure == StoreFailure.Contention)
        {
            // One of them met a lock; alone, each can wait and try again without holding the others up.
            foreach (var item in live)
                WriteAlone(item);
        }
    }

    private void WriteAlone(PendingWrite item)
    {
        for (var attempt = 1; Try([item]) == StoreFailure.Contention && attempt < AttemptLimit; attempt++)
            Thread.Sleep(TimeSpan.FromMilliseconds(Random.Shared.Next(5, 20 << attempt)));
    }

    /// <summary>Runs the group in one transaction. Null when it committed; otherwise why not, with every item failed.</summary>
    private StoreFailure? Try(List<PendingWrite> group)
    {
        try
        {
            session ??= new Session(dialect, forWriting: true);
            session.Begin();
            var stamp = Convert.ToInt64(session.Command(dialect.StampStatement, []).ExecuteScalar(), null);
            foreach (var item in group)
                AttemptInSavepoint(item, stamp, alone: group.Count == 1);
            if (group.TrueForAll(item => item.Failed))
                session.Transaction!.Rollback();
            else
                session.Transaction!.Commit();
            session.End();
            return null;
        }
        catch (Exception e)
        {
            var failure = dialect.Classify(e);
            onFailure(failure, e);
            Abandon(failure);
            foreach (var item in group)
                item.Fail(Explain(failure, e));
            return failure;
        }
    }

    private void AttemptInSavepoint(PendingWrite item, long stamp, bool alone)
    {
        if (!alone)
            session!.Command("savepoint item", []).ExecuteNonQuery();
        try
        {
            item.Attempt(Tx.ForWriting(session!, dialect, stamp));
            if (!alone)
                session!.Command("release savepoint item", []).ExecuteNonQuery();
        }
        catch (Exception e) when (dialect.Classify(e) is StoreFailure.None or StoreFailure.Duplicate)
        {
            item.Fail(e);
            if (!alone)
                session!.Command("rollback to savepoint item", []).ExecuteNonQuery();
        }
    }

    private void Abandon(StoreFailure failure)
    {
        try
        {
            session?.Transaction?.Rollback();
            session?.End();
            if (failure != StoreFailure.Unreachable)
                return;
        }
        catch (Exception)
        {
            // The connection is beyond use; the next group opens another.
        }
        session?.Dispose();
        session = null;
    }

    private static Exception Explain(StoreFailure failure, Exception e) =>
        failure switch
        {
            StoreFailure.Contention => new Fault(
                FaultKind.Busy,
                "store.busy",
                "The store is busy: others hold what this change needs."
            )
            {
                RetryAfter = TimeSpan.FromSeconds(1),
            },
            StoreFailure.Full => Unavailable(
                "store.full",
                "The disk of the store is full; reading goes on, writing needs space."
            ),
            StoreFailure.Unreachable => Unavailable("store.unreachable", "The store cannot be written at the moment."),
            StoreFailure.Corrupt => Fault.Internal(
                "store.corrupt",
                "The database is damaged.",
                "Stop the server and run: slipway doctor"
            ),
            StoreFailure.NotDurable => Unavailable("store.not_durable", "The store could not make the change durable."),
            _ => e,
        };

    private static Fault Unavailable(string code, string message) =>
        new(FaultKind.Unavailable, code, message) { RetryAfter = TimeSpan.FromSeconds(5) };
}
