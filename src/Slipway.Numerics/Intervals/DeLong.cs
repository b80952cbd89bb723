using Slipway.Numerics.Special;

namespace Slipway.Numerics.Intervals;

/// <summary>
/// The variance of areas under ROC curves, without belief in a form (DeLong, DeLong and Clarke-Pearson, 1988), by midranks
/// in n log n (Sun and Xu, 2014).
/// </summary>
public static class DeLong
{
    public static Interval Interval(ReadOnlySpan<bool> truth, ReadOnlySpan<double> scores, double level = 0.95)
    {
        Require.Level(level);
        var parts = Components(truth, scores);
        var deviation = Math.Sqrt(Covariance(parts, parts));
        var half = Normal.Quantile((1 + level) / 2) * deviation;
        return new Interval(parts.Area, Math.Max(0, parts.Area - half), Math.Min(1, parts.Area + half));
    }

    /// <summary>Whether two models that scored the same rows differ in area: z of first less second.</summary>
    public static TestResult Compare(ReadOnlySpan<bool> truth, ReadOnlySpan<double> first, ReadOnlySpan<double> second)
    {
        var a = Components(truth, first);
        var b = Components(truth, second);
        var variance = Covariance(a, a) + Covariance(b, b) - 2 * Covariance(a, b);
        if (variance <= 1e-18)
        {
            if (Math.Abs(a.Area - b.Area) < 1e-12)
                return new TestResult(0, 1);
            throw new NotComputableException(
                "The areas differ without any spread, so no test weighs their difference."
            );
        }
        var z = (a.Area - b.Area) / Math.Sqrt(variance);
        return new TestResult(z, Normal.TwoSided(z));
    }

    // For each positive the share of negatives that it outscores, and the other way round.
    private static (double Area, double[] OfPositives, double[] OfNegatives) Components(
        ReadOnlySpan<bool> truth,
        ReadOnlySpan<double> scores
    )
    {
        Require.SameLength(truth.Length, scores.Length);
        Require.Finite(scores);
        var positive = new List<double>();
        var negative = new List<double>();
        for (var i = 0; i < truth.Length; i++)
            (truth[i] ? positive : negative).Add(scores[i]);
        if (positive.Count < 2 || negative.Count < 2)
            throw new NotComputableException("The variance of an area needs two rows of either class.");
        var ofPositives = Outscored([.. positive], [.. negative]);
        var ofNegatives = Outscored([.. negative], [.. positive]);
        for (var i = 0; i < ofNegatives.Length; i++)
            ofNegatives[i] = 1 - ofNegatives[i];
        return (ofPositives.Average(), ofPositives, ofNegatives);
    }

    // The share of the others that each value exceeds, ties by half; in the order of the values given.
    private static double[] Outscored(double[] values, double[] others)
    {
        Array.Sort(others);
        var shares = new double[values.Length];
        for (var i = 0; i < values.Length; i++)
            shares[i] =
                (Below(others, values[i]) + Below(others, Math.BitIncrement(values[i]))) / (2.0 * others.Length);
        return shares;
    }

    private static int Below(double[] sorted, double value)
    {
        int low = 0,
            high = sorted.Length;
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (sorted[middle] < value)
                low = middle + 1;
            else
                high = middle;
        }
        return low;
    }

    private static double Covariance(
        (double Area, double[] OfPositives, double[] OfNegatives) a,
        (double Area, double[] OfPositives, double[] OfNegatives) b
    ) => Of(a.OfPositives, b.OfPositives, a.Area, b.Area) + Of(a.OfNegatives, b.OfNegatives, a.Area, b.Area);

    private static double Of(double[] first, double[] second, double firstMean, double secondMean)
    {
        var sum = 0.0;
        for (var i = 0; i < first.Length; i++)
            sum += (first[i] - firstMean) * (second[i] - secondMean);
        return sum / (first.Length - 1) / first.Length;
    }
}
