namespace Slipway.Numerics.Metrics;

/// <summary>How the figures of several classes become one.</summary>
public enum Averaging
{
    /// <summary>Counts of all classes are summed first.</summary>
    Micro,

    /// <summary>Every class counts alike.</summary>
    Macro,

    /// <summary>Every class counts by how often it is true.</summary>
    Weighted,
}
