using System.Text.Json;
using System.Text.Json.Serialization;

namespace Slipway.Sdk.Governance;

/// <summary>What somebody wrote of a version.</summary>
public sealed record CardResource
{
    /// <summary>Counted from 1 within the version.</summary>
    public required int Number { get; init; }

    /// <summary><c>draft</c>, <c>pending_review</c>, <c>approved</c> or <c>archived</c>.</summary>
    public required string Status { get; init; }

    /// <summary>The fields as they were written.</summary>
    public required IReadOnlyDictionary<string, JsonElement> Fields { get; init; }

    /// <summary>Who wrote them.</summary>
    public required string Actor { get; init; }

    /// <summary>When, in milliseconds since 1970, UTC.</summary>
    public required long WrittenMs { get; init; }
}

/// <summary>How far a card has come.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record CardChange
{
    /// <summary><c>draft</c>, <c>pending_review</c>, <c>approved</c> or <c>archived</c>.</summary>
    public required string Status { get; init; }
}
