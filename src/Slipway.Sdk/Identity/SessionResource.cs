namespace Slipway.Sdk.Identity;

/// <summary>Who the server takes the caller for.</summary>
public sealed record SessionResource
{
    /// <summary>The user's name.</summary>
    public required string User { get; init; }

    /// <summary>The workspace that calls go to.</summary>
    public required string Workspace { get; init; }

    /// <summary>Whether a browser is signed in by a session that it can end.</summary>
    public bool SignedIn { get; init; }
}
