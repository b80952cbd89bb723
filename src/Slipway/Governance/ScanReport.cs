namespace Slipway.Governance;

/// <summary>A file as it was scanned: the digest is of the very bytes that were looked at.</summary>
public sealed record ScannedFile(string Path, long SizeBytes, string Sha256, string Format);

/// <summary>What a scan says about the files of one model; the worst finding decides.</summary>
public sealed record ScanReport
{
    public required IReadOnlyList<ScannedFile> Files { get; init; }

    public required IReadOnlyList<Finding> Findings { get; init; }

    /// <summary>A model without a file has nothing that could be called safe.</summary>
    public ScanVerdict Verdict =>
        Findings
            .Select(finding => finding.Verdict)
            .Append(Files.Count == 0 ? ScanVerdict.Unscannable : ScanVerdict.Safe)
            .Max();
}
