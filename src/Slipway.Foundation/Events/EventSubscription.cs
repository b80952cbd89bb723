using Slipway.Foundation.Sql;

namespace Slipway.Foundation.Events;

/// <summary>
/// How an upper floor hears what lower floors state. Each event is heard in the order of positions, in a transaction
/// that also moves the listener's place: what the listener writes happens once per event, however often the server
/// dies. Effects beyond the database are put into the job queue in the same transaction. A listener that throws hears
/// the same event again later, and nothing after it until it succeeds.
/// </summary>
public sealed record EventSubscription(string Name, Action<Tx, SealedEvent> Hear);
