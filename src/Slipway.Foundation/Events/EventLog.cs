using Slipway.Foundation.Sql;

namespace Slipway.Foundation.Events;

/// <summary>
/// The append-only record of everything that happened. Appending is one insert and nothing else: positions and the hash
/// chain come a moment later from <see cref="ChainSealer"/>, so that the record never makes writers wait for each other.
/// </summary>
public sealed class EventLog(TimeProvider clock)
{
    // Orders events within a transaction; between transactions the stamp does, so it may start anew with the process.
    private static long appended;

    /// <summary>Makes the event part of the transaction: both become durable, or neither.</summary>
    public void Append(Tx tx, Event happened) =>
        tx.Execute(
            "insert into foundation_events (stamp, number, time_ms, kind, subject_kind, subject_id, workspace, actor, address, payload) "
                + "values (@stamp, @number, @time_ms, @kind, @subject_kind, @subject_id, @workspace, @actor, @address, @payload)",
            ("stamp", tx.Stamp),
            ("number", Interlocked.Increment(ref appended)),
            ("time_ms", clock.GetUtcNow().ToUnixTimeMilliseconds()),
            ("kind", happened.Kind),
            ("subject_kind", happened.SubjectKind),
            ("subject_id", happened.SubjectId),
            ("workspace", happened.Workspace),
            ("actor", happened.Actor),
            ("address", happened.Address),
            ("payload", happened.Payload)
        );

    /// <summary>The events after a position, in order; those of the last moment are not sealed yet and so not among them.</summary>
    public static List<SealedEvent> After(Tx tx, long position, int limit) =>
        tx.Many(
            "select s.position, e.time_ms, e.kind, e.subject_kind, e.subject_id, e.workspace, e.actor, e.address, e.payload "
                + "from foundation_event_seals s join foundation_events e on e.stamp = s.stamp and e.number = s.number "
                + "where s.position > @position order by s.position limit @limit",
            r => new SealedEvent(
                r.Long(0),
                r.Long(1),
                new Event(r.Text(2), r.Text(3), r.Text(4))
                {
                    Workspace = r.Text(5),
                    Actor = r.Text(6),
                    Address = r.Text(7),
                    Payload = r.Text(8),
                }
            ),
            ("position", position),
            ("limit", limit)
        );

    /// <summary>Events before a position that fit, the newest first, each with its link.</summary>
    public static List<ChainedEvent> Before(Tx tx, EventQuery query) =>
        tx.Many(
            "select s.position, e.time_ms, e.kind, e.subject_kind, e.subject_id, e.workspace, e.actor, e.address, e.payload, s.hash "
                + "from foundation_event_seals s join foundation_events e on e.stamp = s.stamp and e.number = s.number "
                + "where s.position < @before and (@workspace = '' or e.workspace = @workspace) "
                + "and (@actor = '' or e.actor = @actor) and (@subject = '' or e.subject_id = @subject) "
                + "and (@kind = '' or e.kind = @kind or e.subject_kind = @kind) order by s.position desc limit @limit",
            r => new ChainedEvent(
                new SealedEvent(
                    r.Long(0),
                    r.Long(1),
                    new Event(r.Text(2), r.Text(3), r.Text(4))
                    {
                        Workspace = r.Text(5),
                        Actor = r.Text(6),
                        Address = r.Text(7),
                        Payload = r.Text(8),
                    }
                ),
                Convert.ToHexStringLower(r.Bytes(9))
            ),
            ("before", query.Before),
            ("workspace", query.Workspace),
            ("actor", query.Actor),
            ("subject", query.Subject),
            ("kind", query.Kind),
            ("limit", query.Limit)
        );
}
