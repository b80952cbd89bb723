using Slipway.Sdk;
using Slipway.Tests.Kit;
using Slipway.Tracking;
using Slipway.Tracking.Actions;
using Slipway.Tracking.Storage;

namespace Slipway.Tests.Tracking.Actions;

public sealed class RunOverviewTests
{
    [Theory]
    [MemberData(nameof(TestStore.Kinds), MemberType = typeof(TestStore))]
    public async Task Names_of_what_runs_logged_come_with_how_many_runs_have_them(string kind)
    {
        await using var tracking = await TrackingFixture.OpenAsync(kind);
        var overview = Overview(tracking);
        var first = await tracking.StartAsync("first", tags: new Entry("team", "taxi"));
        var second = await tracking.StartAsync("second");
        await tracking.LogAsync(first, new("loss", new(1, 1, 0.5)), new("val/loss", new(1, 1, 0.6)));
        await tracking.LogAsync(second, new Metric("loss", new(1, 1, 0.4)));
        await tracking.LogParamsAsync(first, new Entry("depth", "3"));

        var fields = await overview.FieldsAsync(tracking.Caller, tracking.ExperimentId);

        Assert.Equal(2, fields.Runs);
        Assert.Equal([new("loss", 2), new("val/loss", 1)], fields.Metrics);
        Assert.Equal([new("depth", 1)], fields.Params);
        Assert.Contains(new FieldCount("team", 1), fields.Tags);
    }

    [Theory]
    [MemberData(nameof(TestStore.Kinds), MemberType = typeof(TestStore))]
    public async Task Counts_of_several_experiments_leave_out_those_that_are_not_there(string kind)
    {
        await using var tracking = await TrackingFixture.OpenAsync(kind);
        await tracking.StartAsync("one");
        await tracking.StartAsync("two");

        var counts = await Overview(tracking).CountsAsync(tracking.Caller, [tracking.ExperimentId, 987_654]);

        Assert.Equal([tracking.ExperimentId], counts.Keys);
        Assert.Equal([new RunCount(Lifecycle.Active, RunStatus.Running, 2)], counts[tracking.ExperimentId]);
    }

    [Fact]
    public async Task Fields_of_an_experiment_that_is_not_there_are_not_found()
    {
        await using var tracking = await TrackingFixture.OpenAsync("sqlite");

        var fault = await Assert.ThrowsAsync<Fault>(() => Overview(tracking).FieldsAsync(tracking.Caller, 987_654));

        Assert.Equal("experiment.not_found", fault.Code);
    }

    [Theory]
    [MemberData(nameof(TestStore.Kinds), MemberType = typeof(TestStore))]
    public async Task A_listing_up_to_its_snapshot_keeps_its_rows_while_new_runs_come(string kind)
    {
        await using var tracking = await TrackingFixture.OpenAsync(kind);
        await tracking.StartAsync("old", startMs: 1);
        await tracking.StartAsync("older", startMs: 0);
        var query = new RunQuery([tracking.ExperimentId]);
        var before = await tracking.Runs.SearchAsync(tracking.Caller, query);
        await tracking.StartAsync("young", startMs: 2);

        var after = await tracking.Runs.SearchAsync(tracking.Caller, query with { UpTo = before.Snapshot });

        Assert.Equal(["old", "older"], after.Runs.Select(run => run.Head.Name));
        Assert.Equal(2, after.Total);
        Assert.Equal(3, (await tracking.Runs.SearchAsync(tracking.Caller, query)).Total);
    }

    private static RunOverview Overview(TrackingFixture tracking) =>
        new(tracking.Store.Db, new FieldStore(new MetricNames()));
}
