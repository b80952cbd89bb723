namespace Slipway.Governance;

/// <summary>Whose signatures count: public keys, and authorities whose certificates do, each in PEM form.</summary>
public sealed record TrustRoots(IReadOnlyList<string> Keys, IReadOnlyList<string> Authorities)
{
    public static TrustRoots None { get; } = new([], []);

    public bool IsEmpty => Keys.Count == 0 && Authorities.Count == 0;
}

/// <summary>A signature that holds: who made it, over which files.</summary>
public sealed record VerifiedSignature
{
    /// <summary>The fingerprint of the key, or the subject of the certificate.</summary>
    public required string Signer { get; init; }

    /// <summary>How the signer is known: <c>key</c> or <c>certificate</c>.</summary>
    public required string Method { get; init; }

    /// <summary>The digest that the signature gives the model as a whole.</summary>
    public required string RootDigest { get; init; }

    public required int Files { get; init; }
}
