using System.Collections.Concurrent;
using Slipway.Sdk;

namespace Slipway.Foundation.Sql;

/// <summary>
/// The row store. Reads run on a pool of connections, each in one snapshot; writes wait in a queue that the write lane
/// empties in groups, so that many callers share one sync. Work is synchronous: it runs where its connection is, and a
/// verb composes the stores it needs in one transaction.
/// </summary>
public sealed class Db : IAsyncDisposable
{
    private const int ReaderCount = 8;
    private const int QueueLimit = 10_000;

    private readonly SemaphoreSlim readerSeats = new(ReaderCount);
    private readonly ConcurrentStack<Session> readers = new();
    private readonly BlockingCollection<PendingWrite> queue = new(QueueLimit);
    private readonly WriteLane lane;

    public Db(Dialect dialect)
    {
        Dialect = dialect;
        lane = new WriteLane(dialect, queue, (failure, e) => OnWriteFailed?.Invoke(failure, e));
    }

    public Dialect Dialect { get; }

    /// <summary>Told of every group that could not be written: the host ends the process when nothing else is honest.</summary>
    public Action<StoreFailure, Exception>? OnWriteFailed { get; set; }

    public async Task<T> ReadAsync<T>(Func<Tx, T> work, CancellationToken cancellation = default)
    {
        await readerSeats.WaitAsync(cancellation);
        Session? session = null;
        var healthy = false;
        try
        {
            session = readers.TryPop(out var idle) ? idle : new Session(Dialect, forWriting: false);
            session.Begin();
            var result = work(Tx.ForReading(session, Dialect));
            healthy = true;
            return result;
        }
        catch (Fault)
        {
            healthy = true; // the work refused; the connection is as good as before
            throw;
        }
        catch (Exception e) when (ReadFailure(e) is { } fault)
        {
            throw fault;
        }
        finally
        {
            Return(session, healthy);
            readerSeats.Release();
        }
    }

    /// <summary>Completes when the work is durable; the work alone is undone when it throws.</summary>
    public Task<T> WriteAsync<T>(Func<Tx, T> work, CancellationToken cancellation = default)
    {
        var pending = new PendingWrite<T>(work, cancellation);
        if (!queue.IsAddingCompleted && queue.TryAdd(pending))
            return pending.Task;
        throw new Fault(FaultKind.Busy, "store.queue_full", "More writes are waiting than the store can take.")
        {
            RetryAfter = TimeSpan.FromSeconds(1),
        };
    }

    public Task WriteAsync(Action<Tx> work, CancellationToken cancellation = default) =>
        WriteAsync(
            tx =>
            {
                work(tx);
                return true;
            },
            cancellation
        );

    public ValueTask DisposeAsync()
    {
        queue.CompleteAdding();
        lane.Dispose();
        while (readers.TryPop(out var session))
            session.Dispose();
        queue.Dispose();
        readerSeats.Dispose();
        return ValueTask.CompletedTask;
    }

    private void Return(Session? session, bool healthy)
    {
        if (session is null)
            return;
        if (healthy)
        {
            session.Transaction!.Rollback();
            session.End();
            readers.Push(session);
        }
        else
        {
            session.Dispose();
        }
    }

    private Fault? ReadFailure(Exception e) =>
        Dialect.Classify(e) switch
        {
            StoreFailure.Corrupt => Fault.Internal(
                "store.corrupt",
                "The database is damaged.",
                "Stop the server and run: slipway doctor"
            ),
            StoreFailure.Contention or StoreFailure.Unreachable or StoreFailure.Full => new Fault(
                FaultKind.Unavailable,
                "store.unreachable",
                "The store cannot be read at the moment."
            )
            {
                RetryAfter = TimeSpan.FromSeconds(5),
            },
            _ => null,
        };
}
