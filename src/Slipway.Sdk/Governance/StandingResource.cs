using System.Text.Json.Serialization;

namespace Slipway.Sdk.Governance;

/// <summary>All that decides whether a version may be promoted.</summary>
public sealed record StandingResource
{
    /// <summary>The model.</summary>
    public required string Model { get; init; }

    /// <summary>The number of the version.</summary>
    public required int Version { get; init; }

    /// <summary><c>pending</c>, <c>approved</c> or <c>rejected</c>.</summary>
    public required string Status { get; init; }

    /// <summary>What a scan said of the files; null while it is not done.</summary>
    public ScanResource? Scan { get; init; }

    /// <summary>Who wants these files in spite of the scan; null where nobody said so.</summary>
    public OverrideResource? Override { get; init; }

    /// <summary>What was decided last; null where nobody has.</summary>
    public DecisionResource? Decision { get; init; }

    /// <summary>Who signed the files; null where nobody did.</summary>
    public SignatureResource? Signature { get; init; }

    /// <summary>How often somebody wrote the version's card.</summary>
    public int Cards { get; init; }

    /// <summary>What the workspace demands.</summary>
    public required PolicyResource Policy { get; init; }
}

/// <summary>What a scan said, and of which files.</summary>
public sealed record ScanResource
{
    /// <summary><c>safe</c>, <c>unscannable</c> or <c>unsafe</c>.</summary>
    public required string Verdict { get; init; }

    /// <summary>One digest for all files, with their names.</summary>
    public required string Digest { get; init; }

    /// <summary>What was found; a finding whose verdict is <c>safe</c> is a note.</summary>
    public required IReadOnlyList<FindingResource> Findings { get; init; }

    /// <summary>The files as they were looked at.</summary>
    public required IReadOnlyList<FileResource> Files { get; init; }

    /// <summary>When, in milliseconds since 1970, UTC.</summary>
    public required long ScannedMs { get; init; }
}

/// <summary>One thing that a scan found.</summary>
/// <param name="Path">The file, and after an exclamation mark the member of an archive.</param>
/// <param name="Verdict"><c>safe</c> for a note, <c>unscannable</c> or <c>unsafe</c>.</param>
/// <param name="Rule">Which rule found it.</param>
/// <param name="Message">What was found.</param>
public sealed record FindingResource(string Path, string Verdict, string Rule, string Message);

/// <summary>A file by its content.</summary>
/// <param name="Path">Where it lies in the model.</param>
/// <param name="SizeBytes">How long it is.</param>
/// <param name="Sha256">The digest of its content, in lower-case hexadecimal.</param>
public sealed record FileResource(string Path, long SizeBytes, string Sha256);

/// <summary>Somebody's word that these files are wanted in spite of the scan.</summary>
/// <param name="Actor">Who said so.</param>
/// <param name="Reason">Why.</param>
/// <param name="MadeMs">When, in milliseconds since 1970, UTC.</param>
public sealed record OverrideResource(string Actor, string Reason, long MadeMs);

/// <summary>A signature that held when it was given.</summary>
/// <param name="Signer">The fingerprint of the key, or the subject of the certificate.</param>
/// <param name="Method"><c>key</c> or <c>certificate</c>.</param>
/// <param name="Digest">The digest of the files that it covers.</param>
/// <param name="Actor">Who gave it to the server.</param>
/// <param name="SignedMs">When it was given, in milliseconds since 1970, UTC.</param>
public sealed record SignatureResource(string Signer, string Method, string Digest, string Actor, long SignedMs);

/// <summary>A signature that holds over the files as they are now.</summary>
/// <param name="Signer">The fingerprint of the key, or the subject of the certificate.</param>
/// <param name="Method"><c>key</c> or <c>certificate</c>.</param>
/// <param name="RootDigest">The digest that the signature gives the model as a whole.</param>
/// <param name="Files">How many files it covers.</param>
public sealed record VerifiedResource(string Signer, string Method, string RootDigest, int Files);

/// <summary>What somebody decided about a version.</summary>
public sealed record DecisionResource
{
    /// <summary>Counted from 1 within the version.</summary>
    public required int Number { get; init; }

    /// <summary><c>pending</c>, <c>approved</c> or <c>rejected</c>.</summary>
    public required string Status { get; init; }

    /// <summary>Who decided.</summary>
    public required string Actor { get; init; }

    /// <summary>Why.</summary>
    public required string Reason { get; init; }

    /// <summary>When, in milliseconds since 1970, UTC.</summary>
    public required long DecidedMs { get; init; }

    /// <summary>The digest of the files that were decided about.</summary>
    public required string Digest { get; init; }

    /// <summary>The policy under which it was decided.</summary>
    public required int PolicyNumber { get; init; }
}

/// <summary>What somebody decides.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record DecisionRequest
{
    /// <summary><c>pending</c>, <c>approved</c> or <c>rejected</c>.</summary>
    public required string Status { get; init; }

    /// <summary>Why.</summary>
    public required string Reason { get; init; }

    /// <summary>The digest of the files that were looked at; with other files the decision is refused.</summary>
    public string? Digest { get; init; }
}

/// <summary>Why files are let through.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record ReasonRequest
{
    /// <summary>Why.</summary>
    public required string Reason { get; init; }
}
