using System.Diagnostics;
using Slipway.Sdk;

namespace Slipway.Foundation.Sql;

/// <summary>
/// Group commit: a thread with one connection that takes all work waiting, runs it in one transaction, makes it durable
/// with one sync and then answers everybody. What arrives during the sync forms the next group. One refusal does not
/// touch its neighbours: the group is then run again with each piece in a savepoint of its own, which most groups never
/// need. No piece holds the others up: one that meets a lock is put off and comes back later, and when the store is
/// away whatever waits is refused with it.
/// </summary>
internal sealed class WriteLane : IDisposable
{
    private const int GroupLimit = 256;
    private const int DelayLimit = 8;

    private static readonly TimeSpan OutcomePatience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan OutcomePause = TimeSpan.FromMilliseconds(200);

    private readonly Dialect dialect;
    private readonly WriteQueue queue;
    private readonly StoreMeter meter;
    private readonly Action<StoreFailure, Exception> onFailure;
    private readonly Thread thread;
    private Session? session;
    private Exception? lost;

    public WriteLane(Dialect dialect, WriteQueue queue, StoreMeter meter, Action<StoreFailure, Exception> onFailure)
    {
        this.dialect = dialect;
        this.queue = queue;
        this.meter = meter;
        this.onFailure = onFailure;
        session = Session.Open(dialect, forWriting: true);
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
        while (queue.Take(group, GroupLimit))
        {
            group.RemoveAll(WasCancelled);
            if (group.Count > 0)
                Write(group);
            group.Clear();
        }
    }

    private static bool WasCancelled(PendingWrite item)
    {
        if (!item.IsCancelled)
            return false;
        item.Fail(new OperationCanceledException());
        return true;
    }

    private void Write(List<PendingWrite> group)
    {
        var startedAt = Stopwatch.GetTimestamp();
        var failure = lost ?? Attempt(group);
        if (failure is null)
        {
            meter.Written(group.Count, startedAt);
            foreach (var item in group)
                item.Acknowledge();
            return;
        }
        var kind = dialect.Classify(failure);
        if (kind is not (StoreFailure.Contention or StoreFailure.None or StoreFailure.Duplicate))
            Refuse(group, kind, failure);
        else if (group.Count > 1)
            // One of them met a lock or broke the transaction; alone, each shows whether it was that one.
            foreach (var item in group)
                Write([item]);
        else if (kind == StoreFailure.Contention)
            PutOff(group[0]);
        else
            group[0].Fail(failure);
    }

    private void Refuse(List<PendingWrite> group, StoreFailure kind, Exception failure)
    {
        // After a failed sync nobody knows what the disk holds: nothing is written any more.
        if (kind == StoreFailure.NotDurable)
            lost = failure;
        meter.Failed(kind);
        onFailure(kind, failure);
        var explained = StoreFaults.Explain(dialect, failure);
        foreach (var item in group)
            item.Fail(explained);
        if (kind is not (StoreFailure.Unreachable or StoreFailure.NotDurable))
            return;
        // Each would only wait for the same answer, and their callers with them.
        foreach (var item in queue.TakeAll())
            item.Fail(explained);
    }

    private void PutOff(PendingWrite item)
    {
        if (item.Delays++ == DelayLimit)
        {
            item.Fail(StoreFaults.Busy());
            return;
        }
        var wait = TimeSpan.FromMilliseconds(Random.Shared.Next(5, 5 << item.Delays));
        _ = Task.Delay(wait).ContinueWith(_ => ComeBack(item), TaskScheduler.Default);
    }

    private void ComeBack(PendingWrite item)
    {
        try
        {
            queue.Add(item);
        }
        catch (Fault refusal)
        {
            item.Fail(refusal);
        }
    }

    /// <summary>
    /// Runs the group in one transaction, a second time when one of it refuses or meets a key that is taken, or when the
    /// connection turns out to have gone away since it was last used. Null when the group is durable; otherwise what kept it from that.
    /// </summary>
    private Exception? Attempt(List<PendingWrite> group)
    {
        var inSavepoints = false;
        while (true)
        {
            var isFresh = session is null;
            long? committing = null;
            try
            {
                session ??= Session.Open(dialect, forWriting: true);
                session.Begin();
                var stamp = Convert.ToInt64(session.Command(dialect.Stamps.Next, []).ExecuteScalar(), null);
                foreach (var item in group)
                {
                    if (inSavepoints)
                        RunInSavepoint(item, stamp);
                    else
                        item.Run(Tx.ForWriting(session, dialect, stamp));
                }
                if (group.TrueForAll(item => item.IsRefused))
                {
                    session.End();
                    return null;
                }
                committing = stamp;
                session.Transaction!.Commit();
                session.End();
                dialect.Stamps.Remember?.Invoke(stamp);
                return null;
            }
            catch (Exception e)
            {
                Abandon(e);
                var kind = dialect.Classify(e);
                if (!inSavepoints && (kind == StoreFailure.Duplicate || (kind == StoreFailure.None && group.Count > 1)))
                {
                    inSavepoints = true;
                    continue;
                }
                if (kind != StoreFailure.Unreachable)
                    return e;
                if (committing is { } stamp && WasCommitted(stamp) is var outcome && outcome != false)
                    return outcome == true ? null : StoreFaults.OutcomeUnknown();
                if (isFresh)
                    return e;
            }
        }
    }

    /// <summary>
    /// Whoever meets a key that another server took while this one looked for it looks once more: the other's row is
    /// committed by then, and the work answers for it in its own words.
    /// </summary>
    private void RunInSavepoint(PendingWrite item, long stamp)
    {
        session!.Command("savepoint item", []).ExecuteNonQuery();
        for (var isSecond = false; ; isSecond = true)
        {
            try
            {
                item.Run(Tx.ForWriting(session, dialect, stamp));
                session.Command("release savepoint item", []).ExecuteNonQuery();
                return;
            }
            catch (Exception e) when (dialect.Classify(e) is StoreFailure.None or StoreFailure.Duplicate)
            {
                session.Command("rollback to savepoint item", []).ExecuteNonQuery();
                if (isSecond || dialect.Classify(e) == StoreFailure.None)
                {
                    item.Refuse(e);
                    return;
                }
            }
        }
    }

    /// <summary>Asks the store, once it is back, what became of a commit that it did not answer; null when that stays open.</summary>
    private bool? WasCommitted(long stamp)
    {
        var giveUp = Environment.TickCount64 + (long)OutcomePatience.TotalMilliseconds;
        while (Environment.TickCount64 < giveUp)
        {
            try
            {
                session ??= Session.Open(dialect, forWriting: true);
                var answer = session.Command(dialect.Stamps.Outcome, [("stamp", stamp)]).ExecuteScalar();
                if (answer is not (null or DBNull))
                    return Convert.ToInt64(answer, null) == 1;
            }
            catch (Exception e)
            {
                Abandon(e);
            }
            Thread.Sleep(OutcomePause);
        }
        return null;
    }

    private void Abandon(Exception failure)
    {
        try
        {
            session?.Transaction?.Rollback();
            session?.End();
            if (dialect.Classify(failure) is not (StoreFailure.Unreachable or StoreFailure.ReadOnly))
                return;
        }
        catch (Exception)
        {
            // The connection is beyond use; the next group opens another.
        }
        session?.Dispose();
        session = null;
    }
}
