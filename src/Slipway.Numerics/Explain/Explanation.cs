namespace Slipway.Numerics.Explain;

/// <summary>An answer taken apart: what is expected of no row in particular, and what each column adds. They sum to the answer.</summary>
public sealed record Explanation(double Expected, IReadOnlyList<double> Contributions)
{
    public double Answer => Expected + Contributions.Sum();
}
