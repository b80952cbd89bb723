using Slipway.Numerics.Estimation;
using Slipway.Numerics.Metrics;
using Slipway.Numerics.Sampling;

namespace Slipway.Numerics.Tests.Estimation;

public sealed class EstimationTests
{
    [Fact]
    public void Neighbours_that_fall_are_pooled_to_their_mean()
    {
        var fit = IsotonicRegression.Fit([1, 2, 3, 4, 5, 5], [0, 1, 0, 1, 1, 0]);
        Assert.Equal(0, fit.Predict(0.5));
        Assert.Equal(0, fit.Predict(1));
        Assert.Equal(0.5, fit.Predict(2));
        Assert.Equal(0.5, fit.Predict(3));
        Assert.Equal(0.25, fit.Predict(1.5));
        Assert.Equal(2.0 / 3, fit.Predict(4), 12);
        Assert.Equal(2.0 / 3, fit.Predict(9), 12);
    }

    [Fact]
    public void A_fit_rises_and_keeps_the_mean()
    {
        var random = new RandomSource(8);
        var scores = Enumerable.Range(0, 500).Select(_ => random.NextDouble()).ToArray();
        var outcomes = scores.Select(s => random.NextDouble() < s * s ? 1.0 : 0).ToArray();
        var fit = IsotonicRegression.Fit(scores, outcomes);
        var fitted = scores.Order().Select(fit.Predict).ToArray();
        Assert.Equal(fitted.Order(), fitted);
        Assert.Equal(outcomes.Average(), fitted.Average(), 10);
    }

    [Fact]
    public void The_estimate_meets_what_the_labels_show_later_also_when_the_inputs_shift()
    {
        var random = new RandomSource(21);
        var (scores, truth) = Draw(random, 20_000, 0);
        var calibration = IsotonicRegression.Fit(scores, [.. truth.Select(t => t ? 1.0 : 0)]);
        var (later, laterTruth) = Draw(random, 20_000, -0.25);
        var predicted = later.Select(s => s >= 0.5).ToArray();
        var estimate = PerformanceEstimate.Of([.. later.Select(calibration.Predict)], predicted, later);
        var matrix = ConfusionMatrix.Of(
            [.. laterTruth.Select(t => t ? 1 : 0)],
            [.. predicted.Select(p => p ? 1 : 0)],
            2
        );
        Assert.InRange(estimate.Accuracy - matrix.Accuracy(), -0.015, 0.015);
        Assert.InRange(estimate.Precision - matrix.Precision(1), -0.03, 0.03);
        Assert.InRange(estimate.Recall - matrix.Recall(1), -0.03, 0.03);
        Assert.InRange(estimate.F1 - matrix.F(1), -0.03, 0.03);
        Assert.InRange(estimate.Specificity - matrix.Recall(0), -0.03, 0.03);
        Assert.InRange(estimate.RocAuc() - BinaryScores.Of(laterTruth, later).RocAuc(), -0.02, 0.02);
        Assert.InRange(
            estimate.AveragePrecision() - BinaryScores.Of(laterTruth, later).AveragePrecision(),
            -0.03,
            0.03
        );
        Assert.InRange(estimate.AccuracyError, 0.001, 0.005);
    }

    [Fact]
    public void Certain_probabilities_give_certain_figures()
    {
        var estimate = PerformanceEstimate.Of([1, 0, 1, 0], [true, false, false, true], [0.9, 0.1, 0.4, 0.6]);
        Assert.Equal(0.5, estimate.Accuracy);
        Assert.Equal(0, estimate.AccuracyError);
        Assert.Equal(0.75, estimate.RocAuc());
        Assert.Equal(0.85, PerformanceEstimate.AccuracyOfClasses([0.9, 0.1, 0.2, 0.8], 2, [0, 1]), 12);
    }

    // A score of s means s² of a positive, so the scores are not calibrated; the shift moves inputs alone.
    private static (double[] Scores, bool[] Truth) Draw(RandomSource random, int count, double shift)
    {
        var scores = Enumerable
            .Range(0, count)
            .Select(_ => Math.Clamp(random.NextDouble() + shift * random.NextDouble(), 0, 1))
            .ToArray();
        return (scores, [.. scores.Select(s => random.NextDouble() < s * s)]);
    }
}
