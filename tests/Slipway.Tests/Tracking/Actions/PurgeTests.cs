using Slipway.Sdk;
using Slipway.Tests.Kit;
using Slipway.Tracking;
using Slipway.Tracking.Setup;

namespace Slipway.Tests.Tracking.Actions;

public sealed class PurgeTests
{
    public static TheoryData<string> Kinds => TestStore.Kinds;

    // Names of metrics serve every run there ever was, and numbers are not given out twice.
    private static readonly string[] Kept = ["tracking_metric_names", "tracking_counters"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_purged_experiment_leaves_no_row_behind(string kind)
    {
        await using var tracking = await TrackingFixture.OpenAsync(kind);
        var before = await RowsAsync(tracking);
        var experiment = await tracking.Experiments.CreateAsync(tracking.Caller, "purged", null, []);
        await FillAsync(tracking, experiment.Id);
        await tracking.Experiments.DeleteAsync(tracking.Caller, experiment.Id);

        await tracking.Experiments.PurgeAsync(tracking.Caller, experiment.Id);

        Assert.Equal(before, await RowsAsync(tracking));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_purged_run_leaves_no_row_behind_but_the_experiments_own(string kind)
    {
        await using var tracking = await TrackingFixture.OpenAsync(kind);
        var run = await FillAsync(tracking, tracking.ExperimentId);
        await tracking.Runs.DeleteAsync(tracking.Caller, run.Head.Id);

        await tracking.Runs.PurgeAsync(tracking.Caller, run.Head.Id);

        var rows = await RowsAsync(tracking);
        Assert.All(
            [
                "tracking_runs",
                "tracking_latest",
                "tracking_metric_log",
                "tracking_metric_chunks",
                "tracking_model_series",
            ],
            table => Assert.Equal(0, rows[table])
        );
        Assert.Equal(1, rows["tracking_datasets"]);
    }

    [Fact]
    public async Task An_experiment_of_many_runs_is_purged_step_by_step()
    {
        await using var tracking = await TrackingFixture.OpenAsync("sqlite");
        var experiment = await tracking.Experiments.CreateAsync(tracking.Caller, "large", null, []);
        for (var i = 0; i < 250; i++)
            await tracking.Runs.CreateAsync(tracking.Caller, new NewRun(experiment.Id));
        await tracking.Experiments.DeleteAsync(tracking.Caller, experiment.Id);

        Assert.Equal(250, await tracking.Experiments.PurgeAsync(tracking.Caller, experiment.Id));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Emptying_the_bin_takes_models_too_and_spares_what_was_restored(string kind)
    {
        await using var tracking = await TrackingFixture.OpenAsync(kind);
        var gone = await FillAsync(tracking, tracking.ExperimentId);
        var back = await tracking.StartAsync();
        var model = await tracking.Models.CreateAsync(tracking.Caller, new NewLoggedModel(tracking.ExperimentId));
        await tracking.Models.DeleteAsync(tracking.Caller, model.Id);
        await tracking.Runs.DeleteAsync(tracking.Caller, gone.Head.Id);
        await tracking.Runs.DeleteAsync(tracking.Caller, back.Head.Id);
        await tracking.Runs.RestoreAsync(tracking.Caller, back.Head.Id);

        var emptied = await tracking.Bin.EmptyAsync(tracking.Caller, Later, dryRun: false);

        Assert.Equal((0, 1, 1), (emptied.Experiments, emptied.Runs, emptied.Models));
        Assert.Equal(back.Head.Id, (await tracking.Runs.GetAsync(tracking.Caller, back.Head.Id)).Head.Id);
        var fault = await Assert.ThrowsAsync<Fault>(() => tracking.Runs.GetAsync(tracking.Caller, gone.Head.Id));
        Assert.Equal("run.not_found", fault.Code);
    }

    private static long Later => TimeProvider.System.GetUtcNow().AddHours(1).ToUnixTimeMilliseconds();

    /// <summary>A run with a row in every table: folded and unfolded metrics, a dataset, and a metric of a model.</summary>
    private static async Task<Run> FillAsync(TrackingFixture tracking, long experimentId)
    {
        var run = await tracking.Runs.CreateAsync(tracking.Caller, new NewRun(experimentId));
        var model = await tracking.Models.CreateAsync(tracking.Caller, new NewLoggedModel(experimentId));
        var ofModel = new Metric("loss", new MetricPoint(1, 1, 0.5)) { ModelId = model.Id };
        await tracking.LogAsync(run, new Metric("loss", new MetricPoint(1, 1, 0.5)), ofModel);
        await tracking.FoldAsync(run);
        await tracking.LogAsync(run, new Metric("loss", new MetricPoint(2, 2, 0.4)));
        var data = new DatasetInput(new RunDataset("taxi", "1", "local", "taxi.csv"), []);
        await tracking.Runs.LogInputsAsync(tracking.Caller, run.Head.Id, [data], []);
        return run;
    }

    private static async Task<SortedDictionary<string, long>> RowsAsync(TrackingFixture tracking)
    {
        var rows = new SortedDictionary<string, long>();
        foreach (var table in TrackingSetup.Room.Migrations!.Tables().Except(Kept))
            rows[table] = await tracking.Store.Db.ReadAsync(tx =>
                tx.One($"select count(*) from {table}", row => row.Long(0))
            );
        return rows;
    }
}
