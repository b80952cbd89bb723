using FsCheck;
using FsCheck.Fluent;
using Slipway.Tracking;

namespace Slipway.Tests.Tracking;

public sealed class ThinningTests
{
    [Fact]
    public void A_short_series_stays_whole_in_the_order_of_steps()
    {
        var points = new List<MetricPoint> { new(1, 3, 0.1), new(2, 1, 0.2), new(3, 2, 0.3) };

        Assert.Equal([1, 2, 3], Thinning.Thin(points, 3).Select(point => point.Step));
    }

    [Fact]
    public void Ends_and_extremes_survive_however_few_points_are_left() =>
        Prop.ForAll(
                Gen.Choose(4, 60).SelectMany(limit => Gen.Choose(0, 400).Select(count => (limit, count))).ToArbitrary(),
                Gen.Choose(0, int.MaxValue).ToArbitrary(),
                (size, seed) =>
                {
                    var random = new Random(seed);
                    var points = Enumerable
                        .Range(0, size.count)
                        .Select(i => new MetricPoint(i, i, random.NextDouble() < 0.1 ? double.NaN : random.Next(1000)))
                        .ToList();

                    var thin = Thinning.Thin(points, size.limit);

                    Assert.True(thin.Count <= size.limit && thin.Count >= Math.Min(points.Count, size.limit / 3));
                    if (points.Count == 0)
                        return;
                    Assert.Equal(points[0], thin[0]);
                    Assert.Equal(points[^1], thin[^1]);
                    Assert.Equal(Highest(points), Highest(thin));
                    Assert.Equal(Highest(points.Select(Negative)), Highest(thin.Select(Negative)));
                    Assert.Equal(thin.OrderBy(point => point.Step), thin);
                }
            )
            .QuickCheckThrowOnFailure();

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    [InlineData(3, 2)]
    public void A_limit_too_small_for_extremes_keeps_the_ends(int limit, int kept)
    {
        var points = Enumerable.Range(0, 10).Select(i => new MetricPoint(i, i, i)).ToList();

        Assert.Equal(kept, Thinning.Thin(points, limit).Count);
    }

    private static MetricPoint Negative(MetricPoint point) => point with { Value = -point.Value };

    private static double Highest(IEnumerable<MetricPoint> points) =>
        points.Where(point => !double.IsNaN(point.Value)).Select(point => point.Value).DefaultIfEmpty(0).Max();
}
