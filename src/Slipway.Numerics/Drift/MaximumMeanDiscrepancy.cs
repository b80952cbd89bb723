using Slipway.Numerics.Sampling;

namespace Slipway.Numerics.Drift;

/// <summary>
/// The squared maximum mean discrepancy under the kernel exp(−|x−y|²/2σ²) (Gretton and others, A kernel two-sample test,
/// 2012). Its time grows with the square of the counts: give it samples of a few thousand rows.
/// </summary>
public static class MaximumMeanDiscrepancy
{
    /// <summary>The V-statistic: never negative, 0 for equal samples.</summary>
    public static double Biased(Sample reference, Sample current, double sigma)
    {
        var (within, across) = Sums(reference.Sorted, current.Sorted, sigma);
        double n = reference.Count,
            m = current.Count;
        return (2 * within.First + n) / (n * n) + (2 * within.Second + m) / (m * m) - 2 * across / (n * m);
    }

    /// <summary>The U-statistic: unbiased, so below 0 about half of the time when nothing changed.</summary>
    public static double Unbiased(Sample reference, Sample current, double sigma)
    {
        double n = reference.Count,
            m = current.Count;
        if (n < 2 || m < 2)
            throw new NotComputableException("The unbiased discrepancy needs two values on either side.");
        var (within, across) = Sums(reference.Sorted, current.Sorted, sigma);
        return 2 * within.First / (n * (n - 1)) + 2 * within.Second / (m * (m - 1)) - 2 * across / (n * m);
    }

    /// <summary>The usual σ: the median of the distances between all pairs of both samples.</summary>
    public static double MedianDistance(Sample reference, Sample current)
    {
        var pooled = Sample.Pool(reference, current);
        if (pooled.Length < 2)
            throw new NotComputableException("A median distance needs two values.");
        var distances = new double[(long)pooled.Length * (pooled.Length - 1) / 2];
        var next = 0;
        for (var i = 0; i < pooled.Length; i++)
        {
            for (var j = 0; j < i; j++)
                distances[next++] = pooled[i] - pooled[j];
        }
        return Sample.Of(distances).Quantile(0.5);
    }

    /// <summary>Whether the samples differ: how many of so many random relabellings reach the unbiased discrepancy.</summary>
    public static TestResult Test(Sample reference, Sample current, int permutations, RandomSource random)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(permutations, 1);
        var sigma = MedianDistance(reference, current);
        var observed = Unbiased(reference, current, sigma == 0 ? 1 : sigma);
        var pooled = Sample.Pool(reference, current);
        var reached = 0;
        for (var i = 0; i < permutations; i++)
        {
            random.Shuffle<double>(pooled);
            var (within, across) = Sums(
                pooled.AsSpan(0, reference.Count),
                pooled.AsSpan(reference.Count),
                sigma == 0 ? 1 : sigma
            );
            double n = reference.Count,
                m = current.Count;
            var value = 2 * within.First / (n * (n - 1)) + 2 * within.Second / (m * (m - 1)) - 2 * across / (n * m);
            if (value >= observed)
                reached++;
        }
        return new TestResult(observed, (1.0 + reached) / (1 + permutations));
    }

    private static ((double First, double Second) Within, double Across) Sums(
        ReadOnlySpan<double> a,
        ReadOnlySpan<double> b,
        double sigma
    )
    {
        if (a.Length == 0 || b.Length == 0)
            throw new NotComputableException("One of the samples has no finite value, so they cannot be compared.");
        var gamma = -1 / (2 * sigma * sigma);
        if (!double.IsFinite(gamma))
            throw new NotComputableException($"The width {sigma:R} of the kernel is too small to be squared.");
        return ((Below(a, gamma), Below(b, gamma)), Across(a, b, gamma));
    }

    private static double Below(ReadOnlySpan<double> values, double gamma)
    {
        var sum = 0.0;
        for (var i = 1; i < values.Length; i++)
            sum += Across(values.Slice(i, 1), values[..i], gamma);
        return sum;
    }

    private static double Across(ReadOnlySpan<double> a, ReadOnlySpan<double> b, double gamma)
    {
        var sum = 0.0;
        foreach (var x in a)
        {
            foreach (var y in b)
                sum += Math.Exp(gamma * (x - y) * (x - y));
        }
        return sum;
    }
}
