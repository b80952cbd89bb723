namespace Slipway.Numerics;

/// <summary>
/// One column made ready for statistics: its finite values in order, and how many were not finite. Sorted once, read by
/// every test. Values that are not finite take no part in any distance; their change is a drift of its own
/// (<see cref="Drift.MissingDrift"/>).
/// </summary>
public sealed class Sample
{
    private readonly double[] sorted;

    private Sample(double[] sorted, int nanCount, int infiniteCount)
    {
        this.sorted = sorted;
        NanCount = nanCount;
        InfiniteCount = infiniteCount;
    }

    /// <summary>The finite values, ascending.</summary>
    public ReadOnlySpan<double> Sorted => sorted;

    public int Count => sorted.Length;

    public int NanCount { get; }

    public int InfiniteCount { get; }

    public static Sample Of(ReadOnlySpan<double> values)
    {
        var kept = new double[values.Length];
        int count = 0,
            nan = 0;
        foreach (var value in values)
        {
            if (double.IsFinite(value))
                kept[count++] = value == 0 ? 0.0 : value;
            else if (double.IsNaN(value))
                nan++;
        }
        Array.Resize(ref kept, count);
        Array.Sort(kept);
        return new Sample(kept, nan, values.Length - count - nan);
    }

    /// <summary>The mean, summed in a way that neither order nor offset spoils (Neumaier, 1974).</summary>
    public double Mean()
    {
        Require.Some(Count);
        return Summation.Sum(sorted) / Count;
    }

    /// <summary>The mean squared distance from the mean; with <paramref name="spare"/> = 1 the unbiased estimate.</summary>
    public double Variance(int spare = 0)
    {
        if (Count <= spare)
            throw new NotComputableException($"A variance needs more than {spare} values.");
        var mean = Mean();
        var sum = 0.0;
        foreach (var value in sorted)
            sum += (value - mean) * (value - mean);
        return sum / (Count - spare);
    }

    /// <summary>The quantile by linear interpolation between order statistics (Hyndman and Fan's seventh, the usual one).</summary>
    public double Quantile(double q)
    {
        Require.Some(Count);
        if (!(q is >= 0 and <= 1))
            throw new ArgumentOutOfRangeException(nameof(q), q, "A quantile lies between 0 and 1.");
        var position = q * (Count - 1);
        var below = (int)Math.Floor(position);
        var share = position - below;
        var low = sorted[below];
        var high = sorted[Math.Min(below + 1, Count - 1)];
        return share >= 0.5 ? high - (high - low) * (1 - share) : low + (high - low) * share;
    }

    /// <summary>How many different values there are.</summary>
    public int DistinctCount()
    {
        var distinct = 0;
        for (var i = 0; i < sorted.Length; i++)
        {
            if (i == 0 || sorted[i] != sorted[i - 1])
                distinct++;
        }
        return distinct;
    }

    internal static void RequireBoth(Sample reference, Sample current)
    {
        if (reference.Count == 0 || current.Count == 0)
            throw new NotComputableException("One of the samples has no finite value, so they cannot be compared.");
    }

    /// <summary>All values of both, ascending.</summary>
    internal static double[] Pool(Sample reference, Sample current)
    {
        ReadOnlySpan<double> a = reference.sorted,
            b = current.sorted;
        var pooled = new double[a.Length + b.Length];
        int i = 0,
            j = 0;
        for (var k = 0; k < pooled.Length; k++)
            pooled[k] = j >= b.Length || (i < a.Length && a[i] <= b[j]) ? a[i++] : b[j++];
        return pooled;
    }
}
