using Slipway.Foundation.Filters;
using Slipway.Sdk;
using Slipway.Tests.Kit;
using Slipway.Tracking;

namespace Slipway.Tests.Tracking.Storage;

public sealed class RunSearchTests
{
    public static TheoryData<string> Stores => TestStore.Kinds;

    [Theory, MemberData(nameof(Stores))]
    public async Task A_search_sees_what_was_acknowledged_before_it(string kind)
    {
        await using var tracking = await TrackingFixture.OpenAsync(kind);
        var run = await tracking.StartAsync("first");
        Assert.Equal(["first"], await NamesAsync(tracking, ""));
        Assert.Empty(await NamesAsync(tracking, "metrics.loss < 1"));
        await tracking.LogAsync(run, new Metric("loss", new MetricPoint(1, 1, 0.5)));
        Assert.Equal(["first"], await NamesAsync(tracking, "metrics.loss < 1"));
        await tracking.LogAsync(run, new Metric("loss", new MetricPoint(2, 2, 5)));
        Assert.Empty(await NamesAsync(tracking, "metrics.loss < 1"));
        await tracking.LogParamsAsync(run, new Entry("depth", "7"));
        Assert.Equal(["first"], await NamesAsync(tracking, "params.depth = '7'"));
        await tracking.Runs.UpdateAsync(tracking.Caller, run.Head.Id, new RunChange(RunStatus.Finished, 99, "renamed"));
        Assert.Equal(["renamed"], await NamesAsync(tracking, "status = 'FINISHED' and end_time = 99"));
        await tracking.Runs.DeleteAsync(tracking.Caller, run.Head.Id);
        Assert.Empty(await NamesAsync(tracking, ""));
    }

    [Theory, MemberData(nameof(Stores))]
    public async Task The_least_and_the_most_a_metric_ever_was_are_found_and_ordered_by(string kind)
    {
        await using var tracking = await TrackingFixture.OpenAsync(kind);
        double[][] curves =
        [
            [5, 1, 3],
            [double.NaN, 2, 2.5],
            [4, 4, 4],
        ];
        foreach (var (name, curve) in new[] { "dips", "odd", "flat" }.Zip(curves))
        {
            var run = await tracking.StartAsync(name);
            for (var step = 0; step < curve.Length; step++)
                await tracking.LogAsync(run, new Metric("loss", new MetricPoint(step, step, curve[step])));
        }
        Assert.Equal(["dips"], await NamesAsync(tracking, "lowest.loss < 2"));
        Assert.Equal(["dips"], await NamesAsync(tracking, "highest.loss >= 5"));
        var metric = (
            await tracking.Runs.SearchAsync(
                tracking.Caller,
                new RunQuery([tracking.ExperimentId]) { Order = OrderBy.ParseAll(["lowest.loss ASC"]) }
            )
        )
            .Runs.Select(run => (run.Head.Name, run.Metrics[0].Lowest, run.Metrics[0].Highest))
            .ToList();
        Assert.Equal([("dips", 1, 5), ("odd", 2, 2.5), ("flat", 4, 4)], metric);
    }

    [Theory, MemberData(nameof(Stores))]
    public async Task Runs_are_ordered_by_how_long_they_took_and_those_that_work_come_last(string kind)
    {
        await using var tracking = await TrackingFixture.OpenAsync(kind);
        foreach (var (name, startMs, endMs) in new[] { ("long", 0, 90), ("short", 50, 60) })
        {
            var run = await tracking.StartAsync(name, startMs);
            await tracking.Runs.UpdateAsync(
                tracking.Caller,
                run.Head.Id,
                new RunChange(RunStatus.Finished, endMs, null)
            );
        }
        await tracking.StartAsync("working", startMs: 99);

        var page = await tracking.Runs.SearchAsync(
            tracking.Caller,
            new RunQuery([tracking.ExperimentId]) { Order = OrderBy.ParseAll(["duration DESC"]) }
        );

        Assert.Equal(["long", "short", "working"], page.Runs.Select(run => run.Head.Name));
    }

    [Theory, MemberData(nameof(Stores))]
    public async Task Runs_fall_into_groups_by_a_field_with_their_metrics_in_short(string kind)
    {
        await using var tracking = await TrackingFixture.OpenAsync(kind);
        foreach (var (i, team) in new[] { "red", "blue", "red" }.Index())
        {
            var run = await tracking.StartAsync($"r{i}", i, new Entry("team", team));
            await tracking.LogAsync(run, new Metric("loss", new MetricPoint(1, 1, i)));
        }
        await tracking.StartAsync("without");

        var found = await tracking.Runs.GroupAsync(
            tracking.Caller,
            new RunQuery([tracking.ExperimentId]),
            new RunField(RunFieldKind.Tag, "team"),
            ["loss", "never"]
        );

        Assert.Equal(3, found.Total);
        Assert.Equal(
            [("red", 2), ("blue", 1), (null, 1)],
            found.Groups.Select(group => ((string?)group.Value, group.Runs))
        );
        Assert.Equal(new MetricSummary(2, 1, 0, 2), found.Groups[0].Metrics["loss"]);
        Assert.Equal(["loss"], found.Groups[0].Metrics.Keys);
        Assert.Empty(found.Groups[2].Metrics);
    }

