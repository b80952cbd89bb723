namespace Slipway.Sdk.Tracking;

/// <summary>A file of a run or logged model, or a folder of them.</summary>
public sealed record ArtifactResource
{
    /// <summary>Its path under the run or model, with slashes.</summary>
    public required string Path { get; init; }

    /// <summary>It is a folder; its files are listed by its path.</summary>
    public bool IsFolder { get; init; }

    /// <summary>How large the file is; null for a folder.</summary>
    public long? SizeBytes { get; init; }

    /// <summary>
    /// The SHA-256 of the content in lower-case hexadecimal, told when a file was stored. Listings leave it out.
    /// </summary>
    public string? Sha256 { get; init; }
}

/// <summary>What lies directly in a folder of a run or logged model.</summary>
public sealed record ArtifactList
{
    /// <summary>Where the run or model keeps its artifacts, as MLflow's clients call it.</summary>
    public required string RootUri { get; init; }

    /// <summary>Files and folders, by name.</summary>
    public required IReadOnlyList<ArtifactResource> Items { get; init; }
}

/// <summary>How far the transfer of a file is.</summary>
/// <param name="Path">The artifact's path.</param>
/// <param name="DoneBytes">What was transferred so far.</param>
/// <param name="TotalBytes">What there is to transfer; null where that is not known.</param>
public sealed record ArtifactProgress(string Path, long DoneBytes, long? TotalBytes);
