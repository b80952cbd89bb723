namespace Slipway.Numerics.Special;

/// <summary>The gamma function and its incomplete forms, to about 14 digits (NIST DLMF chapters 5 and 8).</summary>
public static class Gamma
{
    private const double HalfLogTwoPi = 0.918938533204672741780329736406;
    private const int MaximumTerms = 100_000;

    private static readonly double[] LogFactorials = TabulateLogFactorials();

    /// <summary>ln Γ(x) for x &gt; 0: Stirling's series (DLMF 5.11.1) after lifting x to where it converges.</summary>
    public static double Log(double x)
    {
        if (!(x > 0))
            throw new ArgumentOutOfRangeException(nameof(x), x, "ln Γ is taken of positive numbers here.");
        var shift = 0.0;
        if (x < 10)
        {
            var product = 1.0;
            for (; x < 10; x++)
                product *= x;
            shift = Math.Log(product);
        }
        var square = 1 / (x * x);
        var series =
            1.0 / 12
            + square
                * (
                    -1.0 / 360
                    + square
                        * (
                            1.0 / 1260
                            + square
                                * (
                                    -1.0 / 1680
                                    + square * (1.0 / 1188 + square * (-691.0 / 360360 + square * (1.0 / 156)))
                                )
                        )
                );
        return (x - 0.5) * Math.Log(x) - x + HalfLogTwoPi + series / x - shift;
    }

    /// <summary>ln n!.</summary>
    public static double LogFactorial(int n) => n < LogFactorials.Length ? LogFactorials[n] : Log(n + 1.0);

    /// <summary>ln of n over k.</summary>
    public static double LogBinomial(int n, int k) => LogFactorial(n) - LogFactorial(k) - LogFactorial(n - k);

    /// <summary>P(a, x), the lower incomplete gamma function divided by Γ(a): DLMF 8.7.1.</summary>
    public static double LowerRegularized(double a, double x) =>
        x <= 0 ? 0
        : double.IsPositiveInfinity(x) ? 1
        : x < a + 1 ? Series(a, x)
        : 1 - Fraction(a, x);

    /// <summary>Q(a, x) = 1 − P(a, x), exact also where it is tiny: DLMF 8.9.2.</summary>
    public static double UpperRegularized(double a, double x) =>
        x <= 0 ? 1
        : double.IsPositiveInfinity(x) ? 0
        : x < a + 1 ? 1 - Series(a, x)
        : Fraction(a, x);

    /// <summary>The probability that chi-square with so many degrees of freedom exceeds x.</summary>
    public static double ChiSquareTail(double x, double degrees) => UpperRegularized(degrees / 2, x / 2);

    private static double Series(double a, double x)
    {
        var term = 1 / a;
        var sum = term;
        for (var n = 1; n < MaximumTerms && term > sum * 1e-17; n++)
        {
            term *= x / (a + n);
            sum += term;
        }
        return sum * Math.Exp(a * Math.Log(x) - x - Log(a));
    }

    // Lentz's method for the continued fraction.
    private static double Fraction(double a, double x)
    {
        const double tiny = 1e-300;
        var b = x + 1 - a;
        var c = 1 / tiny;
        var d = 1 / b;
        var h = d;
        for (var i = 1; i < MaximumTerms; i++)
        {
            var an = -i * (i - a);
            b += 2;
            d = an * d + b;
            d = 1 / (Math.Abs(d) < tiny ? tiny : d);
            c = b + an / c;
            if (Math.Abs(c) < tiny)
                c = tiny;
            var step = c * d;
            h *= step;
            if (Math.Abs(step - 1) < 1e-16)
                break;
        }
        return h * Math.Exp(a * Math.Log(x) - x - Log(a));
    }

    private static double[] TabulateLogFactorials()
    {
        var table = new double[256];
        for (var n = 2; n < table.Length; n++)
            table[n] = Log(n + 1.0);
        return table;
    }
}
