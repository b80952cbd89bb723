namespace Slipway.Identity;

/// <summary>Whether a grant is held by one person or by all who have a role.</summary>
public enum HolderKind
{
    User,
    Role,
}

/// <summary>Who holds a grant: a user or a role, by number.</summary>
public readonly record struct Holder(HolderKind Kind, long Number)
{
    public static Holder User(long number) => new(HolderKind.User, number);

    public static Holder Role(long number) => new(HolderKind.Role, number);
}

/// <summary>One line of the one table that says who may do what.</summary>
public sealed record Grant
{
    /// <summary>Numbers grants of roles, as MLflow's clients expect; grants of users have none (0).</summary>
    public long Number { get; init; }

    public required Holder Holder { get; init; }

    /// <summary>The name of the user or role.</summary>
    public string HolderName { get; init; } = "";

    /// <summary>The workspace of the resource; empty for the server itself.</summary>
    public required string Workspace { get; init; }

    public required Resource Resource { get; init; }

    public required Level Level { get; init; }

    public required long GivenMs { get; init; }
}
