namespace Slipway.Sdk.Registry;

/// <summary>The files of a version, by their digests.</summary>
public sealed record VersionDigests
{
    /// <summary>How far they are known.</summary>
    public FilesState State { get; init; }

    /// <summary>One digest of all of them.</summary>
    public string? Digest { get; init; }

    /// <summary>How large they are together.</summary>
    public long SizeBytes { get; init; }

    /// <summary>Each of them, by path.</summary>
    public IReadOnlyList<FileDigest> Files { get; set; } = [];
}

/// <summary>One file of a version.</summary>
public sealed record FileDigest
{
    /// <summary>Its path under the model.</summary>
    public required string Path { get; init; }

    /// <summary>How large it is.</summary>
    public long SizeBytes { get; init; }

    /// <summary>The SHA-256 of its content, as hexadecimal letters.</summary>
    public required string Sha256 { get; init; }
}