    [Theory, MemberData(nameof(Stores))]
    public async Task Conditions_join_with_and_or_not_and_parentheses(string kind)
    {
        await using var tracking = await TrackingFixture.OpenAsync(kind);
        for (var i = 0; i < 6; i++)
        {
            var run = await tracking.StartAsync($"r{i}", startMs: i, new Entry("team", i % 2 == 0 ? "blue" : "red"));
            await tracking.LogAsync(run, new Metric("loss", new MetricPoint(1, 1, i)));
        }
        Assert.Equal(["r5", "r4", "r0"], await NamesAsync(tracking, "metrics.loss = 0 or metrics.loss > 3"));
        Assert.Equal(
            ["r4"],
            await NamesAsync(
                tracking,
                "(metrics.loss = 0 or metrics.loss > 3) and tags.team = 'blue' and not metrics.loss = 0"
            )
        );
        Assert.Equal(["r3", "r1"], await NamesAsync(tracking, "metrics.loss in (1, 3, 77)"));
        Assert.Equal(["r3", "r1"], await NamesAsync(tracking, "tags.team in ('red') and start_time < 5"));
    }

    [Theory, MemberData(nameof(Stores))]
    public async Task Runs_without_the_field_come_last_in_both_directions_and_nan_just_before_them(string kind)
    {
        await using var tracking = await TrackingFixture.OpenAsync(kind);
        double?[] values = [2, null, double.NaN, 1];
        for (var i = 0; i < values.Length; i++)
        {
            var run = await tracking.StartAsync($"r{i}", startMs: i);
            if (values[i] is { } value)
                await tracking.LogAsync(run, new Metric("m", new MetricPoint(1, 1, value)));
        }
        Assert.Equal(["r3", "r0", "r2", "r1"], await NamesAsync(tracking, "", "metrics.m ASC"));
        Assert.Equal(["r0", "r3", "r2", "r1"], await NamesAsync(tracking, "", "metrics.m DESC"));
        Assert.Equal(["r0"], await NamesAsync(tracking, "metrics.m != 1"));
    }

    [Theory, MemberData(nameof(Stores))]
    public async Task Any_query_answers_as_going_through_all_runs_would(string kind)
    {
        foreach (var seed in Enumerable.Range(0, Seeds.Count(3, 100)))
        {
            var random = new Random(seed);
            await using var tracking = await TrackingFixture.OpenAsync(kind);
            var runs = new List<(string Name, long Start, double Metric, string Param)>();
            for (var step = 0; step < 40; step++)
            {
                var one = (
                    Name: $"r{step}",
                    Start: (long)random.Next(5),
                    Metric: random.Next(4) / 2.0,
                    Param: $"p{random.Next(3)}"
                );
                var run = await tracking.StartAsync(one.Name, one.Start);
                await tracking.LogAsync(run, new Metric("m", new MetricPoint(1, 1, one.Metric)));
                await tracking.LogParamsAsync(run, new Entry("p", one.Param));
                runs.Add(one);
                var (limit, param) = (random.Next(4) / 2.0, $"p{random.Next(3)}");
                var expected = runs.Where(r => r.Metric >= limit || r.Param == param)
                    .OrderByDescending(r => r.Metric)
                    .ThenByDescending(r => r.Start)
                    .ToList();
                var page = await SearchAsync(
                    tracking,
                    FormattableString.Invariant($"metrics.m >= {limit} OR params.p = '{param}'"),
                    "metrics.m DESC"
                );
                Assert.Equal(expected.Count, page.Total);
                Assert.Equal(
                    expected.Select(r => (r.Metric, r.Start)),
                    page.Runs.Select(r => (r.Metrics[0].Point.Value, r.Head.StartMs))
                );
                Assert.Equal(expected.Select(r => r.Name).Order(), page.Runs.Select(r => r.Head.Name).Order());
            }
        }
    }

    [Theory, MemberData(nameof(Stores))]
    public async Task Pages_follow_on_each_other_without_gap_or_repeat(string kind)
    {
        await using var tracking = await TrackingFixture.OpenAsync(kind);
        for (var i = 0; i < 25; i++)
            await tracking.StartAsync($"r{i}", startMs: i % 3);
        var seen = new List<string>();
        int? offset = 0;
        while (offset is { } from)
        {
            var query = new RunQuery([tracking.ExperimentId]) { Offset = from, Limit = 4 };
            var page = await tracking.Runs.SearchAsync(tracking.Caller, query);
            Assert.Equal(25, page.Total);
            seen.AddRange(page.Runs.Select(r => r.Head.Id));
            offset = page.NextOffset;
        }
        Assert.Equal(25, seen.Distinct().Count());
        Assert.Equal(25, seen.Count);
    }

    [Theory]
    [InlineData("metrics.loss < '0.5'")]
    [InlineData("metrics.loss LIKE '0.5'")]
    [InlineData("metrics.loss IS NULL")]
    [InlineData("params.p = 3")]
    [InlineData("params.p > '3'")]
    [InlineData("status IS NULL")]
    [InlineData("foo.bar = 'x'")]
    [InlineData("bogus = 'x'")]
    [InlineData("dataset.size = '1'")]
    public async Task A_comparison_that_makes_no_sense_is_refused(string filter)
    {
        await using var tracking = await TrackingFixture.OpenAsync("sqlite");
        var fault = await Assert.ThrowsAsync<Fault>(() => SearchAsync(tracking, filter));
        Assert.Equal(FaultKind.Invalid, fault.Kind);
    }

    private static async Task<IEnumerable<string>> NamesAsync(
        TrackingFixture tracking,
        string filter,
        params string[] order
    ) => (await SearchAsync(tracking, filter, order)).Runs.Select(r => r.Head.Name);

    private static Task<RunPage> SearchAsync(TrackingFixture tracking, string filter, params string[] order) =>
        tracking.Runs.SearchAsync(
            tracking.Caller,
            new RunQuery([tracking.ExperimentId]) { Filter = Filter.Parse(filter), Order = OrderBy.ParseAll(order) }
        );
}
