namespace Slipway.Identity;

/// <summary>A name for grants that several people of one workspace have together.</summary>
public sealed record Role
{
    public required long Number { get; init; }

    public required string Workspace { get; init; }

    public required string Name { get; init; }

    public string? Description { get; init; }

    public IReadOnlyList<Grant> Grants { get; init; } = [];
}

/// <summary>That a user has a role.</summary>
public sealed record Membership(long Number, long RoleNumber, long UserNumber, string UserName);
