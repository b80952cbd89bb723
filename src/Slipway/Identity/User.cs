namespace Slipway.Identity;

/// <summary>A person or a program that signs in by name and password, or by a token of theirs.</summary>
public sealed record User
{
    public required long Number { get; init; }

    public required string Name { get; init; }

    /// <summary>Holds Manage on the server: may do everything, in every workspace.</summary>
    public bool IsAdmin { get; init; }

    public required long CreatedMs { get; init; }
}
