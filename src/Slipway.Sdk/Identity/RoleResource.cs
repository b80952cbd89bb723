using System.Text.Json.Serialization;

namespace Slipway.Sdk.Identity;

/// <summary>A name for grants that several people of one workspace have together.</summary>
public sealed record RoleResource
{
    /// <summary>The number that the server gave it.</summary>
    public required long Id { get; init; }

    /// <summary>The workspace it belongs to.</summary>
    public required string Workspace { get; init; }

    /// <summary>Its name in the workspace.</summary>
    public required string Name { get; init; }

    /// <summary>What it is for.</summary>
    public string? Description { get; init; }

    /// <summary>What those who have it may do.</summary>
    public IReadOnlyList<GrantResource> Grants { get; set; } = [];
}

/// <summary>What is said of a role to be made.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record RoleCreate
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>What it is for.</summary>
    public string? Description { get; init; }
}

/// <summary>What changes of a role; null stays as it is.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record RoleChange
{
    /// <summary>Its new name.</summary>
    public string? Name { get; init; }

    /// <summary>Its new description.</summary>
    public string? Description { get; init; }
}

/// <summary>A user who has a role.</summary>
/// <param name="User">The user's name.</param>
public sealed record MemberResource(string User);
