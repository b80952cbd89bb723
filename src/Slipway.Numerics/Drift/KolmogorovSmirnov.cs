using Slipway.Numerics.Special;

namespace Slipway.Numerics.Drift;

/// <summary>
/// The two-sample test of Kolmogorov and Smirnov: the largest distance between the two distribution functions. As in
/// SciPy, p is exact up to 10,000 values a side and asymptotic beyond; ties make the exact p conservative.
/// </summary>
public static class KolmogorovSmirnov
{
    private const int LargestExact = 10_000;

    public static TestResult Test(Sample reference, Sample current) =>
        Math.Max(reference.Count, current.Count) <= LargestExact
            ? Exact(reference, current)
            : Asymptotic(reference, current);

    /// <summary>p by counting lattice paths: time grows with the product of the counts.</summary>
    public static TestResult Exact(Sample reference, Sample current)
    {
        var distance = Distance(reference, current);
        return new TestResult(distance, Kolmogorov.TwoSampleTail(reference.Count, current.Count, distance));
    }

    /// <summary>p from one sample of nm/(n+m) values.</summary>
    public static TestResult Asymptotic(Sample reference, Sample current)
    {
        var distance = Distance(reference, current);
        double n = reference.Count,
            m = current.Count;
        var effective = Math.Round(n * m / (n + m), MidpointRounding.ToEven);
        return new TestResult(distance, Kolmogorov.OneSampleTail((int)effective, distance));
    }

    /// <summary>The largest distance between the two distribution functions.</summary>
    public static double Distance(Sample reference, Sample current)
    {
        Sample.RequireBoth(reference, current);
        ReadOnlySpan<double> a = reference.Sorted,
            b = current.Sorted;
        int i = 0,
            j = 0;
        var largest = 0.0;
        while (i < a.Length && j < b.Length)
        {
            var value = Math.Min(a[i], b[j]);
            while (i < a.Length && a[i] == value)
                i++;
            while (j < b.Length && b[j] == value)
                j++;
            largest = Math.Max(largest, Math.Abs((double)i / a.Length - (double)j / b.Length));
        }
        return largest;
    }
}
