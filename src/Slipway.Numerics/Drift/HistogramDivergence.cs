namespace Slipway.Numerics.Drift;

/// <summary>A stretch of a histogram: counts spread evenly from low to high, or all at one point.</summary>
public readonly record struct HistogramBucket(double Low, double High, double Count);

/// <summary>
/// The Jensen-Shannon divergence in bits of two histograms with different edges, as TFDV defines it: buckets are cut at all
/// edges of both, their counts spread evenly; a bucket that is a point stays one. Mass without a place (not a number, or in
/// a bucket without end) is held for different on either side, so such a column differs from itself: watch
/// <see cref="MissingDrift"/> beside it.
/// </summary>
public static class HistogramDivergence
{
    public static double JensenShannon(
        ReadOnlySpan<HistogramBucket> reference,
        ReadOnlySpan<HistogramBucket> current,
        double referenceNan = 0,
        double currentNan = 0
    )
    {
        var edges = new SortedSet<double>();
        Collect(edges, reference);
        Collect(edges, current);
        double[] cuts = [.. edges];
        var (first, firstPlaceless) = Cut(reference, cuts);
        var (second, secondPlaceless) = Cut(current, cuts);
        firstPlaceless += referenceNan;
        secondPlaceless += currentNan;
        // Two bins that cannot meet hold what has no place.
        return Divergence.JensenShannon(
            PairedCounts.Of([.. first, firstPlaceless, 0], [.. second, 0, secondPlaceless])
        );
    }

    private static void Collect(SortedSet<double> edges, ReadOnlySpan<HistogramBucket> buckets)
    {
        foreach (var bucket in buckets)
        {
            if (double.IsFinite(bucket.Low) && double.IsFinite(bucket.High))
            {
                edges.Add(bucket.Low);
                edges.Add(bucket.High);
            }
        }
    }

    // Bins by turns: the point at a cut, then the stretch up to the next.
    private static (double[] Bins, double Placeless) Cut(ReadOnlySpan<HistogramBucket> buckets, double[] cuts)
    {
        var bins = new double[Math.Max(0, cuts.Length * 2 - 1)];
        var placeless = 0.0;
        foreach (var bucket in buckets)
        {
            if (!double.IsFinite(bucket.Low) || !double.IsFinite(bucket.High))
            {
                placeless += bucket.Count;
                continue;
            }
            var from = Array.BinarySearch(cuts, bucket.Low);
            if (bucket.Low == bucket.High)
            {
                bins[2 * from] += bucket.Count;
                continue;
            }
            for (var i = from; cuts[i] < bucket.High; i++)
                bins[2 * i + 1] += bucket.Count * (cuts[i + 1] - cuts[i]) / (bucket.High - bucket.Low);
        }
        return (bins, placeless);
    }
}
