using System.Text.Json.Serialization;

namespace Slipway.Sdk.Identity;

/// <summary>One line of the table that says who may do what.</summary>
public sealed record GrantResource
{
    /// <summary>The number of a role's grant; 0 for a user's.</summary>
    public long Id { get; init; }

    /// <summary>The user who holds it; null where a role does.</summary>
    public string? User { get; init; }

    /// <summary>The role that holds it, by name; null where a user does.</summary>
    public string? Role { get; init; }

    /// <summary>The workspace of the thing; empty for the server itself.</summary>
    public required string Workspace { get; init; }

    /// <summary>What it is given on.</summary>
    public required GrantKind Kind { get; init; }

    /// <summary>Which one of the kind; null for all of them, and where there is only one.</summary>
    public string? On { get; init; }

    /// <summary>How much it allows.</summary>
    public required AccessLevel Level { get; init; }

    /// <summary>When it was given, in milliseconds since 1970, UTC.</summary>
    public long GivenMs { get; init; }
}

/// <summary>What is said of a user's grant.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record GrantPut
{
    /// <summary>The user who gets it.</summary>
    public required string User { get; init; }

    /// <summary>What it is given on.</summary>
    public required GrantKind Kind { get; init; }

    /// <summary>Which one of the kind; null for all of them, and for the workspace of the call.</summary>
    public string? On { get; init; }

    /// <summary>How much it allows.</summary>
    public required AccessLevel Level { get; init; }
}

/// <summary>What is said of a role's grant.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record RoleGrantCreate
{
    /// <summary>What it is given on.</summary>
    public required GrantKind Kind { get; init; }

    /// <summary>Which one of the kind; null for all of them, and for the workspace of the role.</summary>
    public string? On { get; init; }

    /// <summary>How much it allows.</summary>
    public required AccessLevel Level { get; init; }
}

/// <summary>Another level for a grant.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record GrantChange
{
    /// <summary>How much it allows from now on.</summary>
    public required AccessLevel Level { get; init; }
}
