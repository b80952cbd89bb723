namespace Slipway.Numerics.Learners;

/// <summary>How trees are grown. The defaults are those of scikit-learn's histogram gradient boosting.</summary>
public sealed record BoostingOptions
{
    public int Trees { get; init; } = 100;

    public double LearningRate { get; init; } = 0.1;

    public int MaximumLeaves { get; init; } = 31;

    public int MinimumRowsPerLeaf { get; init; } = 20;

    /// <summary>What a unit of squared leaf value costs.</summary>
    public double Penalty { get; init; }

    internal bool IsUsable =>
        Trees >= 1 && MaximumLeaves >= 2 && MinimumRowsPerLeaf >= 1 && LearningRate > 0 && Penalty >= 0;
}
