using Slipway.Foundation.Sql;

namespace Slipway.Foundation.Events;

/// <summary>What a look at the whole record found; the anchor is the last link that is as it should be.</summary>
public sealed record ChainReport(long SealedCount, long UnsealedCount, ChainAnchor Anchor, ChainBreak? Break);

/// <summary>The first place at which the record is not what was sealed.</summary>
public sealed record ChainBreak(long Position, string Reason);

/// <summary>
/// Goes through the record from its beginning and lays the chain anew beside the one that is stored. A row that was
/// changed, removed, added or moved shows as the first difference; a missing end shows against the head of the chain and,
/// if that was cut back as well, against anchors kept elsewhere.
/// </summary>
public static class ChainVerifier
{
    private const int PageLimit = 1000;

    /// <summary>Looks at all of it in one snapshot; the anchors must be part of it.</summary>
    public static ChainReport Verify(Tx tx, IReadOnlyCollection<ChainAnchor> anchors, IProgress<long>? progress = null)
    {
        var reached = new Seal(0, EventKey.BeforeAll, EventChain.Beginning);
        if (ChainStore.Head(tx) is not { } head)
            return new ChainReport(0, 0, Anchor(reached), new ChainBreak(1, "the head of the chain is missing"));
        ChainBreak? found = null;
        while (found is null && reached.Position < head.Position)
        {
            found = VerifyPage(tx, head, ref reached);
            progress?.Report(reached.Position);
        }
        found ??= VerifyEnd(tx, head, reached);
        foreach (var anchor in anchors.OrderBy(anchor => anchor.Position))
        {
            if (anchor.Position < (found?.Position ?? long.MaxValue))
                found = VerifyAnchor(tx, anchor) ?? found;
        }
        return new ChainReport(reached.Position, ChainStore.CountAfter(tx, head.Key), Anchor(reached), found);
    }

    /// <summary>The link to write down elsewhere; null before the first event.</summary>
    public static ChainAnchor? HeadAnchor(Tx tx) => ChainStore.Head(tx) is { Position: > 0 } head ? Anchor(head) : null;

    private static ChainBreak? VerifyPage(Tx tx, Seal head, ref Seal reached)
    {
        var count = (int)Math.Min(PageLimit, head.Position - reached.Position);
        var seals = ChainStore.Seals(tx, reached.Position, count);
        var rows = ChainStore.Rows(tx, reached.Key, head.Key, count);
        for (var i = 0; i < count; i++)
        {
            var position = reached.Position + 1;
            if (i >= seals.Count || seals[i].Position != position)
                return new ChainBreak(position, "the link of this event is missing");
            var order = i < rows.Count ? rows[i].Key.CompareTo(seals[i].Key) : 1;
            if (order != 0)
                return new ChainBreak(
                    position,
                    order > 0 ? "this event is missing" : "an event was added before this one"
                );
            var link = EventChain.Link(reached, rows[i]);
            if (!link.Hash.AsSpan().SequenceEqual(seals[i].Hash))
                return new ChainBreak(position, "this event or its link was changed");
            reached = link;
        }
        return null;
    }

    private static ChainBreak? VerifyEnd(Tx tx, Seal head, Seal reached)
    {
        if (head.Key != reached.Key || !head.Hash.AsSpan().SequenceEqual(reached.Hash))
            return new ChainBreak(Math.Max(1, reached.Position), "the head of the chain was changed");
        return ChainStore.Seals(tx, reached.Position, 1).Count > 0
            ? new ChainBreak(reached.Position + 1, "there are links behind the head of the chain")
            : null;
    }

    private static ChainBreak? VerifyAnchor(Tx tx, ChainAnchor anchor) =>
        ChainStore.HashAt(tx, anchor.Position) is not { } hash
            ? new ChainBreak(anchor.Position, "an anchor was taken here, but the record ends before it")
        : Convert.ToHexStringLower(hash) != anchor.Hash
            ? new ChainBreak(anchor.Position, "the record differs from an anchor that was taken here")
        : null;

    private static ChainAnchor Anchor(Seal seal) => new(seal.Position, Convert.ToHexStringLower(seal.Hash));
}
