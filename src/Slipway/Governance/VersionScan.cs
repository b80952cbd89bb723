namespace Slipway.Governance;

/// <summary>What a scan said of a version's files, and by their digests of which files it said so.</summary>
public sealed record VersionScan
{
    /// <summary>See <see cref="ModelManifest.Digest"/>; of the address where the files lie elsewhere.</summary>
    public required string Digest { get; init; }

    public required IReadOnlyList<FileDigest> Files { get; init; }

    public required ScanVerdict Verdict { get; init; }

    public required IReadOnlyList<Finding> Findings { get; init; }

    public required long ScannedMs { get; init; }

    /// <summary>There was nothing to look at: no file, or none in this server.</summary>
    public bool IsEmpty => Files.Count == 0;
}

/// <summary>Somebody's word that these very files are wanted in spite of what a scan found.</summary>
public sealed record ScanOverride(string Digest, string Actor, string Reason, long MadeMs);

/// <summary>A signature that held when it was given, over the files of this digest.</summary>
public sealed record VersionSignature
{
    public required string Digest { get; init; }

    public required string Signer { get; init; }

    public required string Method { get; init; }

    /// <summary>The bundle as it was given.</summary>
    public required string Bundle { get; init; }

    public required string Actor { get; init; }

    public required long SignedMs { get; init; }
}

/// <summary>All that decides whether a version may be promoted.</summary>
public sealed record VersionStanding
{
    public required VersionScan? Scan { get; init; }

    public required ScanOverride? Override { get; init; }

    public required Decision? Decision { get; init; }

    public required VersionSignature? Signature { get; init; }

    public required int Cards { get; init; }

    public required Policy Policy { get; init; }

    /// <summary>A decision about other files is none about these.</summary>
    public ApprovalStatus Status =>
        Decision is { } last && (Scan is null || last.Digest == Scan.Digest || last.Status == ApprovalStatus.Rejected)
            ? last.Status
            : ApprovalStatus.Pending;
}
