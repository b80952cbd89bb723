namespace Slipway.Identity;

/// <summary>
/// A long random text that signs its user in without the password: for programs. Only its hash is stored, so it can be
/// shown once, when it is made.
/// </summary>
public sealed record Token
{
    public required string Id { get; init; }

    public required string UserName { get; init; }

    /// <summary>What it is for, in its owner's words.</summary>
    public required string Name { get; init; }

    /// <summary>The workspace that requests with it work in.</summary>
    public required string Workspace { get; init; }

    /// <summary>Its first characters, by which its owner tells it from others.</summary>
    public required string Hint { get; init; }

    public required long CreatedMs { get; init; }

    /// <summary>From when on it is refused; null for a token without end.</summary>
    public long? ExpiresMs { get; init; }

    /// <summary>Whether it keeps a browser signed in; such a one ends with the password it was given for.</summary>
    public bool IsSession { get; init; }
}

/// <summary>A token just made, with the text that nobody will see again.</summary>
public sealed record NewToken(Token Token, string Secret);
