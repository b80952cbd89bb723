using System.Runtime.InteropServices;
using System.Threading.Channels;

namespace Slipway.Tracking.Storage;

/// <summary>Which runs have logged so much since their log was last folded that it is worth folding again.</summary>
internal sealed class FoldingQueue
{
    // A reader goes through the whole log of a run, and folding holds the writer up for as long as it takes: both stay
    // in the low milliseconds.
    public const int EntryLimit = 256;
    private const int PointLimit = 16_384;

    private readonly Lock gate = new();
    private readonly Dictionary<long, (int Entries, int Points)> waiting = [];
    private readonly Channel<long> due = Channel.CreateUnbounded<long>(
        new UnboundedChannelOptions { SingleReader = true }
    );

    public ChannelReader<long> Due => due.Reader;

    public void Logged(long runNumber, int points)
    {
        lock (gate)
        {
            ref var counts = ref CollectionsMarshal.GetValueRefOrAddDefault(waiting, runNumber, out _);
            counts = (counts.Entries + 1, counts.Points + points);
            if (counts.Entries < EntryLimit && counts.Points < PointLimit)
                return;
            waiting.Remove(runNumber);
        }
        due.Writer.TryWrite(runNumber);
    }

    public void FoldNow(long runNumber) => due.Writer.TryWrite(runNumber);
}
