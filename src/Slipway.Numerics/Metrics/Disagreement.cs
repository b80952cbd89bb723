namespace Slipway.Numerics.Metrics;

/// <summary>What a confusion of two classes weighs in Cohen's kappa: the same always, or by their distance.</summary>
public enum Disagreement
{
    Equal,
    Linear,
    Quadratic,
}
