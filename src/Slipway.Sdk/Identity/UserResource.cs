using System.Text.Json.Serialization;

namespace Slipway.Sdk.Identity;

/// <summary>A person or a program that signs in.</summary>
public sealed record UserResource
{
    /// <summary>The number that the server gave it.</summary>
    public required long Id { get; init; }

    /// <summary>Its name, which nobody else has.</summary>
    public required string Name { get; init; }

    /// <summary>Whether it may do everything, in every workspace.</summary>
    public bool IsAdmin { get; init; }

    /// <summary>When it was added, in milliseconds since 1970, UTC.</summary>
    public long CreatedMs { get; init; }
}

/// <summary>What is said of a user to be added.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record UserCreate
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>Its password, of twelve characters at least.</summary>
    public required string Password { get; init; }

    /// <summary>What it may do in the workspace of the call.</summary>
    public AccessLevel Level { get; set; } = AccessLevel.Use;

    /// <summary>Whether it may do everything, in every workspace.</summary>
    public bool IsAdmin { get; init; }
}

/// <summary>What changes of a user; null stays as it is.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record UserChange
{
    /// <summary>Its new password.</summary>
    public string? Password { get; init; }

    /// <summary>Whether it may do everything, in every workspace.</summary>
    public bool? IsAdmin { get; init; }
}
