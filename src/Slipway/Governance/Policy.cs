using System.Text.Json.Serialization;

namespace Slipway.Governance;

/// <summary>
/// What a workspace demands before a version gets an alias or a stage that is at work. Each change is a new policy with
/// the next number; what was decided under an earlier one does not count under this. The first, number 0, demands
/// only what is always demanded: that a scan found nothing, and that nobody rejected the version.
/// </summary>
public sealed record Policy
{
    public static Policy Initial { get; } = new();

    /// <summary>0 until somebody sets one.</summary>
    [JsonIgnore]
    public int Number { get; init; }

    /// <summary>Somebody who manages the model has approved the version.</summary>
    public bool Approval { get; init; }

    /// <summary>Who approves is not who registered the version.</summary>
    public bool FourEyes { get; init; }

    /// <summary>An evaluation of the version was passed.</summary>
    public bool Evaluation { get; init; }

    /// <summary>Somebody whom <see cref="Trusted"/> names has signed the files.</summary>
    public bool Signature { get; init; }

    /// <summary>The model or the version has a tag <c>owner</c>.</summary>
    public bool Owner { get; init; }

    /// <summary>Somebody has written the version's card.</summary>
    public bool Card { get; init; }

    /// <summary>The files lie in this server and were scanned; without it, what lies elsewhere is not looked at.</summary>
    public bool Scan { get; init; }

    public TrustRoots Trusted { get; init; } = TrustRoots.None;
}

/// <summary>A policy, and who set it when.</summary>
public sealed record PolicyChange(Policy Policy, string Actor, long SetMs);
