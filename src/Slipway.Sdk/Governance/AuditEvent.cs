namespace Slipway.Sdk.Governance;

/// <summary>Something that happened, in its place in the record.</summary>
public sealed record AuditEvent
{
    /// <summary>Its place: places are dense, and follow the order in which things happened.</summary>
    public required long Position { get; init; }

    /// <summary>When, in milliseconds since 1970, UTC.</summary>
    public required long TimeMs { get; init; }

    /// <summary>What happened, such as <c>run.finished</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>To what kind of thing.</summary>
    public required string SubjectKind { get; init; }

    /// <summary>To which one.</summary>
    public required string SubjectId { get; init; }

    /// <summary>In which workspace; empty for the server itself.</summary>
    public required string Workspace { get; init; }

    /// <summary>Who did it; empty for what the server does by itself.</summary>
    public required string Actor { get; init; }

    /// <summary>From which address; empty inside the server.</summary>
    public required string Address { get; init; }

    /// <summary>What else there is to say of it: a JSON document, as it was sealed.</summary>
    public required string Payload { get; init; }

    /// <summary>The link that seals it and everything before it: SHA-256 in hexadecimal digits.</summary>
    public required string Hash { get; init; }
}

/// <summary>What going through the whole record brought to light.</summary>
public sealed record AuditReport
{
    /// <summary>Whether every event is as it was written.</summary>
    public required bool Ok { get; init; }

    /// <summary>How many events were found to be as they were written.</summary>
    public required long Sealed { get; init; }

    /// <summary>How many are too new to be sealed.</summary>
    public required long Unsealed { get; init; }

    /// <summary>The last link that is as it should be, to be kept elsewhere.</summary>
    public required string Anchor { get; init; }

    /// <summary>The first place that is not as it was written; null where there is none.</summary>
    public long? BrokenAt { get; init; }

    /// <summary>What is wrong there; null where nothing is.</summary>
    public string? Reason { get; init; }
}
