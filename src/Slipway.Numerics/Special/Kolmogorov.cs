namespace Slipway.Numerics.Special;

/// <summary>
/// Tail probabilities of Kolmogorov's statistic. For one sample of n the exact law, computed by the method that is stable
/// in each region, as Simard and L'Ecuyer (Computing the two-sided Kolmogorov-Smirnov distribution, 2011) sort them; for
/// two samples the exact law by counting lattice paths (Hodges, 1958).
/// </summary>
public static class Kolmogorov
{
    /// <summary>The probability that one sample of n lies at least d from its law.</summary>
    public static double OneSampleTail(int n, double d)
    {
        if (n < 1)
            throw new NotComputableException("The distribution of Kolmogorov's statistic needs at least one value.");
        var t = n * d;
        if (t <= 0.5)
            return 1;
        if (d >= 1)
            return 0;
        if (t <= 1)
            return 1 - Math.Exp(Gamma.LogFactorial(n) + n * Math.Log((2 * t - 1) / n));
        if (t >= n - 1)
            return 2 * Math.Pow(1 - d, n);
        var scaled = t * d;
        if (d >= 0.5 || scaled >= (n <= 140 ? 4 : 2.2))
            return Math.Min(1, 2 * OneSidedTail(n, d));
        if (n <= 140 || (n <= 100_000 && n * Math.Pow(d, 1.5) <= 1.4))
            return Math.Clamp(1 - MatrixPower(n, d), 0, 1);
        return Math.Clamp(1 - PelzGood(n, d), 0, 1);
    }

    /// <summary>The limit for endless samples: the probability of more than x of √n·D.</summary>
    public static double LimitTail(double x)
    {
        if (x <= 0)
            return 1;
        if (x < 1)
        {
            var sum = 0.0;
            for (var k = 1; k < 20; k += 2)
                sum += Math.Exp(-k * k * Math.PI * Math.PI / (8 * x * x));
            return 1 - Math.Sqrt(2 * Math.PI) / x * sum;
        }
        var tail = 0.0;
        for (var k = 1; k < 20; k++)
            tail += (k % 2 == 1 ? 1 : -1) * Math.Exp(-2.0 * k * k * x * x);
        return 2 * tail;
    }

    /// <summary>
    /// The probability that two samples of these sizes from one continuous law lie at least d apart. Each cell of the
    /// lattice holds the share of the paths to it that have left the band, so nothing cancels where it is tiny.
    /// </summary>
    public static double TwoSampleTail(int first, int second, double d)
    {
        var (m, n) = first <= second ? (first, second) : (second, first);
        var divisor = Divisor(m, n);
        long stepM = m / divisor;
        long stepN = n / divisor;
        var limit = (long)Math.Round(d * stepM * n);
        if (limit <= 0)
            return 1;
        var left = new double[m + 1];
        for (long j = 0; j <= m; j++)
            left[j] = j * stepN >= limit ? 1 : 0;
        for (long i = 1; i <= n; i++)
        {
            var centre = i * stepM;
            if (centre >= limit)
                left[0] = 1;
            // Cells outside the band hold 1; they are written where the band has moved on.
            var low = Math.Clamp((centre - limit) / stepN, 0, m);
            var high = Math.Clamp((centre + limit) / stepN + 1, 0, m);
            for (var j = Math.Max(low, 1); j <= high; j++)
            {
                left[j] = Math.Abs(centre - j * stepN) >= limit ? 1 : (i * left[j] + j * left[j - 1]) / (i + j);
            }
        }
        return Math.Clamp(left[m], 0, 1);
    }

    // Smirnov's exact one-sided tail (Birnbaum and Tingey, 1951), in logarithms.
    private static double OneSidedTail(int n, double d)
    {
        var last = (int)Math.Floor(n * (1 - d));
        var sum = 0.0;
        for (var j = 0; j <= last; j++)
        {
            var rest = 1 - d - (double)j / n;
            if (rest <= 0)
                continue;
            sum += Math.Exp(Gamma.LogBinomial(n, j) + (n - j) * Math.Log(rest) + (j - 1) * Math.Log(d + (double)j / n));
        }
        return Math.Min(1, d * sum);
    }

