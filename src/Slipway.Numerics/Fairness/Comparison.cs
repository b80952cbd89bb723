namespace Slipway.Numerics.Fairness;

/// <summary>What the figure of a group is held against.</summary>
public enum Comparison
{
    /// <summary>The highest group against the lowest.</summary>
    BetweenGroups,

    /// <summary>Each group against all rows together.</summary>
    ToOverall,
}
