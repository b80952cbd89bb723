using System.Runtime.InteropServices;
using System.Threading.Channels;

namespace Slipway.Tracking.Storage;

/// <summary>Whose points have been logged so often since their log was last folded that it is worth folding again.</summary>
internal sealed class FoldingQueue
{
    // A reader goes through the whole log of an owner, and folding holds the writer up for as long as it takes: both stay
    // in the low milliseconds.
    public const int EntryLimit = 256;
    private const int PointLimit = 16_384;

    private readonly Lock gate = new();
    private readonly Dictionary<long, (int Entries, int Points)> waiting = [];
    private readonly Channel<long> due = Channel.CreateUnbounded<long>(
        new UnboundedChannelOptions { SingleReader = true }
    );

    public ChannelReader<long> Due => due.Reader;

    public void Logged(long owner, int points)
    {
        lock (gate)
        {
            ref var counts = ref CollectionsMarshal.GetValueRefOrAddDefault(waiting, owner, out _);
            counts = (counts.Entries + 1, counts.Points + points);
            if (counts.Entries < EntryLimit && counts.Points < PointLimit)
                return;
            waiting.Remove(owner);
        }
        due.Writer.TryWrite(owner);
    }

    public void FoldNow(long owner) => due.Writer.TryWrite(owner);
}
