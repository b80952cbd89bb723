using Slipway.Numerics.Drift;
using Slipway.Numerics.Sampling;
using Slipway.Numerics.Sketches;

namespace Slipway.Numerics.Tests.Sketches;

/// <summary>The published accuracy of the sketches, over many streams: 1000 when SLIPWAY_TEST_LONG is set, else fewer.</summary>
public sealed class AccuracyTests
{
    private static readonly int Trials = Environment.GetEnvironmentVariable("SLIPWAY_TEST_LONG") == "1" ? 1000 : 20;

    [Fact]
    public void The_largest_rank_error_at_a_point_keeps_the_published_bound_in_99_of_100_streams()
    {
        const int count = 100_000;
        var failed = 0;
        for (var trial = 0; trial < Trials; trial++)
        {
            var values = Stream(trial, count);
            var sketch = new QuantileSketch();
            sketch.Add(values);
            failed += ErrorAt(sketch, values, 0.5) > 0.0133 ? 1 : 0;
        }
        Assert.True(failed <= Math.Max(2, Trials / 100), $"{failed} of {Trials} streams beyond 1.33 %.");
    }

    [Fact]
    public void The_rank_error_over_all_quantiles_keeps_the_bound_of_whole_distributions()
    {
        const int count = 100_000;
        var failed = 0;
        for (var trial = 0; trial < Trials; trial++)
        {
            var values = Stream(trial + 5000, count);
            var sketch = new QuantileSketch();
            sketch.Add(values);
            failed += WorstError(sketch, values) > 0.0165 ? 1 : 0;
        }
        Assert.True(failed <= Math.Max(2, Trials / 100), $"{failed} of {Trials} streams beyond 1.65 %.");
    }

    [Fact]
    public void Parts_merged_are_as_exact_as_the_whole()
    {
        const int count = 100_000;
        var failed = 0;
        for (var trial = 0; trial < Trials; trial++)
        {
            var values = Stream(trial + 9000, count);
            var merged = new QuantileSketch();
            foreach (var part in values.Chunk(count / 16))
            {
                var sketch = new QuantileSketch();
                sketch.Add(part);
                merged.Merge(QuantileSketch.FromBytes(sketch.ToBytes()));
            }
            Assert.Equal(count, merged.Count);
            failed += ErrorAt(merged, values, 0.3) > 0.0133 ? 1 : 0;
        }
        Assert.True(failed <= Math.Max(2, Trials / 100), $"{failed} of {Trials} streams beyond 1.33 %.");
    }

    [Theory]
    [InlineData(100_000)]
    [InlineData(20_000)]
    [InlineData(3000)]
    [InlineData(100)]
    public void Different_values_are_counted_with_the_published_standard_error(int distinct)
    {
        double squares = 0,
            worst = 0;
        for (var trial = 0; trial < Trials; trial++)
        {
            var sketch = new DistinctSketch();
            var other = new DistinctSketch();
            for (var i = 0; i < distinct; i++)
                (i % 2 == 0 ? sketch : other).AddHash(Hashing.Of((ulong)trial << 40 | (uint)i));
            sketch.Merge(DistinctSketch.FromBytes(other.ToBytes()));
            var error = sketch.Estimate() / distinct - 1;
            squares += error * error;
            worst = Math.Max(worst, Math.Abs(error));
        }
        // The error of the estimated standard error itself: 1/√(2 trials).
        var bound = 0.017 * (1 + (Trials >= 1000 ? 0 : 2 / Math.Sqrt(2 * Trials)));
        Assert.True(Math.Sqrt(squares / Trials) <= bound, $"{Math.Sqrt(squares / Trials):P3} of {distinct}");
        Assert.True(worst < 0.1);
    }

    [Fact]
    public void Drift_from_sketches_lies_within_a_hundredth_of_drift_from_all_values()
    {
        var random = new RandomSource(77);
        var reference = Enumerable.Range(0, 200_000).Select(_ => random.NextNormal()).ToArray();
        var current = Enumerable.Range(0, 200_000).Select(_ => 1.1 * random.NextNormal() + 0.1).ToArray();
        var (a, b) = (new QuantileSketch(800), new QuantileSketch(800));
        a.Add(reference);
        b.Add(current);
        Sample exactA = Sample.Of(reference),
            exactB = Sample.Of(current);
        Near(KolmogorovSmirnov.Distance(exactA, exactB), SketchDistances.KolmogorovSmirnov(a, b).Statistic);
        Near(CdfDistances.Wasserstein(exactA, exactB), SketchDistances.Wasserstein(a, b));
        var edges = Binning.ReferenceQuantiles(exactA, 10);
        Near(
            Divergence.Psi(PairedCounts.Of(exactA, exactB, edges)),
            Divergence.Psi(SketchDistances.Bin(a, b, SketchDistances.QuantileEdges(a, 10)))
        );
        Near(
            Divergence.JensenShannonDistance(PairedCounts.Of(exactA, exactB, edges)),
            Divergence.JensenShannonDistance(SketchDistances.Bin(a, b, edges))
        );

        static void Near(double exact, double sketched) => Assert.InRange(sketched - exact, -0.01, 0.01);
    }

    // By turns: random, ascending, with long runs of equal values, and all at once in humps.
    private static double[] Stream(int trial, int count)
    {
        var random = new RandomSource((ulong)trial);
        var values = new double[count];
        for (var i = 0; i < count; i++)
            values[i] = (trial % 4) switch
            {
                0 => random.NextDouble(),
                1 => i,
                2 => Math.Floor(-30 * Math.Log(1 - random.NextDouble())),
                _ => random.NextNormal() + i / 10_000 % 3,
            };
        return values;
    }

    private static double ErrorAt(QuantileSketch sketch, double[] values, double share)
    {
        var sorted = values.Order().ToArray();
        var point = sorted[(int)(share * (sorted.Length - 1))];
        return Math.Abs(sketch.Rank(point) - (double)sorted.Count(v => v <= point) / sorted.Length);
    }

    private static double WorstError(QuantileSketch sketch, double[] values)
    {
        var sorted = values.Order().ToArray();
        var worst = 0.0;
        for (var i = 1; i < 100; i++)
        {
            var point = sorted[i * sorted.Length / 100];
            var rank = (double)UpTo(sorted, point) / sorted.Length;
            worst = Math.Max(worst, Math.Abs(sketch.Rank(point) - rank));
        }
        return worst;
    }

    private static int UpTo(double[] sorted, double point)
    {
        var at = Array.BinarySearch(sorted, point);
        while (at < sorted.Length && sorted[at] == point)
            at++;
        return at;
    }
}
