namespace Slipway.Foundation.Sql;

/// <summary>
/// The work that waits for the write lane: anybody adds, and the lane takes all there is at once. It sleeps without
/// spinning, because between two groups it would spend on that what several small writes cost.
/// </summary>
internal sealed class WriteQueue(int limit)
{
    private readonly Queue<PendingWrite> waiting = new();
    private bool isClosed;

    public bool IsClosed
    {
        get
        {
            lock (waiting)
                return isClosed;
        }
    }

    public int Count
    {
        get
        {
            lock (waiting)
                return waiting.Count;
        }
    }

    public void Add(PendingWrite item)
    {
        lock (waiting)
        {
            if (isClosed)
                throw StoreFaults.Closing();
            if (waiting.Count == limit)
                throw StoreFaults.QueueFull();
            waiting.Enqueue(item);
            // With work in the queue the lane is awake, or about to be.
            if (waiting.Count == 1)
                Monitor.Pulse(waiting);
        }
    }

    /// <summary>Takes no more work; what waits is still handed out.</summary>
    public void Close()
    {
        lock (waiting)
        {
            isClosed = true;
            Monitor.Pulse(waiting);
        }
    }

    /// <summary>Moves what waits, up to a limit, into the group as soon as there is any; false once closed and empty.</summary>
    public bool Take(List<PendingWrite> group, int most)
    {
        lock (waiting)
        {
            while (waiting.Count == 0 && !isClosed)
                Monitor.Wait(waiting);
            Move(group, most);
            return group.Count > 0;
        }
    }

    /// <summary>All that waits now.</summary>
    public List<PendingWrite> TakeAll()
    {
        lock (waiting)
        {
            var all = new List<PendingWrite>(waiting.Count);
            Move(all, waiting.Count);
            return all;
        }
    }

    private void Move(List<PendingWrite> target, int most)
    {
        while (target.Count < most && waiting.TryDequeue(out var item))
            target.Add(item);
    }
}
