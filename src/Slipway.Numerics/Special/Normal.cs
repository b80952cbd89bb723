namespace Slipway.Numerics.Special;

/// <summary>The standard normal distribution.</summary>
public static class Normal
{
    private static readonly double SqrtHalf = Math.Sqrt(0.5);

    /// <summary>The complementary error function, exact also far out: Q(1/2, x²) (DLMF 7.11.2).</summary>
    public static double Erfc(double x) =>
        x >= 0 ? Gamma.UpperRegularized(0.5, x * x) : 1 + Gamma.LowerRegularized(0.5, x * x);

    public static double Density(double z) => Math.Exp(-z * z / 2) / Math.Sqrt(2 * Math.PI);

    /// <summary>The probability of at most z.</summary>
    public static double Cumulative(double z) => 0.5 * Erfc(-z * SqrtHalf);

    /// <summary>The probability of more than z.</summary>
    public static double Tail(double z) => 0.5 * Erfc(z * SqrtHalf);

    /// <summary>The probability of being farther from 0 than z.</summary>
    public static double TwoSided(double z) => Erfc(Math.Abs(z) * SqrtHalf);

    /// <summary>
    /// The z that a probability p stays below: a rational start (Abramowitz and Stegun 26.2.23), made exact by Halley's
    /// steps on the distribution itself.
    /// </summary>
    public static double Quantile(double p)
    {
        if (!(p is >= 0 and <= 1))
            throw new ArgumentOutOfRangeException(nameof(p), p, "A probability lies between 0 and 1.");
        if (p == 0)
            return double.NegativeInfinity;
        if (p == 1)
            return double.PositiveInfinity;
        if (p == 0.5)
            return 0;
        var tail = Math.Min(p, 1 - p);
        var t = Math.Sqrt(-2 * Math.Log(tail));
        var z = t - (2.515517 + t * (0.802853 + t * 0.010328)) / (1 + t * (1.432788 + t * (0.189269 + t * 0.001308)));
        for (var step = 0; step < 4; step++)
        {
            var density = Density(z);
            if (density == 0)
                break;
            var error = (Tail(z) - tail) / density;
            z += error / (1 - z * error / 2);
        }
        return p < 0.5 ? -z : z;
    }
}
