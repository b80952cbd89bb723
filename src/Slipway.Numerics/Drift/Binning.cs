namespace Slipway.Numerics.Drift;

/// <summary>Edges of bins, and counts between them. Bins are half-open, the last one is closed.</summary>
public static class Binning
{
    /// <summary>So many bins of equal width over the range of both samples.</summary>
    public static double[] EqualWidth(Sample reference, Sample current, int bins)
    {
        Sample.RequireBoth(reference, current);
        ArgumentOutOfRangeException.ThrowIfLessThan(bins, 1);
        var low = Math.Min(reference.Sorted[0], current.Sorted[0]);
        var high = Math.Max(reference.Sorted[^1], current.Sorted[^1]);
        if (low == high)
            throw new NotComputableException("All values are the same, so there is no range to cut into bins.");
        return EqualWidth(low, high, bins);
    }

    /// <summary>So many bins of equal width from low to high.</summary>
    public static double[] EqualWidth(double low, double high, int bins)
    {
        var width = (high - low) / bins;
        var edges = new double[bins + 1];
        for (var i = 0; i < bins; i++)
            edges[i] = i * width + low;
        edges[bins] = high;
        return edges;
    }

    /// <summary>Bins that hold equal shares of the reference; equal quantiles are merged, and the outer edges are open.</summary>
    public static double[] ReferenceQuantiles(Sample reference, int bins)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bins, 1);
        var edges = new List<double>(bins + 1);
        for (var i = 0; i <= bins; i++)
        {
            var edge = reference.Quantile(i == bins ? 1 : i * (1.0 / bins));
            if (edges.Count == 0 || edge != edges[^1])
                edges.Add(edge);
        }
        if (edges.Count < 2)
            throw new NotComputableException("The reference is constant, so its quantiles cut no bins.");
        edges[0] = double.NegativeInfinity;
        edges[^1] = double.PositiveInfinity;
        return [.. edges];
    }

    /// <summary>Sturges' number of bins for so many values: ⌈log2 n⌉ + 1.</summary>
    public static int Sturges(int count) => (int)Math.Ceiling(Math.Log2(count) + 1);

    internal static double[] Count(Sample sample, ReadOnlySpan<double> edges)
    {
        if (edges.Length < 2)
            throw new ArgumentException("Bins need two edges.", nameof(edges));
        var counts = new double[edges.Length - 1];
        var values = sample.Sorted;
        var from = FirstAtLeast(values, edges[0]);
        for (var bin = 0; bin < counts.Length; bin++)
        {
            var to =
                bin == counts.Length - 1 ? FirstAbove(values, edges[bin + 1]) : FirstAtLeast(values, edges[bin + 1]);
            counts[bin] = to - from;
            from = to;
        }
        return counts;
    }

    private static int FirstAtLeast(ReadOnlySpan<double> sorted, double value) => First(sorted, value, orEqual: true);

    private static int FirstAbove(ReadOnlySpan<double> sorted, double value) => First(sorted, value, orEqual: false);

    private static int First(ReadOnlySpan<double> sorted, double value, bool orEqual)
    {
        int low = 0,
            high = sorted.Length;
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (sorted[middle] < value || (!orEqual && sorted[middle] == value))
                low = middle + 1;
            else
                high = middle;
        }
        return low;
    }
}
