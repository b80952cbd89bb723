using Slipway.Foundation.Sql;

namespace Slipway.Foundation.Events;

/// <summary>Where an event stands in the order of commits.</summary>
internal readonly record struct EventKey(long Stamp, long Number) : IComparable<EventKey>
{
    public static EventKey BeforeAll { get; } = new(-1, -1);

    public int CompareTo(EventKey other) =>
        Stamp != other.Stamp ? Stamp.CompareTo(other.Stamp) : Number.CompareTo(other.Number);
}

/// <summary>A row of the record as it is hashed.</summary>
internal sealed record EventRow(EventKey Key, long TimeMs, IReadOnlyList<string> Texts);

/// <summary>The link that a sealed row got.</summary>
internal sealed record Seal(long Position, EventKey Key, byte[] Hash);

/// <summary>The tables of the chain.</summary>
internal static class ChainStore
{
    /// <summary>Gives the chain its beginning; does nothing where it has one.</summary>
    public static void Seed(Tx tx) =>
        tx.Execute(
            "insert into foundation_event_chain (id, position, stamp, number, hash) values (1, 0, -1, -1, @hash) on conflict (id) do nothing",
            ("hash", EventChain.Beginning)
        );

    public static Seal? Head(Tx tx) =>
        tx.One("select position, stamp, number, hash from foundation_event_chain where id = 1", ReadSeal);

    /// <summary>The head, held for this transaction; null while another server holds it.</summary>
    public static Seal? ClaimHead(Tx tx) =>
        tx.One(
            $"select position, stamp, number, hash from foundation_event_chain where id = 1 {tx.Dialect.Locks.Claim}",
            ReadSeal
        );

    public static void MoveHead(Tx tx, Seal head) =>
        tx.Execute(
            "update foundation_event_chain set position = @position, stamp = @stamp, number = @number, hash = @hash where id = 1",
            ("position", head.Position),
            ("stamp", head.Key.Stamp),
            ("number", head.Key.Number),
            ("hash", head.Hash)
        );

    public static void Add(Tx tx, Seal seal) =>
        tx.Execute(
            "insert into foundation_event_seals (position, stamp, number, hash) values (@position, @stamp, @number, @hash)",
            ("position", seal.Position),
            ("stamp", seal.Key.Stamp),
            ("number", seal.Key.Number),
            ("hash", seal.Hash)
        );

    public static List<Seal> Seals(Tx tx, long afterPosition, int limit) =>
        tx.Many(
            "select position, stamp, number, hash from foundation_event_seals where position > @position order by position limit @limit",
            ReadSeal,
            ("position", afterPosition),
            ("limit", limit)
        );

    public static byte[]? HashAt(Tx tx, long position) =>
        tx.One(
            "select hash from foundation_event_seals where position = @position",
            r => r.Bytes(0),
            ("position", position)
        );

    /// <summary>The rows after one key, up to and with another, in order.</summary>
    public static List<EventRow> Rows(Tx tx, EventKey after, EventKey last, int limit) =>
        tx.Many(
            "select stamp, number, time_ms, kind, subject_kind, subject_id, workspace, actor, address, payload from foundation_events "
                + "where (stamp, number) > (@after_stamp, @after_number) and (stamp, number) <= (@last_stamp, @last_number) "
                + "order by stamp, number limit @limit",
            r => new EventRow(
                new EventKey(r.Long(0), r.Long(1)),
                r.Long(2),
                [r.Text(3), r.Text(4), r.Text(5), r.Text(6), r.Text(7), r.Text(8), r.Text(9)]
            ),
            ("after_stamp", after.Stamp),
            ("after_number", after.Number),
            ("last_stamp", last.Stamp),
            ("last_number", last.Number),
            ("limit", limit)
        );

    public static long CountAfter(Tx tx, EventKey key) =>
        tx.One(
            "select count(*) from foundation_events where (stamp, number) > (@stamp, @number)",
            r => r.Long(0),
            ("stamp", key.Stamp),
            ("number", key.Number)
        );

    private static Seal ReadSeal(Row r) => new(r.Long(0), new EventKey(r.Long(1), r.Long(2)), r.Bytes(3));
}
