namespace Slipway.Numerics.Metrics;

/// <summary>How far predicted numbers lie from true ones.</summary>
public static class Regression
{
    private const double SmallestDenominator = 2.220446049250313e-16;

    public static double MeanSquaredError(ReadOnlySpan<double> truth, ReadOnlySpan<double> predicted) =>
        Mean(truth, predicted, (y, p) => (y - p) * (y - p));

    public static double RootMeanSquaredError(ReadOnlySpan<double> truth, ReadOnlySpan<double> predicted) =>
        Math.Sqrt(MeanSquaredError(truth, predicted));

    public static double MeanAbsoluteError(ReadOnlySpan<double> truth, ReadOnlySpan<double> predicted) =>
        Mean(truth, predicted, (y, p) => Math.Abs(y - p));

    public static double MedianAbsoluteError(ReadOnlySpan<double> truth, ReadOnlySpan<double> predicted) =>
        Sample.Of(AbsoluteErrors(truth, predicted)).Quantile(0.5);

    public static double LargestError(ReadOnlySpan<double> truth, ReadOnlySpan<double> predicted) =>
        AbsoluteErrors(truth, predicted).Max();

    /// <summary>The mean error as a fraction of the truth, not in percent; where the truth is about 0 it explodes.</summary>
    public static double MeanAbsolutePercentageError(ReadOnlySpan<double> truth, ReadOnlySpan<double> predicted) =>
        Mean(truth, predicted, (y, p) => Math.Abs(y - p) / Math.Max(Math.Abs(y), SmallestDenominator));

    /// <summary>The mean squared distance of ln(1 + y); for numbers that are not negative.</summary>
    public static double MeanSquaredLogError(ReadOnlySpan<double> truth, ReadOnlySpan<double> predicted)
    {
        Above(truth, 0, orEqual: true);
        Above(predicted, 0, orEqual: true);
        return Mean(
            truth,
            predicted,
            (y, p) =>
            {
                var difference = double.LogP1(y) - double.LogP1(p);
                return difference * difference;
            }
        );
    }

    /// <summary>The share of variance explained; a constant truth gives 1 when hit exactly and 0 when not.</summary>
    public static double R2(ReadOnlySpan<double> truth, ReadOnlySpan<double> predicted)
    {
        var residual = MeanSquaredError(truth, predicted);
        RequireTwo(truth);
        var mean = Summation.Mean(truth);
        return Explained(residual, Mean(truth, truth, (y, _) => (y - mean) * (y - mean)));
    }

    /// <summary>As R², but a constant error costs nothing.</summary>
    public static double ExplainedVariance(ReadOnlySpan<double> truth, ReadOnlySpan<double> predicted)
    {
        var bias = Mean(truth, predicted, (y, p) => y - p);
        var mean = Summation.Mean(truth);
        return Explained(
            Mean(truth, predicted, (y, p) => (y - p - bias) * (y - p - bias)),
            Mean(truth, truth, (y, _) => (y - mean) * (y - mean))
        );
    }

    /// <summary>The loss that is least at the quantile q (Koenker and Bassett, 1978).</summary>
    public static double Pinball(ReadOnlySpan<double> truth, ReadOnlySpan<double> predicted, double q) =>
        Mean(truth, predicted, (y, p) => y >= p ? q * (y - p) : (1 - q) * (p - y));

    /// <summary>The share of pinball loss explained, against the best constant; q = 0.5 is that of absolute errors.</summary>
    public static double D2Pinball(ReadOnlySpan<double> truth, ReadOnlySpan<double> predicted, double q = 0.5)
    {
        var loss = Pinball(truth, predicted, q);
        RequireTwo(truth);
        var constant = new double[truth.Length];
        constant.AsSpan().Fill(Sample.Of(truth).Quantile(q));
        return Explained(loss, Pinball(truth, constant, q));
    }

    /// <summary>The mean deviance of Poisson counts: truth at least 0, predictions above.</summary>
    public static double PoissonDeviance(ReadOnlySpan<double> truth, ReadOnlySpan<double> predicted)
    {
        Above(truth, 0, orEqual: true);
        Above(predicted, 0, orEqual: false);
        return Mean(truth, predicted, (y, p) => 2 * ((y == 0 ? 0 : y * Math.Log(y / p)) - y + p));
    }

    /// <summary>The mean deviance of gamma variables: both above 0.</summary>
    public static double GammaDeviance(ReadOnlySpan<double> truth, ReadOnlySpan<double> predicted)
    {
        Above(truth, 0, orEqual: false);
        Above(predicted, 0, orEqual: false);
        return Mean(truth, predicted, (y, p) => 2 * (Math.Log(p / y) + y / p - 1));
    }

    private static double Mean(
        ReadOnlySpan<double> truth,
        ReadOnlySpan<double> predicted,
        Func<double, double, double> loss
    )
    {
        Require.Pairs(truth, predicted);
        double sum = 0,
            lost = 0;
        for (var i = 0; i < truth.Length; i++)
        {
            var value = loss(truth[i], predicted[i]) - lost;
            var next = sum + value;
            lost = next - sum - value;
            sum = next;
        }
        return sum / truth.Length;
    }

    private static double[] AbsoluteErrors(ReadOnlySpan<double> truth, ReadOnlySpan<double> predicted)
    {
        Require.Pairs(truth, predicted);
        var errors = new double[truth.Length];
        for (var i = 0; i < errors.Length; i++)
            errors[i] = Math.Abs(truth[i] - predicted[i]);
        return errors;
    }

    private static double Explained(double loss, double ofConstant) =>
        ofConstant != 0 ? 1 - loss / ofConstant
        : loss == 0 ? 1
        : 0;

    private static void RequireTwo(ReadOnlySpan<double> truth)
    {
        if (truth.Length < 2)
            throw new NotComputableException("One row has no spread that could be explained.");
    }

    private static void Above(ReadOnlySpan<double> values, double limit, bool orEqual)
    {
        foreach (var value in values)
        {
            if (value < limit || (!orEqual && value == limit))
                throw new NotComputableException($"A value is {value:R}, which this loss is not defined for.");
        }
    }
}
