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

    private static readonly TimeSpan SeatPatience = TimeSpan.FromSeconds(5);

    private readonly SemaphoreSlim readerSeats = new(ReaderCount);
    private readonly ConcurrentStack<Session> readers = new();
    private readonly WriteQueue queue = new(QueueLimit);
    private readonly StoreMeter meter;
    private readonly WriteLane lane;

    public Db(Dialect dialect)
    {
        Dialect = dialect;
        meter = new StoreMeter(() => queue.Count);
        try
        {
            lane = new WriteLane(dialect, queue, meter, (failure, e) => OnWriteFailed?.Invoke(failure, e));
        }
        catch (Exception e) when (e is not Fault)
        {
            meter.Dispose();
            throw StoreFaults.CannotOpen(dialect, e);
        }
    }

    public Dialect Dialect { get; }

    /// <summary>Told of every group that the store could not take: the host ends the process when nothing else is honest.</summary>
    public Action<StoreFailure, Exception>? OnWriteFailed { get; set; }

    /// <summary>Reads in one snapshot beside whoever uses the store, for as long as it takes; changes nothing in it.</summary>
    public static T ReadOnce<T>(Dialect dialect, Func<Tx, T> work)
    {
        try
        {
            using var session = Session.Open(dialect, forWriting: false);
            session.Begin();
            session.PatienceSeconds = 0;
            return work(Tx.ForReading(session, dialect));
        }
        catch (Exception e) when (StoreFaults.Explain(dialect, e) is Fault fault && fault != e)
        {
            throw fault;
        }
    }

    /// <summary>Asked before each write that may make the store larger; false while the disk has no room.</summary>
    public Func<bool>? MayGrow { get; set; }

    public async Task<T> ReadAsync<T>(Func<Tx, T> work, CancellationToken cancellation = default)
    {
        if (!await readerSeats.WaitAsync(SeatPatience, cancellation))
            throw StoreFaults.Busy();
        try
        {
            return Read(work);
        }
        catch (Exception e) when (StoreFaults.Explain(Dialect, e) is Fault fault && fault != e)
        {
            throw fault;
        }
        finally
        {
            readerSeats.Release();
        }
    }

    /// <summary>Completes when the work is durable; the work alone is undone when it throws.</summary>
    public Task<T> WriteAsync<T>(Func<Tx, T> work, CancellationToken cancellation = default) =>
        MayGrow?.Invoke() == false ? Task.FromException<T>(StoreFaults.Full()) : ReclaimAsync(work, cancellation);

    /// <summary>Like a write, for work that only takes things away: it is done also when the disk is full.</summary>
    public Task<T> ReclaimAsync<T>(Func<Tx, T> work, CancellationToken cancellation = default)
    {
        var pending = new PendingWrite<T>(work, cancellation);
        queue.Add(pending);
        return pending.Task;
    }

    public Task WriteAsync(Action<Tx> work, CancellationToken cancellation = default) =>
        WriteAsync(Returning(work), cancellation);

    public Task ReclaimAsync(Action<Tx> work, CancellationToken cancellation = default) =>
        ReclaimAsync(Returning(work), cancellation);

    private static Func<Tx, bool> Returning(Action<Tx> work) =>
        tx =>
        {
            work(tx);
            return true;
        };

    /// <summary>Copies the database, as it is at one moment, into a file; false where that is done with the database's own tools.</summary>
    public bool TryCopyTo(string file)
    {
        Dialect.Upkeep.CopyTo?.Invoke(file);
        return Dialect.Upkeep.CopyTo is not null;
    }

    /// <summary>Takes no more work, writes what waits, lets the readers finish.</summary>
    public async ValueTask DisposeAsync()
    {
        if (queue.IsClosed)
            return;
        queue.Close();
        await Task.Run(lane.Dispose);
        for (var i = 0; i < ReaderCount; i++)
            await readerSeats.WaitAsync(SeatPatience);
        DropIdleReaders();
        meter.Dispose();
        (Dialect as IDisposable)?.Dispose();
    }

    private T Read<T>(Func<Tx, T> work)
    {
        while (true)
        {
            var wasIdle = readers.TryPop(out var idle);
            var session = idle;
            try
            {
                session ??= Session.Open(Dialect, forWriting: false);
                session.Begin();
                var result = work(Tx.ForReading(session, Dialect));
                Return(session);
                return result;
            }
            catch (Exception e)
            {
                if (Dialect.Classify(e) != StoreFailure.Unreachable)
                {
                    Return(session);
                    throw;
                }
                session?.Dispose();
                if (!wasIdle)
                    throw;
                // The connections have gone away since they were last used; a new one shows whether the store has.
                DropIdleReaders();
            }
        }
    }

    private void Return(Session? session)
    {
        if (session is null)
            return;
        try
        {
            session.End();
            readers.Push(session);
        }
        catch (Exception)
        {
            session.Dispose();
        }
    }

    private void DropIdleReaders()
    {
        while (readers.TryPop(out var session))
            session.Dispose();
    }
}
