using Slipway.Numerics.Special;

namespace Slipway.Numerics.Drift;

/// <summary>
/// The two-sample test of Cramér and von Mises: the squared distance of the distribution functions, summed over the
/// values. p by Anderson's approximation to the limit law (On the distribution of the two-sample criterion, 1962).
/// </summary>
public static class CramerVonMises
{
    public static TestResult Test(Sample reference, Sample current)
    {
        Sample.RequireBoth(reference, current);
        double n = reference.Count,
            m = current.Count,
            all = n + m,
            product = n * m;
        if (n < 2 || m < 2)
            throw new NotComputableException("The test of Cramér and von Mises needs two values on either side.");
        var (first, second) = RankDistances(reference, current);
        var statistic = (n * first + m * second) / (product * all) - (4 * product - 1) / (6 * all);
        var mean = (1 + 1 / all) / 6;
        var variance =
            (all + 1) * (4 * product * all - 3 * (n * n + m * m) - 2 * product) / (45 * all * all * 4 * product);
        var scaled = 1.0 / 6 + (statistic - mean) / Math.Sqrt(45 * variance);
        return new TestResult(statistic, scaled < 0.003 ? 1 : LimitTail(scaled));
    }

    // The squared distances between the rank of a value among all and its place in its own sample.
    private static (double First, double Second) RankDistances(Sample reference, Sample current)
    {
        double first = 0,
            second = 0;
        int i = 0,
            j = 0;
        foreach (var tie in Ties.Of(reference, current))
        {
            for (var k = 0; k < tie.First; k++)
                first += Math.Pow(tie.MidRank - ++i, 2);
            for (var k = 0; k < tie.Second; k++)
                second += Math.Pow(tie.MidRank - ++j, 2);
        }
        return (first, second);
    }

    // Far out the slowest of the chi-squares that make up the criterion decides; the series would cancel there.
    private static double LimitTail(double x) =>
        x > 4 ? Math.Sqrt(2) * Normal.TwoSided(Math.PI * Math.Sqrt(x)) : Math.Max(0, 1 - LimitLaw(x));

    // Anderson and Darling (1952): a series of modified Bessel functions of order 1/4.
    private static double LimitLaw(double x)
    {
        double sum = 0;
        var coefficient = 1.0;
        for (var k = 0; k < 60; k++)
        {
            var y = 4 * k + 1;
            var q = y * y / (16 * x);
            var term = coefficient * Math.Sqrt(y) * ScaledBessel(q) * Math.Exp(-2 * q);
            sum += term;
            if (term < 1e-18 * sum)
                break;
            coefficient *= (k + 0.5) / (k + 1);
        }
        return sum / (Math.PI * Math.Sqrt(x));
    }

    // e^q K_{1/4}(q) = ∫ exp(-q (cosh t - 1)) cosh(t/4) dt; the trapezoid rule converges geometrically here.
    private static double ScaledBessel(double q)
    {
        const double step = 0.05;
        var sum = 0.5;
        for (var t = step; ; t += step)
        {
            var exponent = q * (Math.Cosh(t) - 1);
            if (exponent > 745)
                return sum * step;
            sum += Math.Exp(-exponent) * Math.Cosh(t / 4);
        }
    }
}
