using Slipway.Tests.Kit;
using Slipway.Tracking;
using Slipway.Tracking.Storage;

namespace Slipway.Tests.Tracking.Storage;

public sealed class FollowStoreTests
{
    public static TheoryData<string> Kinds => TestStore.Kinds;

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_follower_gets_each_new_point_once_and_nothing_for_folding(string kind)
    {
        await using var tracking = await TrackingFixture.OpenAsync(kind);
        var run = await tracking.StartAsync();
        var follower = new Follower(tracking, run);

        await tracking.LogAsync(run, Points(0, 3));
        Assert.Equal((3, true), await follower.LookAsync());
        Assert.Equal((0, false), await follower.LookAsync());
        await tracking.LogAsync(run, Points(3, 2));
        Assert.Equal((2, false), await follower.LookAsync());
        await tracking.FoldAsync(run);
        Assert.Equal((0, false), await follower.LookAsync());
        await tracking.LogAsync(run, Points(5, 3000));
        await tracking.FoldAsync(run);
        Assert.Equal((3000, false), await follower.LookAsync());
        await tracking.LogAsync(run, Points(3005, 1));

        Assert.Equal((1, false), await follower.LookAsync());
        Assert.Equal(await tracking.HistoryAsync(run, "m"), follower.Points);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_point_of_an_earlier_time_brings_the_series_anew(string kind)
    {
        await using var tracking = await TrackingFixture.OpenAsync(kind);
        var run = await tracking.StartAsync();
        var follower = new Follower(tracking, run);
        await tracking.LogAsync(run, Points(10, 5));
        await follower.LookAsync();

        await tracking.LogAsync(run, Points(2, 1));

        Assert.Equal((6, true), await follower.LookAsync());
        Assert.Equal((0, false), await follower.LookAsync());
    }

    [Fact]
    public async Task A_repeated_batch_brings_a_series_anew_once_at_most()
    {
        await using var tracking = await TrackingFixture.OpenAsync("sqlite");
        var run = await tracking.StartAsync();
        var follower = new Follower(tracking, run);
        await tracking.LogAsync(run, Points(0, 5000));
        await tracking.FoldAsync(run);
        await follower.LookAsync();

        await tracking.LogAsync(run, Points(0, 1000));
        await follower.LookAsync();

        Assert.Equal((0, false), await follower.LookAsync());
        Assert.Equal(5000, follower.Points.Count);
    }

    [Fact]
    public async Task However_points_come_in_the_follower_ends_with_the_history()
    {
        await using var tracking = await TrackingFixture.OpenAsync("sqlite");
        for (var seed = 0; seed < Seeds.Count(10, 200); seed++)
        {
            var random = new Random(seed);
            var run = await tracking.StartAsync();
            var follower = new Follower(tracking, run);
            for (var i = 0; i < 30; i++)
            {
                var first = random.Next(10) == 0 ? random.Next(2000) : i * 100;
                await tracking.LogAsync(run, Points(first, random.Next(1, 120)));
                if (random.Next(4) == 0)
                    await tracking.FoldAsync(run);
                if (random.Next(2) == 0)
                    await follower.LookAsync();
            }
            await follower.LookAsync();

            Assert.Equal(await tracking.HistoryAsync(run, "m"), follower.Points);
        }
    }

    private static Metric[] Points(int first, int count) =>
        [.. Enumerable.Range(first, count).Select(i => new Metric("m", new MetricPoint(i, i, i)))];

    /// <summary>What somebody has who puts together all the news.</summary>
    private sealed class Follower(TrackingFixture tracking, Run run)
    {
        private readonly FollowStore store = new(new MetricNames());
        private readonly Dictionary<string, SeriesMark> marks = [];

        public List<MetricPoint> Points { get; } = [];

        public async Task<(int Count, bool Anew)> LookAsync()
        {
            var news = await tracking.Store.Db.ReadAsync(tx => store.Read(tx, run.Head.Number, marks, _ => true));
            if (!news.TryGetValue("m", out var one))
                return (0, false);
            marks["m"] = one.Mark;
            if (one.Anew)
                Points.Clear();
            Points.AddRange(one.Points);
            return (one.Points.Count, one.Anew);
        }
    }
}
