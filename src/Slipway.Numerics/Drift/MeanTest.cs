using Slipway.Numerics.Special;

namespace Slipway.Numerics.Drift;

/// <summary>Welch's t-test (1947): whether two means differ, without believing that the variances are alike.</summary>
public static class MeanTest
{
    public static TestResult Welch(Sample reference, Sample current)
    {
        double a = reference.Variance(1) / reference.Count,
            b = current.Variance(1) / current.Count;
        var t = (reference.Mean() - current.Mean()) / Math.Sqrt(a + b);
        if (double.IsNaN(t))
            throw new NotComputableException("Both samples are constant and equal, so Welch's t is 0/0.");
        if (double.IsInfinity(t))
            return new TestResult(t, 0);
        var degrees = (a + b) * (a + b) / (a * a / (reference.Count - 1) + b * b / (current.Count - 1));
        return new TestResult(t, Beta.StudentTwoSided(t, degrees));
    }
}
