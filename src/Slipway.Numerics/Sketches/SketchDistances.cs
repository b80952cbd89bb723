using Slipway.Numerics.Drift;
using Slipway.Numerics.Special;

namespace Slipway.Numerics.Sketches;

/// <summary>
/// Drift of two streams from their sketches alone, in microseconds, whatever they held. The answers are off by about the
/// rank error of the sketches: take a size of 800 where a hundredth matters.
/// </summary>
public static class SketchDistances
{
    /// <summary>The Kolmogorov-Smirnov distance, with p as for all values of both streams.</summary>
    public static TestResult KolmogorovSmirnov(QuantileSketch reference, QuantileSketch current)
    {
        var largest = 0.0;
        Walk(reference, current, (height, _) => largest = Math.Max(largest, Math.Abs(height)));
        double n = reference.Count,
            m = current.Count;
        return new TestResult(largest, Kolmogorov.LimitTail(Math.Sqrt(n * m / (n + m)) * largest));
    }

    /// <summary>The area between the two distribution functions.</summary>
    public static double Wasserstein(QuantileSketch reference, QuantileSketch current)
    {
        var area = 0.0;
        Walk(reference, current, (height, width) => area += Math.Abs(height) * width);
        return area;
    }

    /// <summary>The share of both streams between edges, for the distances of <see cref="Divergence"/>.</summary>
    public static PairedCounts Bin(QuantileSketch reference, QuantileSketch current, ReadOnlySpan<double> edges) =>
        PairedCounts.Of(Counts(reference, edges), Counts(current, edges));

    /// <summary>Edges that cut the reference into equal shares: outer ones open, equal ones merged.</summary>
    public static double[] QuantileEdges(QuantileSketch reference, int bins)
    {
        var shares = new double[bins + 1];
        for (var i = 0; i <= bins; i++)
            shares[i] = (double)i / bins;
        var edges = reference.Quantiles(shares).Distinct().ToArray();
        if (edges.Length < 2)
            throw new NotComputableException("The reference is constant, so its quantiles cut no bins.");
        edges[0] = double.NegativeInfinity;
        edges[^1] = double.PositiveInfinity;
        return edges;
    }

    internal static double[] Counts(QuantileSketch sketch, ReadOnlySpan<double> edges)
    {
        var points = sketch.Points();
        var counts = new double[edges.Length - 1];
        var before = points.Below(edges[0]);
        for (var i = 0; i < counts.Length; i++)
        {
            var closed = i == counts.Length - 1 && double.IsFinite(edges[i + 1]);
            var until = points.Below(closed ? Math.BitIncrement(edges[i + 1]) : edges[i + 1]);
            counts[i] = until - before;
            before = until;
        }
        return counts;
    }

    // The distance of the two functions over each stretch on which neither changes.
    private static void Walk(QuantileSketch reference, QuantileSketch current, Action<double, double> stretch)
    {
        var a = reference.Points();
        var b = current.Points();
        int i = 0,
            j = 0;
        double previous = 0,
            height = 0;
        while (i < a.Values.Length || j < b.Values.Length)
        {
            var value = Math.Min(
                i < a.Values.Length ? a.Values[i] : double.PositiveInfinity,
                j < b.Values.Length ? b.Values[j] : double.PositiveInfinity
            );
            if (height != 0)
                stretch(height, value - previous);
            while (i < a.Values.Length && a.Values[i] == value)
                i++;
            while (j < b.Values.Length && b.Values[j] == value)
                j++;
            height = (i == 0 ? 0 : (double)a.UpTo[i - 1] / a.Total) - (j == 0 ? 0 : (double)b.UpTo[j - 1] / b.Total);
            previous = value;
        }
    }
}
