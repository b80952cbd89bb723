namespace Slipway.Governance;

/// <summary>What a scan says, from good to bad. Safe means that every byte was read as a format that carries no code.</summary>
public enum ScanVerdict
{
    Safe,

    /// <summary>The scan cannot tell: unknown, encrypted, or beyond a bound. Treated like unsafe wherever it counts.</summary>
    Unscannable,

    /// <summary>Loading it runs, or may run, what somebody else chose.</summary>
    Unsafe,
}

/// <summary>
/// One thing a scan found in a file. <paramref name="Path"/> names the file in the model, and after an exclamation mark
/// the member of an archive; a finding that is <see cref="ScanVerdict.Safe"/> is a note that blocks nothing.
/// </summary>
public sealed record Finding(string Path, ScanVerdict Verdict, string Rule, string Message);
