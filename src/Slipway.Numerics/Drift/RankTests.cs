using Slipway.Numerics.Special;

namespace Slipway.Numerics.Drift;

/// <summary>Tests of two samples that look at ranks alone, with midranks for ties.</summary>
public static class RankTests
{
    // Scholz and Stephens (1987), table 1: the limits at these levels for k samples are b0 + b1/√(k-1) + b2/(k-1).
    private static readonly double[] Levels = [0.25, 0.1, 0.05, 0.025, 0.01, 0.005, 0.001];
    private static readonly double[] B0 = [0.675, 1.281, 1.645, 1.96, 2.326, 2.573, 3.085];
    private static readonly double[] B1 = [-0.245, 0.25, 0.678, 1.149, 1.822, 2.364, 3.615];
    private static readonly double[] B2 = [-0.105, -0.305, -0.362, -0.391, -0.396, -0.345, -0.154];

    /// <summary>Mann and Whitney's U of the reference; p two-sided, normal, with corrections for ties and continuity.</summary>
    public static TestResult MannWhitney(Sample reference, Sample current)
    {
        Sample.RequireBoth(reference, current);
        double n = reference.Count,
            m = current.Count,
            all = n + m;
        double rankSum = 0,
            ties = 0;
        foreach (var tie in Ties.Of(reference, current))
        {
            rankSum += tie.First * tie.MidRank;
            ties += Math.Pow(tie.Count, 3) - tie.Count;
        }
        var u = rankSum - n * (n + 1) / 2;
        var deviation = Math.Sqrt(n * m / 12 * (all + 1 - ties / (all * (all - 1))));
        var z = (Math.Max(u, n * m - u) - n * m / 2 - 0.5) / deviation;
        return new TestResult(u, double.IsNaN(z) ? 1 : Math.Min(1, 2 * Normal.Tail(z)));
    }

    /// <summary>
    /// The Anderson-Darling test of k = 2 samples, midrank form, standardised (Scholz and Stephens, 1987). p is read from
    /// their table by a quadratic through the logarithms, and so stays within 0.001 … 0.25.
    /// </summary>
    public static TestResult AndersonDarling(Sample reference, Sample current)
    {
        Sample.RequireBoth(reference, current);
        var ties = Ties.Of(reference, current);
        if (ties.Count < 2)
            throw new NotComputableException(
                "All values are the same, so the Anderson-Darling test has nothing to rank."
            );
        double n = reference.Count,
            m = current.Count,
            all = n + m;
        double fromReference = 0,
            fromCurrent = 0,
            belowFirst = 0,
            belowSecond = 0,
            below = 0;
        foreach (var tie in ties)
        {
            var middle = below + tie.Count / 2;
            var weight = tie.Count / all / (middle * (all - middle) - all * tie.Count / 4);
            var first = all * (belowFirst + tie.First / 2) - n * middle;
            var second = all * (belowSecond + tie.Second / 2) - m * middle;
            fromReference += weight * first * first;
            fromCurrent += weight * second * second;
            below += tie.Count;
            belowFirst += tie.First;
            belowSecond += tie.Second;
        }
        var statistic = (fromReference / n + fromCurrent / m) * (all - 1) / all;
        var standardised = (statistic - 1) / Math.Sqrt(AndersonDarlingVariance(n, m));
        return new TestResult(standardised, AndersonDarlingP(standardised));
    }

    private static double AndersonDarlingVariance(double n, double m)
    {
        var all = (int)(n + m);
        if (all < 4)
            throw new NotComputableException("The Anderson-Darling test needs at least four values.");
        double harmonic = 0,
            g = 0;
        for (var i = all - 1; i > 1; i--)
        {
            harmonic += 1.0 / i;
            g += harmonic / (all - i + 1);
        }
        var h = harmonic + 1;
        var inverse = 1 / n + 1 / m;
        const double k = 2;
        var a = (4 * g - 6) * (k - 1) + (10 - 6 * g) * inverse;
        var b = (2 * g - 4) * k * k + 8 * h * k + (2 * g - 14 * h - 4) * inverse - 8 * h + 4 * g - 6;
        var c = (6 * h + 2 * g - 2) * k * k + (4 * h - 4 * g + 6) * k + (2 * h - 6) * inverse + 4 * h;
        var d = (2 * h + 6) * k * k - 4 * h * k;
        var size = (double)all;
        return (((a * size + b) * size + c) * size + d) / ((size - 1) * (size - 2) * (size - 3));
    }

    private static double AndersonDarlingP(double statistic)
    {
        var critical = new double[Levels.Length];
        for (var i = 0; i < critical.Length; i++)
            critical[i] = B0[i] + B1[i] + B2[i];
        if (statistic < critical[0])
            return Levels[0];
        if (statistic > critical[^1])
            return Levels[^1];
        var normal = new double[9];
        var right = new double[3];
        for (var i = 0; i < critical.Length; i++)
        {
            Span<double> powers = [1, critical[i], critical[i] * critical[i]];
            for (var row = 0; row < 3; row++)
            {
                right[row] += powers[row] * Math.Log(Levels[i]);
                for (var column = 0; column < 3; column++)
                    normal[row * 3 + column] += powers[row] * powers[column];
            }
        }
        var fit = LinearAlgebra.Solve(normal, right);
        return Math.Exp(fit[0] + statistic * (fit[1] + statistic * fit[2]));
    }
}