    // Marsaglia, Tsang and Wang (2003): the law as an entry of the n-th power of Durbin's matrix.
    private static double MatrixPower(int n, double d)
    {
        var k = (int)Math.Ceiling(n * d);
        var size = 2 * k - 1;
        var h = k - n * d;
        var matrix = DurbinMatrix(size, h);
        var (power, exponent) = Raise(matrix, size, n);
        var value = power[(k - 1) * size + k - 1];
        for (var i = 1; i <= n; i++)
        {
            value = value * i / n;
            if (value < 1e-140)
            {
                value *= 1e140;
                exponent -= 140;
            }
        }
        return value * Math.Pow(10, exponent);
    }

    private static double[] DurbinMatrix(int size, double h)
    {
        var matrix = new double[size * size];
        for (var i = 0; i < size; i++)
        {
            for (var j = 0; j <= Math.Min(i + 1, size - 1); j++)
                matrix[i * size + j] = 1;
        }
        for (var i = 0; i < size; i++)
        {
            matrix[i * size] -= Math.Pow(h, i + 1);
            matrix[(size - 1) * size + i] -= Math.Pow(h, size - i);
        }
        if (2 * h > 1)
            matrix[(size - 1) * size] += Math.Pow(2 * h - 1, size);
        for (var i = 0; i < size; i++)
        {
            for (var j = 0; j < i + 1; j++)
                matrix[i * size + j] /= Math.Exp(Gamma.LogFactorial(i - j + 1));
        }
        return matrix;
    }

    private static (double[] Power, int Exponent) Raise(double[] matrix, int size, int n)
    {
        if (n == 1)
            return (matrix, 0);
        var (half, exponent) = Raise(matrix, size, n / 2);
        var result = Multiply(half, half, size);
        exponent *= 2;
        if (n % 2 == 1)
            result = Multiply(result, matrix, size);
        if (result[size / 2 * size + size / 2] > 1e140)
        {
            for (var i = 0; i < result.Length; i++)
                result[i] *= 1e-140;
            exponent += 140;
        }
        return (result, exponent);
    }

    private static double[] Multiply(double[] a, double[] b, int size)
    {
        var product = new double[a.Length];
        for (var i = 0; i < size; i++)
        {
            for (var k = 0; k < size; k++)
            {
                var factor = a[i * size + k];
                for (var j = 0; j < size; j++)
                    product[i * size + j] += factor * b[k * size + j];
            }
        }
        return product;
    }

    // Pelz and Good (1976): the limit law with three corrections in powers of 1/√n.
    private static double PelzGood(int n, double d)
    {
        var root = Math.Sqrt(n);
        var z = root * d;
        double z2 = z * z,
            z4 = z2 * z2,
            z6 = z4 * z2;
        const double pi2 = Math.PI * Math.PI;
        const double pi4 = pi2 * pi2;
        const double pi6 = pi4 * pi2;
        double k0 = 0,
            k1 = 0,
            k2 = 0,
            k2b = 0,
            k3 = 0,
            k3b = 0;
        for (var k = 0; k < 20; k++)
        {
            var odd = (k + 0.5) * (k + 0.5);
            var e = Math.Exp(-odd * pi2 / (2 * z2));
            k0 += e;
            k1 += (pi2 * odd - z2) * e;
            k2 += (6 * z6 + 2 * z4 + pi2 * (2 * z4 - 5 * z2) * odd + pi4 * (1 - 2 * z2) * odd * odd) * e;
            k3 +=
                (
                    -30 * z6
                    - 90 * z6 * z2
                    + pi2 * (135 * z4 - 96 * z6) * odd
                    + pi4 * (212 * z4 - 60 * z2) * odd * odd
                    + pi6 * odd * odd * odd * (5 - 30 * z2)
                ) * e;
        }
        for (var k = 1; k < 20; k++)
        {
            var square = (double)k * k;
            var e = Math.Exp(-square * pi2 / (2 * z2));
            k2b += square * e;
            k3b += (3 * pi2 * square * z2 - pi4 * square * square) * e;
        }
        var half = Math.Sqrt(Math.PI / 2);
        var first = 2 * half * k0 / z;
        var second = 2 * half * k1 / (6 * z4);
        var third = 2 * half * k2 / (72 * z6 * z) - half * pi2 * k2b / (18 * z2 * z);
        var fourth = 2 * half * k3 / (6480 * z6 * z4) + half * k3b / (108 * z6);
        return first + second / root + third / n + fourth / (n * root);
    }

    private static int Divisor(int a, int b)
    {
        while (b != 0)
            (a, b) = (b, a % b);
        return a;
    }
}
