using Slipway.Numerics.Intervals;
using Slipway.Numerics.Metrics;
using Slipway.Numerics.Sampling;

namespace Slipway.Numerics.Tests.Intervals;

public sealed class IntervalTests
{
    // The worked figures of Newcombe's two papers of 1998.
    [Theory]
    [InlineData(81, 263, 0.2553, 0.3662)]
    [InlineData(15, 148, 0.0624, 0.1605)]
    [InlineData(0, 20, 0.0000, 0.1611)]
    [InlineData(1, 29, 0.0061, 0.1718)]
    public void Wilson_gives_the_published_bounds(int hits, int trials, double low, double high)
    {
        var interval = Proportion.Wilson(hits, trials);
        Assert.Equal(low, interval.Low, 4);
        Assert.Equal(high, interval.High, 4);
    }

    [Theory]
    [InlineData(56, 70, 48, 80, 0.0524, 0.3339)]
    [InlineData(9, 10, 3, 10, 0.1705, 0.8090)]
    [InlineData(10, 10, 0, 20, 0.6791, 1.0000)]
    [InlineData(10, 10, 0, 10, 0.6075, 1.0000)]
    public void Newcombe_gives_the_published_bounds(int a, int m, int b, int n, double low, double high)
    {
        var interval = Proportion.Newcombe(a, m, b, n);
        Assert.Equal(low, interval.Low, 4);
        Assert.Equal(high, interval.High, 4);
    }

    [Fact]
    public void The_variance_of_an_area_equals_its_definition_over_all_pairs()
    {
        var random = new RandomSource(9);
        var truth = Enumerable.Range(0, 60).Select(i => i % 3 == 0).ToArray();
        var scores = truth.Select(t => Math.Round(random.NextNormal() + (t ? 1 : 0), 1)).ToArray();
        var positive = scores.Where((_, i) => truth[i]).ToArray();
        var negative = scores.Where((_, i) => !truth[i]).ToArray();
        var byPositive = positive.Select(p => negative.Average(n => Wins(p, n))).ToArray();
        var byNegative = negative.Select(n => positive.Average(p => Wins(p, n))).ToArray();
        var area = byPositive.Average();
        var variance =
            byPositive.Sum(v => (v - area) * (v - area)) / (positive.Length - 1) / positive.Length
            + byNegative.Sum(v => (v - area) * (v - area)) / (negative.Length - 1) / negative.Length;
        var interval = DeLong.Interval(truth, scores);
        Assert.Equal(BinaryScores.Of(truth, scores).RocAuc(), interval.Estimate, 12);
        Assert.Equal(area - 1.959963984540054 * Math.Sqrt(variance), interval.Low, 12);

        static double Wins(double p, double n) =>
            p > n ? 1
            : p == n ? 0.5
            : 0;
    }

    [Fact]
    public void Two_models_that_score_alike_do_not_differ_and_a_worse_one_does()
    {
        var random = new RandomSource(4);
        var truth = Enumerable.Range(0, 400).Select(_ => random.NextDouble() < 0.4).ToArray();
        var good = truth.Select(t => random.NextNormal() + (t ? 1.5 : 0)).ToArray();
        var noisy = good.Select(s => s + 2 * random.NextNormal()).ToArray();
        Assert.Equal(1, DeLong.Compare(truth, good, good).PValue);
        var test = DeLong.Compare(truth, good, noisy);
        Assert.True(test.Statistic > 3 && test.PValue < 0.01, $"{test}");
    }

    [Fact]
    public void Bounds_hold_the_truth_as_often_as_they_say()
    {
        var random = new RandomSource(12);
        int byWilson = 0,
            byBootstrap = 0;
        for (var trial = 0; trial < 200; trial++)
        {
            var hits = Enumerable.Range(0, 80).Select(_ => random.NextDouble() < 0.3 ? 1.0 : 0).ToArray();
            var wilson = Proportion.Wilson(hits.Sum(), 80);
            byWilson += wilson.Low <= 0.3 && 0.3 <= wilson.High ? 1 : 0;
            var drawn = Bootstrap.Percentile(80, rows => Mean(rows, hits), random, 200);
            byBootstrap += drawn.Low <= 0.3 && 0.3 <= drawn.High ? 1 : 0;
        }
        Assert.InRange(byWilson, 182, 199);
        Assert.InRange(byBootstrap, 178, 199);

        static double Mean(ReadOnlySpan<int> rows, double[] values)
        {
            var sum = 0.0;
            foreach (var row in rows)
                sum += values[row];
            return sum / rows.Length;
        }
    }

    [Fact]
    public void Draws_that_mostly_lack_a_class_give_no_interval()
    {
        bool[] truth = [true, false, false, false];
        double[] scores = [0.9, 0.1, 0.2, 0.3];
        Assert.Throws<NotComputableException>(() =>
            Bootstrap.Percentile(
                4,
                rows =>
                    BinaryScores
                        .Of([.. rows.ToArray().Select(r => truth[r])], [.. rows.ToArray().Select(r => scores[r])])
                        .RocAuc(),
                new RandomSource(1),
                100
            )
        );
    }
}
