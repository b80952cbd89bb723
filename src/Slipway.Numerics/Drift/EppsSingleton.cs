using Slipway.Numerics.Special;

namespace Slipway.Numerics.Drift;

/// <summary>
/// The test of Epps and Singleton (1986): compares the empirical characteristic functions at two points. Asks for no
/// continuity, so counts and grades may be tested too.
/// </summary>
public static class EppsSingleton
{
    private const int Moments = 4;

    public static TestResult Test(Sample reference, Sample current)
    {
        if (reference.Count < 5 || current.Count < 5)
            throw new NotComputableException("The test of Epps and Singleton needs five values on either side.");
        double n = reference.Count,
            m = current.Count,
            all = n + m;
        var pooled = Sample.Of(Sample.Pool(reference, current));
        var scale = (pooled.Quantile(0.75) - pooled.Quantile(0.25)) / 2;
        if (scale == 0)
            throw new NotComputableException("Half of the values are the same, so they have no scale to be tested at.");
        var (meanA, covarianceA) = Characteristic(reference.Sorted, scale);
        var (meanB, covarianceB) = Characteristic(current.Sorted, scale);
        var covariance = new double[Moments * Moments];
        for (var i = 0; i < covariance.Length; i++)
            covariance[i] = all / n * covarianceA[i] + all / m * covarianceB[i];
        var difference = new double[Moments];
        for (var i = 0; i < Moments; i++)
            difference[i] = meanA[i] - meanB[i];
        var (form, rank) = InverseForm(covariance, difference);
        var statistic = all * form;
        if (Math.Max(n, m) < 25)
            statistic /= 1 + Math.Pow(all, -0.45) + 10.1 * (Math.Pow(n, -1.7) + Math.Pow(m, -1.7));
        return new TestResult(statistic, Gamma.ChiSquareTail(statistic, rank));
    }

    private static (double[] Mean, double[] Covariance) Characteristic(ReadOnlySpan<double> values, double scale)
    {
        var mean = new double[Moments];
        var covariance = new double[Moments * Moments];
        Span<double> row = stackalloc double[Moments];
        foreach (var value in values)
        {
            Fill(row, value / scale);
            for (var i = 0; i < Moments; i++)
                mean[i] += row[i] / values.Length;
        }
        foreach (var value in values)
        {
            Fill(row, value / scale);
            for (var i = 0; i < Moments; i++)
            {
                for (var j = 0; j < Moments; j++)
                    covariance[i * Moments + j] += (row[i] - mean[i]) * (row[j] - mean[j]) / values.Length;
            }
        }
        return (mean, covariance);
    }

    private static void Fill(Span<double> row, double value)
    {
        (row[2], row[0]) = Math.SinCos(0.4 * value);
        (row[3], row[1]) = Math.SinCos(0.8 * value);
    }

    // d' C⁺ d with the generalised inverse, and the rank of C.
    private static (double Form, int Rank) InverseForm(double[] covariance, double[] difference)
    {
        var (values, vectors) = LinearAlgebra.SymmetricEigen(covariance, Moments);
        if (values[0] < 1e-25)
            throw new NotComputableException(
                "Both samples are constant, so the test of Epps and Singleton is undefined."
            );
        double form = 0;
        var rank = 0;
        for (var i = 0; i < Moments; i++)
        {
            if (values[i] <= values[0] * Moments * 2.3e-16)
                continue;
            rank++;
            var projection = 0.0;
            for (var j = 0; j < Moments; j++)
                projection += vectors[i * Moments + j] * difference[j];
            form += projection * projection / values[i];
        }
        return (form, rank);
    }
}
