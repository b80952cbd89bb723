using Slipway.Numerics.Fairness;
using Slipway.Numerics.Metrics;

namespace Slipway.Numerics.Estimation;

/// <summary>
/// What a classifier is expected to achieve before labels come (confidence-based performance estimation, Białek and others,
/// 2024): a row of calibrated probability p counts as p of a positive. It sees a change of the inputs; that the relation of
/// inputs and outcomes itself changed, it cannot see.
/// </summary>
public sealed class PerformanceEstimate
{
    private readonly double variance;
    private readonly BinaryScores curves;

    private PerformanceEstimate(GroupRates expected, double variance, BinaryScores curves)
    {
        Expected = expected;
        this.variance = variance;
        this.curves = curves;
    }

    /// <summary>The confusion matrix to be expected.</summary>
    public GroupRates Expected { get; }

    public double Accuracy => Expected.Accuracy;

    /// <summary>How far the accuracy of so many rows strays from its expectation by chance alone: one standard error.</summary>
    public double AccuracyError => Math.Sqrt(variance) / Expected.Count;

    public double Precision => Ratio(Expected.TruePositives, Expected.Selected);

    public double Recall => Ratio(Expected.TruePositives, Expected.Positives);

    public double Specificity => Ratio(Expected.TrueNegatives, Expected.Negatives);

    public double F1 => Ratio(2 * Expected.TruePositives, Expected.Selected + Expected.Positives);

    public double RocAuc() => curves.RocAuc();

    public double AveragePrecision() => curves.AveragePrecision();

    /// <param name="calibrated">The probability that a row is positive: <see cref="IsotonicRegression"/> learned on labelled rows gives it.</param>
    /// <param name="predicted">What the model answered.</param>
    /// <param name="scores">The model's own score, which orders the rows.</param>
    public static PerformanceEstimate Of(
        ReadOnlySpan<double> calibrated,
        ReadOnlySpan<bool> predicted,
        ReadOnlySpan<double> scores
    )
    {
        Calibration.RequireProbabilities(predicted.Length, calibrated);
        var expectedCurves = BinaryScores.Expected(calibrated, scores);
        double truePositives = 0,
            falsePositives = 0,
            falseNegatives = 0,
            trueNegatives = 0,
            spread = 0;
        for (var i = 0; i < calibrated.Length; i++)
        {
            var p = calibrated[i];
            spread += p * (1 - p);
            if (predicted[i])
            {
                truePositives += p;
                falsePositives += 1 - p;
            }
            else
            {
                falseNegatives += p;
                trueNegatives += 1 - p;
            }
        }
        return new PerformanceEstimate(
            new GroupRates(truePositives, falsePositives, falseNegatives, trueNegatives),
            spread,
            expectedCurves
        );
    }

    /// <summary>The expected accuracy of a classifier of many classes: the mean probability of the class it chose.</summary>
    public static double AccuracyOfClasses(ReadOnlySpan<double> calibrated, int classes, ReadOnlySpan<int> predicted)
    {
        Require.SameLength(predicted.Length * classes, calibrated.Length);
        Require.Some(predicted.Length);
        var sum = 0.0;
        for (var i = 0; i < predicted.Length; i++)
            sum += calibrated[i * classes + predicted[i]];
        return sum / predicted.Length;
    }

    private static double Ratio(double part, double whole) => whole == 0 ? 0 : part / whole;
}
