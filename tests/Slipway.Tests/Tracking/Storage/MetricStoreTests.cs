using Slipway.Tests.Kit;
using Slipway.Tracking;

namespace Slipway.Tests.Tracking.Storage;

public sealed class MetricStoreTests
{
    public static TheoryData<string> Stores => TestStore.Kinds;

    [Theory, MemberData(nameof(Stores))]
    public async Task A_history_is_ordered_by_time_then_step_then_value(string kind)
    {
        await using var tracking = await TrackingFixture.OpenAsync(kind);
        var run = await tracking.StartAsync();
        await tracking.LogAsync(
            run,
            Point("loss", 20, 1, 0.5),
            Point("loss", 10, 9, 0.7),
            Point("loss", 10, 2, 0.9),
            Point("loss", 10, 2, 0.1)
        );
        Assert.Equal(
            [new(10, 2, 0.1), new(10, 2, 0.9), new(10, 9, 0.7), new(20, 1, 0.5)],
            await tracking.HistoryAsync(run, "loss")
        );
    }

    [Theory, MemberData(nameof(Stores))]
    public async Task The_same_point_logged_again_is_stored_once_before_and_after_folding(string kind)
    {
        await using var tracking = await TrackingFixture.OpenAsync(kind);
        var run = await tracking.StartAsync();
        await tracking.LogAsync(run, Point("loss", 1, 1, 0.5), Point("loss", 1, 1, double.NaN));
        await tracking.LogAsync(run, Point("loss", 1, 1, 0.5), Point("loss", 1, 1, double.NaN));
        Assert.Equal(2, (await tracking.HistoryAsync(run, "loss")).Count);
        await tracking.FoldAsync(run);
        await tracking.LogAsync(run, Point("loss", 1, 1, 0.5));
        await tracking.FoldAsync(run);
        Assert.Equal(2, (await tracking.HistoryAsync(run, "loss")).Count);
    }

    [Theory, MemberData(nameof(Stores))]
    public async Task The_latest_value_is_that_of_the_highest_step_then_time_then_value(string kind)
    {
        await using var tracking = await TrackingFixture.OpenAsync(kind);
        var run = await tracking.StartAsync();
        await tracking.LogAsync(run, Point("a", 5, 3, 1), Point("a", 9, 2, 2), Point("b", 1, 0, 7));
        await tracking.LogAsync(run, Point("a", 6, 3, 0.5), Point("b", 1, 0, 3));
        var latest = (await tracking.Runs.GetAsync(tracking.Caller, run.Head.Id)).Metrics.ToDictionary(
            m => m.Key,
            m => m.Point
        );
        Assert.Equal(new MetricPoint(6, 3, 0.5), latest["a"]);
        Assert.Equal(new MetricPoint(1, 0, 7), latest["b"]);
    }

    [Theory, MemberData(nameof(Stores))]
    public async Task Folding_never_changes_what_a_reader_sees(string kind)
    {
        foreach (var seed in Enumerable.Range(0, Seeds.Count(5, 200)))
        {
            var random = new Random(seed);
            await using var tracking = await TrackingFixture.OpenAsync(kind);
            var run = await tracking.StartAsync();
            var expected = new Dictionary<string, SortedSet<MetricPoint>>();
            for (var write = 0; write < 60; write++)
            {
                var batch = Enumerable.Range(0, random.Next(1, 200)).Select(_ => RandomPoint(random, write)).ToArray();
                await tracking.LogAsync(run, batch);
                foreach (var metric in batch)
                {
                    if (!expected.TryGetValue(metric.Key, out var points))
                        expected.Add(metric.Key, points = []);
                    points.Add(metric.Point);
                }
                if (random.Next(4) == 0)
                    await tracking.FoldAsync(run);
            }
            foreach (var (key, points) in expected)
            {
                Assert.Equal(points, await tracking.HistoryAsync(run, key));
                await CheckPagesAsync(tracking, run, key, [.. points], random);
            }
        }
    }

    [Theory, MemberData(nameof(Stores))]
    public async Task Pages_over_many_chunks_are_what_the_whole_history_has_there(string kind)
    {
        await using var tracking = await TrackingFixture.OpenAsync(kind);
        var run = await tracking.StartAsync();
        var random = new Random(3);
        MetricPoint[] points = [.. Enumerable.Range(0, 10_000).Select(i => new MetricPoint(1000 + i, i, i / 3.0))];
        await tracking.LogAsync(run, [.. points[..9000].Select(point => new Metric("loss", point))]);
        await tracking.FoldAsync(run);
        await CheckPagesAsync(tracking, run, "loss", points[..9000], random);

        await tracking.LogAsync(run, [.. points[9000..].Select(point => new Metric("loss", point))]);
        await CheckPagesAsync(tracking, run, "loss", points, random);

        // Twice, and too late.
        await tracking.LogAsync(run, [.. points[4000..4100].Select(point => new Metric("loss", point))]);
        await CheckPagesAsync(tracking, run, "loss", points, random);
    }

    private static async Task CheckPagesAsync(
        TrackingFixture tracking,
        Run run,
        string key,
        MetricPoint[] expected,
        Random random
    )
    {
        for (var i = 0; i < 20; i++)
        {
            var (offset, limit) = (random.Next(expected.Length + 10), random.Next(1, 5000));
            var page = await tracking.Runs.HistoryAsync(tracking.Caller, run.Head.Id, key, offset, limit);
            Assert.Equal(expected.Skip(offset).Take(limit), page.Points);
            Assert.Equal(expected.Length, page.Total);
            Assert.Equal(offset + limit < expected.Length ? offset + limit : null, page.NextOffset);
        }
    }

    [Theory, MemberData(nameof(Stores))]
    public async Task A_run_may_have_thousands_of_metrics(string kind)
    {
        await using var tracking = await TrackingFixture.OpenAsync(kind);
        var run = await tracking.StartAsync();
        for (var part = 0; part < 5; part++)
            await tracking.LogAsync(
                run,
                [.. Enumerable.Range(0, 1000).Select(i => Point($"m{(part * 1000) + i}", 1, i, i))]
            );
        var metrics = (await tracking.Runs.GetAsync(tracking.Caller, run.Head.Id)).Metrics;
        Assert.Equal(5000, metrics.Count);
        Assert.All(metrics, m => Assert.Equal(m.Point.Step, m.Point.Value));
    }

    private static Metric Point(string key, long timestamp, long step, double value) =>
        new(key, new MetricPoint(timestamp, step, value));

    /// <summary>Mostly growing steps, as trainings log them, with repeats, late points and odd values between.</summary>
    private static Metric RandomPoint(Random random, int write)
    {
        var step = random.Next(10) == 0 ? random.Next(-5, 5000) : (write * 100) + random.Next(100);
        var time = random.Next(3) == 0 ? 1_700_000_000_000 : 1_700_000_000_000 + step;
        var value =
            random.Next(20) == 0 ? double.NaN
            : random.Next(3) == 0 ? step
            : random.NextDouble();
        return Point($"m{random.Next(3)}", time, step, value);
    }
}
