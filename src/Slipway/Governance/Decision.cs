namespace Slipway.Governance;

/// <summary>Where a version stands with those who answer for the model.</summary>
public enum ApprovalStatus
{
    Pending,
    Approved,
    Rejected,
}

/// <summary>
/// What somebody decided about a version, when and why. It is bound to the files as they were and to the policy as it
/// was: it says nothing of other files, and an approval counts only under the policy it was given under.
/// </summary>
public sealed record Decision
{
    /// <summary>Counted from 1 within the version; the last one counts.</summary>
    public required int Number { get; init; }

    public required ApprovalStatus Status { get; init; }

    public required string Actor { get; init; }

    public required string Reason { get; init; }

    public required long DecidedMs { get; init; }

    /// <summary>The digest of the files that were decided about.</summary>
    public required string Digest { get; init; }

    public required int PolicyNumber { get; init; }
}
