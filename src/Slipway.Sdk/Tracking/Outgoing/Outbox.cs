namespace Slipway.Sdk.Tracking.Outgoing;

/// <summary>
/// The parcels of one run in the order they were made: a few in memory, and behind them, once the server is away or
/// slow, those on disk. A parcel stays first until it is done.
/// </summary>
internal sealed class Outbox(Func<Spool?> openSpool, long spoolLimit) : IDisposable
{
    private const int MemoryLimit = 32;

    private readonly Lock gate = new();
    private readonly Queue<Parcel> memory = new();
    private readonly SemaphoreSlim added = new(0, 1);
    private readonly List<(long Parcel, TaskCompletionSource Done)> waiting = [];
    private Spool? spool;
    private long addedCount;
    private long doneCount;

    /// <summary>Values of metrics that neither memory nor disk had room for.</summary>
    public long DroppedPoints { get; private set; }

    /// <summary>Why the disk cannot be used, if it cannot.</summary>
    public string? SpoolFailure { get; private set; }

    public long Count
    {
        get
        {
            lock (gate)
                return addedCount - doneCount;
        }
    }

    public void Add(Parcel parcel)
    {
        lock (gate)
        {
            // Once something is on disk, what is newer goes behind it.
            if (spool is null or { IsEmpty: true } && memory.Count < MemoryLimit)
                memory.Enqueue(parcel);
            else if (!AddToDisk(parcel))
                return;
            addedCount++;
            if (added.CurrentCount == 0)
                added.Release();
        }
    }

    /// <summary>The parcel that is first, once there is one. It stays first until <see cref="Done"/>.</summary>
    public async Task<Parcel> NextAsync(CancellationToken cancellation)
    {
        while (true)
        {
            if (First() is { } parcel)
                return parcel;
            await added.WaitAsync(cancellation);
        }
    }

    public void Done()
    {
        lock (gate)
        {
            if (!memory.TryDequeue(out _))
                spool!.Remove();
            doneCount++;
            waiting.RemoveAll(entry =>
            {
                if (entry.Parcel <= doneCount)
                    entry.Done.TrySetResult();
                return entry.Parcel <= doneCount;
            });
        }
    }

    /// <summary>Completes when everything added so far is done.</summary>
    public Task WhenDoneAsync()
    {
        lock (gate)
        {
            if (doneCount >= addedCount)
                return Task.CompletedTask;
            var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            waiting.Add((addedCount, done));
            return done.Task;
        }
    }

    /// <summary>Puts what is in memory on disk, so that it outlives this process.</summary>
    public void Spill()
    {
        lock (gate)
        {
            if (memory.Count == 0 || !TryOnDisk(disk => disk.Prepend(memory)))
                return;
            memory.Clear();
        }
    }

    public void Drop(int points)
    {
        lock (gate)
            DroppedPoints += points;
    }

    public void Dispose()
    {
        lock (gate)
            spool?.Dispose();
        added.Dispose();
    }

    private Parcel? First()
    {
        lock (gate)
            return memory.TryPeek(out var parcel) ? parcel : spool?.Peek();
    }

    /// <summary>Where the disk has no room, values of metrics are lost; everything else is small, said once, and kept.</summary>
    private bool AddToDisk(Parcel parcel)
    {
        if (!(spool?.SizeBytes >= spoolLimit) && TryOnDisk(disk => disk.Append(parcel)))
            return true;
        DroppedPoints += parcel.Log?.Metrics.Count ?? 0;
        var rest = parcel.Log is { } log ? parcel with { Log = log with { Metrics = [] } } : parcel;
        if (rest.Entries > 0 && !TryOnDisk(disk => disk.Append(rest)))
            memory.Enqueue(rest);
        return rest.Entries > 0;
    }

    private bool TryOnDisk(Action<Spool> write)
    {
        try
        {
            spool ??= openSpool();
            if (spool is null)
                SpoolFailure = "another process uses the run's spool";
            else
                write(spool);
            return spool is not null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            SpoolFailure = e.Message;
            return false;
        }
    }
}
