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

/// <summary>A sealed event with the link that holds it and all before it.</summary>
public sealed record ChainedEvent(SealedEvent Sealed, string Hash);

/// <summary>Which events are asked for; an empty text asks for all.</summary>
public sealed record EventQuery
{
    public long Before { get; init; } = long.MaxValue;

    public string Workspace { get; init; } = "";

    public string Actor { get; init; } = "";

    /// <summary>The id of the thing that it happened to.</summary>
    public string Subject { get; init; } = "";

    /// <summary>What happened (run.finished), or to what kind of thing (run).</summary>
    public string Kind { get; init; } = "";

    public int Limit { get; init; } = 100;
}
