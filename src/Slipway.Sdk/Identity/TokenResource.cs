using System.Text.Json.Serialization;

namespace Slipway.Sdk.Identity;

/// <summary>A long random text that signs its user in without the password.</summary>
public sealed record TokenResource
{
    /// <summary>Its id, by which it is revoked.</summary>
    public required string Id { get; init; }

    /// <summary>Whom it signs in.</summary>
    public required string User { get; init; }

    /// <summary>What it is for.</summary>
    public required string Name { get; init; }

    /// <summary>The workspace that calls with it work in.</summary>
    public required string Workspace { get; init; }

    /// <summary>Its first characters.</summary>
    public required string Hint { get; init; }

    /// <summary>When it was made, in milliseconds since 1970, UTC.</summary>
    public long CreatedMs { get; init; }

    /// <summary>From when on it is refused, in milliseconds since 1970, UTC; null for one without end.</summary>
    public long? ExpiresMs { get; init; }
}

/// <summary>What is said of a token to be made.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record TokenCreate
{
    /// <summary>What it is for.</summary>
    public required string Name { get; init; }

    /// <summary>Whom it signs in; null for whoever makes it.</summary>
    public string? User { get; init; }

    /// <summary>How long it lives, in seconds; null for a token without end.</summary>
    public long? ExpiresInS { get; init; }
}

/// <summary>A token just made.</summary>
public sealed record NewToken
{
    /// <summary>What is kept of it.</summary>
    public required TokenResource Token { get; init; }

    /// <summary>The token itself. It is told this once.</summary>
    public required string Secret { get; init; }
}
