namespace Slipway.Foundation.Events;

/// <summary>
/// A fact, stated in the transaction that makes it true: what happened (<c>run.finished</c>) to which thing, and who did
/// it from where. The payload is a JSON document with whatever a listener or an auditor needs beyond that.
/// </summary>
public sealed record Event(string Kind, string SubjectKind, string SubjectId)
{
    public string Workspace { get; init; } = "";

    /// <summary>The user; empty for what the server does by itself.</summary>
    public string Actor { get; init; } = "";

    public string Address { get; init; } = "";

    public string Payload { get; init; } = "{}";
}

/// <summary>An event in its final place: positions are dense, and follow the order in which transactions began to write.</summary>
public sealed record SealedEvent(long Position, long TimeMs, Event Event);
