namespace Slipway.Numerics.Special;

/// <summary>The incomplete beta function and the distributions that are one (NIST DLMF 8.17).</summary>
public static class Beta
{
    /// <summary>I_x(a, b): the probability that a beta variable with these shapes is at most x.</summary>
    public static double Regularized(double x, double a, double b)
    {
        if (x <= 0)
            return 0;
        if (x >= 1)
            return 1;
        var front = Math.Exp(Gamma.Log(a + b) - Gamma.Log(a) - Gamma.Log(b) + a * Math.Log(x) + b * Math.Log(1 - x));
        return x < (a + 1) / (a + b + 2) ? front * Fraction(x, a, b) / a : 1 - front * Fraction(1 - x, b, a) / b;
    }

    /// <summary>The probability that Student's t with so many degrees of freedom is farther from 0 than t.</summary>
    public static double StudentTwoSided(double t, double degrees) =>
        Regularized(degrees / (degrees + t * t), degrees / 2, 0.5);

    // The continued fraction DLMF 8.17.22 by Lentz's method.
    private static double Fraction(double x, double a, double b)
    {
        const double tiny = 1e-300;
        var c = 1.0;
        var d = Guard(1 - (a + b) * x / (a + 1));
        d = 1 / d;
        var h = d;
        for (var m = 1; m < 10_000; m++)
        {
            var even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
            d = 1 / Guard(1 + even * d);
            c = Guard(1 + even / c);
            h *= d * c;
            var odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
            d = 1 / Guard(1 + odd * d);
            c = Guard(1 + odd / c);
            var step = d * c;
            h *= step;
            if (Math.Abs(step - 1) < 1e-16)
                break;
        }
        return h;

        static double Guard(double value) => Math.Abs(value) < tiny ? tiny : value;
    }
}
