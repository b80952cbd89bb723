using System.Globalization;
using System.Threading.Channels;

namespace Slipway.Sdk.Tracking.Outgoing;

/// <summary>
/// Takes what a training says about its run and gets it to the server without holding the training up. Saying is a write
/// into a queue in memory; a collector makes parcels of what is in the queue; a sender brings them to the server in
/// order. While the server is away the collector's parcels go to disk, and the sender tries until it is back.
/// </summary>
internal sealed class RunWriter : IAsyncDisposable
{
    /// <summary>Tags under which a run shows what it lost.</summary>
    public const string DroppedTag = "slipway.dropped_points";

    public const string RejectedTag = "slipway.rejected_entries";

    private const int WakeAt = 1000;
    private static readonly TimeSpan Stall = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(2);

    private readonly Channel<Saying> said;
    private readonly SemaphoreSlim wake = new(0);
    private readonly Outbox outbox;
    private readonly Courier courier;
    private readonly RunLogging logging;
    private readonly CancellationTokenSource closed = new();
    private readonly Task collecting;
    private readonly Task sending;
    private int waiting;
    private volatile bool stalled;
    private string reported = "0 0";

    public RunWriter(Connection connection, RunLogging logging, string runId)
    {
        this.logging = logging;
        said = Channel.CreateBounded<Saying>(
            new BoundedChannelOptions(logging.QueueLength)
            {
                SingleReader = true,
                FullMode = BoundedChannelFullMode.Wait,
            }
        );
        outbox = new Outbox(
            () => Spool.TryOpen(logging.SpoolFolder, runId, connection.Address),
            logging.SpoolLimitBytes
        );
        courier = new Courier(connection, runId);
        collecting = Task.Run(CollectAsync);
        sending = Task.Run(SendAsync);
    }

    public long DroppedPoints => outbox.DroppedPoints;

    public long Rejected => courier.Rejected;

    public long Unsent => outbox.Count;

    /// <summary>What kept the last parcel from being stored, or was lost of it; null while all is well.</summary>
    public Fault? LastFault { get; private set; }

    public void Say(Saying saying)
    {
        if (!said.Writer.TryWrite(saying) && !WaitAndWrite(saying))
        {
            outbox.Drop(1);
            return;
        }
        if (Interlocked.Increment(ref waiting) == WakeAt)
            wake.Release();
    }

    /// <summary>Completes when all that was said so far is stored.</summary>
    public async Task FlushAsync(CancellationToken cancellation)
    {
        var marker = new TaskCompletionSource<Task>(TaskCreationOptions.RunContinuationsAsynchronously);
        await said.Writer.WriteAsync(new Saying { Flush = marker }, cancellation);
        Interlocked.Increment(ref waiting);
        wake.Release();
        var stored = await marker.Task.WaitAsync(cancellation);
        await stored.WaitAsync(cancellation);
    }

    /// <summary>Waits a while for the server to take the rest; what it does not take stays on disk.</summary>
    public async ValueTask DisposeAsync()
    {
        said.Writer.TryComplete();
        wake.Release();
        await collecting;
        try
        {
            await outbox.WhenDoneAsync().WaitAsync(logging.ClosePatience);
            await ReportLossesAsync(closed.Token).WaitAsync(logging.ClosePatience);
        }
        catch (TimeoutException)
        {
            if (Losses() is { } tags && Text(tags) != reported)
                outbox.Add(new Parcel { Log = new RunLog { Tags = tags } });
        }
        await closed.CancelAsync();
        await sending;
        outbox.Spill();
        outbox.Dispose();
        closed.Dispose();
    }

    /// <summary>Only a disk that hangs fills the queue; then the training waits once, and from then on loses values.</summary>
    private bool WaitAndWrite(Saying saying)
    {
        if (stalled || said.Reader.Completion.IsCompleted)
            return false;
        stalled = !SpinWait.SpinUntil(() => said.Writer.TryWrite(saying), Stall);
        return !stalled;
    }

    private async Task CollectAsync()
    {
        var batch = new BatchBuilder(outbox.Add);
        while (await said.Reader.WaitToReadAsync())
        {
            await wake.WaitAsync(logging.FlushInterval);
            while (said.Reader.TryRead(out var saying))
            {
                Interlocked.Decrement(ref waiting);
                if (saying.Flush is { } flush)
                {
                    batch.Cut();
                    flush.SetResult(outbox.WhenDoneAsync());
                }
                else
                {
                    batch.Add(saying);
                }
            }
            stalled = false;
            batch.Cut();
        }
    }

    private async Task SendAsync()
    {
        for (var failed = 0; !closed.IsCancellationRequested; )
        {
            try
            {
                await courier.BringAsync(await outbox.NextAsync(closed.Token), closed.Token);
                outbox.Done();
                failed = 0;
                LastFault = courier.LastRefusal;
                if (outbox.Count == 0)
                    await ReportLossesAsync(closed.Token);
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (Exception e)
            {
                LastFault =
                    e as Fault
                    ?? new Fault(FaultKind.Unavailable, "client.spool", $"The spool cannot be read: {e.Message}");
                // One failure may be a hiccup; after the second the server counts as away.
                if (++failed == 2)
                    outbox.Spill();
                await WaitAsync(LastFault, failed);
            }
        }
    }

    private async Task WaitAsync(Fault fault, int failed)
    {
        var wait = Connection.WaitAfter(fault, failed);
        await Task.Delay(wait < LongestWait ? wait : LongestWait, closed.Token)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>Says in the run itself what it lost, so that nobody takes a gap for a fact.</summary>
    private async Task ReportLossesAsync(CancellationToken cancellation)
    {
        if (Losses() is not { } tags || Text(tags) == reported)
            return;
        try
        {
            await courier.BringAsync(new Parcel { Log = new RunLog { Tags = tags } }, cancellation);
            reported = Text(tags);
        }
        catch (Fault fault)
        {
            LastFault = fault;
        }
    }

    private Dictionary<string, string>? Losses()
    {
        if (DroppedPoints == 0 && Rejected == 0)
            return null;
        var tags = new Dictionary<string, string>();
        if (DroppedPoints > 0)
            tags[DroppedTag] = DroppedPoints.ToString(CultureInfo.InvariantCulture);
        if (Rejected > 0)
            tags[RejectedTag] = Rejected.ToString(CultureInfo.InvariantCulture);
        return tags;
    }

    private static string Text(Dictionary<string, string> tags) =>
        $"{tags.GetValueOrDefault(DroppedTag, "0")} {tags.GetValueOrDefault(RejectedTag, "0")}";
}
