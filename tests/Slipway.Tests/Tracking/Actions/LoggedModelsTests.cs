using Slipway.Foundation.Filters;
using Slipway.Sdk;
using Slipway.Tests.Kit;
using Slipway.Tracking;
using Slipway.Tracking.Storage;

namespace Slipway.Tests.Tracking.Actions;

public sealed class LoggedModelsTests
{
    public static TheoryData<string> Kinds => TestStore.Kinds;

    [Theory, MemberData(nameof(Kinds))]
    public async Task A_model_is_pending_until_it_is_finalized(string kind)
    {
        await using var tracking = await TrackingFixture.OpenAsync(kind);
        var model = await CreateAsync(tracking, "fares");
        Assert.Equal(LoggedModelStatus.Pending, model.Status);
        Assert.Equal($"mlflow-artifacts:/{tracking.ExperimentId}/models/{model.Id}/artifacts", model.ArtifactUri);

        await tracking.Models.FinalizeAsync(tracking.Caller, model.Id, LoggedModelStatus.Ready);
        Assert.Equal(LoggedModelStatus.Ready, (await GetAsync(tracking, model)).Status);
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task A_model_without_a_name_gets_one(string kind)
    {
        await using var tracking = await TrackingFixture.OpenAsync(kind);
        Assert.NotEmpty((await CreateAsync(tracking, name: null)).Name);
    }

    [Theory]
    [InlineData("a/b")]
    [InlineData("a:b")]
    [InlineData("a.b")]
    [InlineData("a%b")]
    [InlineData("a'b")]
    [InlineData("a\"b")]
    public async Task A_name_that_could_not_stand_in_an_address_is_refused(string name)
    {
        await using var tracking = await TrackingFixture.OpenAsync("sqlite");
        var fault = await Assert.ThrowsAsync<Fault>(() => CreateAsync(tracking, name));
        Assert.Equal("model.name", fault.Code);
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task Params_are_added_once_and_never_change(string kind)
    {
        await using var tracking = await TrackingFixture.OpenAsync(kind);
        var model = await CreateAsync(tracking, "fares");
        await tracking.Models.LogParamsAsync(tracking.Caller, model.Id, [new Entry("depth", "3")]);
        await tracking.Models.LogParamsAsync(
            tracking.Caller,
            model.Id,
            [new Entry("depth", "3"), new Entry("lr", "1")]
        );
        var fault = await Assert.ThrowsAsync<Fault>(() =>
            tracking.Models.LogParamsAsync(tracking.Caller, model.Id, [new Entry("depth", "4")])
        );
        Assert.Equal("model.param_changed", fault.Code);
        Assert.Equal(
            new Dictionary<string, string> { ["depth"] = "3", ["lr"] = "1" },
            (await GetAsync(tracking, model)).Params
        );
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task Tags_are_set_over_and_deleted_once(string kind)
    {
        await using var tracking = await TrackingFixture.OpenAsync(kind);
        var model = await CreateAsync(tracking, "fares");
        await tracking.Models.SetTagsAsync(tracking.Caller, model.Id, [new Entry("a", "1"), new Entry("b", "1")]);
        await tracking.Models.SetTagsAsync(tracking.Caller, model.Id, [new Entry("a", "2")]);
        await tracking.Models.DeleteTagAsync(tracking.Caller, model.Id, "b");
        Assert.Equal(new Dictionary<string, string> { ["a"] = "2" }, (await GetAsync(tracking, model)).Tags);
        var fault = await Assert.ThrowsAsync<Fault>(() =>
            tracking.Models.DeleteTagAsync(tracking.Caller, model.Id, "b")
        );
        Assert.Equal("model.tag_not_found", fault.Code);
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task A_deleted_model_is_found_by_nobody_and_deleting_it_again_changes_nothing(string kind)
    {
        await using var tracking = await TrackingFixture.OpenAsync(kind);
        var model = await CreateAsync(tracking, "fares");
        await tracking.Models.DeleteAsync(tracking.Caller, model.Id);
        await tracking.Models.DeleteAsync(tracking.Caller, model.Id);
        Assert.Empty(await SearchAsync(tracking, ""));
        Func<Task>[] calls =
        [
            () => GetAsync(tracking, model),
            () => tracking.Models.FinalizeAsync(tracking.Caller, model.Id, LoggedModelStatus.Ready),
            () => tracking.Models.SetTagsAsync(tracking.Caller, model.Id, [new Entry("a", "1")]),
        ];
        foreach (var call in calls)
            Assert.Equal("model.not_found", (await Assert.ThrowsAsync<Fault>(call)).Code);
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task A_metric_that_names_a_model_stands_in_the_run_and_on_the_model(string kind)
    {
        await using var tracking = await TrackingFixture.OpenAsync(kind);
        var (run, model) = (await tracking.StartAsync(), await CreateAsync(tracking, "fares"));
        var metric = On(model, "loss", 0.5, step: 1, dataset: "taxi", digest: "d1");
        await tracking.LogAsync(run, metric, new Metric("own", new MetricPoint(1, 0, 7)));
        await tracking.LogAsync(run, metric);

        var measured = Assert.Single((await GetAsync(tracking, model)).Metrics);
        Assert.Equal(new ModelMetric(run.Head.Id, metric), measured);
        Assert.Equal(metric.Point, Assert.Single(await tracking.HistoryAsync(run, "loss")));
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task A_metric_of_a_model_that_does_not_exist_stands_in_the_run_alone(string kind)
    {
        await using var tracking = await TrackingFixture.OpenAsync(kind);
        var run = await tracking.StartAsync();
        await tracking.LogAsync(
            run,
            new Metric("loss", new MetricPoint(1, 0, 1)) { ModelId = "m-none" },
            new Metric("own", new MetricPoint(1, 0, 7))
        );
        Assert.Equal(2, (await tracking.Runs.GetAsync(tracking.Caller, run.Head.Id)).Metrics.Count);
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task A_metric_names_its_dataset_by_name_and_digest_or_not_at_all(string kind)
    {
        await using var tracking = await TrackingFixture.OpenAsync(kind);
        var run = await tracking.StartAsync();
        var half = new Metric("loss", new MetricPoint(1, 0, 1)) { DatasetName = "taxi" };
        var fault = await Assert.ThrowsAsync<Fault>(() => tracking.LogAsync(run, half));
        Assert.Equal("run.metric_dataset", fault.Code);
        Assert.Empty((await tracking.Runs.GetAsync(tracking.Caller, run.Head.Id)).Metrics);
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task Folding_changes_nothing_that_a_model_shows(string kind)
    {
        await using var tracking = await TrackingFixture.OpenAsync(kind);
        var (run, model) = (await tracking.StartAsync(), await CreateAsync(tracking, "fares"));
        for (var step = 0; step < 5; step++)
            await tracking.LogAsync(run, On(model, "loss", 1.0 / (step + 1), step), On(model, "acc", step, step));
        var before = (await GetAsync(tracking, model)).Metrics;
        Assert.Equal(10, before.Count);

        var owners = await tracking.Store.Db.ReadAsync(tx => MetricStore.OwnersWithLongLogs(tx, 1));
        await tracking.Store.Db.WriteAsync(tx => owners.ForEach(owner => MetricStore.Fold(tx, owner)));
        await tracking.LogAsync(run, On(model, "loss", 9, step: 3), On(model, "loss", 0.25, step: 3));
        var after = (await GetAsync(tracking, model)).Metrics;
        Assert.Equal(before.Count + 1, after.Count);
        Assert.Equal(before.ToHashSet(), after.Where(m => m.Metric.Point.Value != 9).ToHashSet());
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task A_run_that_is_purged_takes_with_it_what_it_measured(string kind)
    {
        await using var tracking = await TrackingFixture.OpenAsync(kind);
        var (gone, stays, model) = (
            await tracking.StartAsync(),
            await tracking.StartAsync(),
            await CreateAsync(tracking, "fares")
        );
        await tracking.LogAsync(gone, On(model, "loss", 1, step: 0));
        await tracking.LogAsync(stays, On(model, "loss", 2, step: 0));
        await tracking.Runs.DeleteAsync(tracking.Caller, gone.Head.Id);
        await tracking.Runs.PurgeAsync(tracking.Caller, gone.Head.Id);
        Assert.Equal(stays.Head.Id, Assert.Single((await GetAsync(tracking, model)).Metrics).RunId);
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task An_experiment_that_is_purged_takes_its_models_with_it(string kind)
    {
        await using var tracking = await TrackingFixture.OpenAsync(kind);
        var (run, model) = (await tracking.StartAsync(), await CreateAsync(tracking, "fares"));
        await tracking.LogAsync(run, On(model, "loss", 1, step: 0));
        await tracking.Runs.LogInputsAsync(
            tracking.Caller,
            run.Head.Id,
            [
                new DatasetInput(
                    new RunDataset("taxi", "d", "code", "s"),
                    [new Entry(DatasetInput.ContextTag, "training")]
                ),
            ],
            []
        );
        await tracking.Experiments.DeleteAsync(tracking.Caller, tracking.ExperimentId);
        await tracking.Experiments.PurgeAsync(tracking.Caller, tracking.ExperimentId);
        Assert.Equal("model.not_found", (await Assert.ThrowsAsync<Fault>(() => GetAsync(tracking, model))).Code);
        foreach (
            var table in (string[])
                ["tracking_models", "tracking_model_series", "tracking_metric_log", "tracking_dataset_uses"]
        )
            Assert.Equal(
                0,
                await tracking.Store.Db.ReadAsync(tx => tx.One($"select count(*) from {table}", r => r.Int(0)))
            );
    }

    [Theory]
    [InlineData("name = 'b'", "b")]
    [InlineData("name IN ('a', 'c',)", "c a")]
    [InlineData("attributes.name LIKE '%'", "c b a")]
    [InlineData("metrics.loss < 0.4", "c b")]
    [InlineData("metrics.loss > 0.4", "b a")]
    [InlineData("metrics.loss < 0.4 AND metrics.loss > 0.4", "b")]
    [InlineData("params.depth = '3'", "a")]
    [InlineData("tags.`team name` = 'x' OR metrics.acc = 1", "c b")]
    [InlineData("NOT (params.depth = '3')", "c b")]
    [InlineData("metrics.nan != 1", "")]
    [InlineData("status = 'LOGGED_MODEL_READY'", "c")]
    [InlineData("creation_timestamp > 0 and last_updated_time > 0", "c b a")]
    public async Task A_search_finds_by_attributes_metrics_params_and_tags(string filter, string expected)
    {
        await using var tracking = await ThreeModelsAsync();
        Assert.Equal(expected, string.Join(' ', (await SearchAsync(tracking, filter)).Select(m => m.Name)));
    }

    [Theory]
    [InlineData("name", true, "a b c")]
    [InlineData("metrics.loss", true, "b c a")]
    [InlineData("metrics.loss", false, "a c b")]
    [InlineData("metrics.acc", true, "c b a")]
    [InlineData("metrics.acc", false, "c b a")]
    [InlineData("creation_time", true, "a b c")]
    public async Task Models_stand_in_the_order_asked_for_and_those_without_the_field_last(
        string field,
        bool ascending,
        string expected
    )
    {
        await using var tracking = await ThreeModelsAsync();
        var parts = field.Split('.');
        var order = new LoggedModelOrder(
            parts.Length == 1 ? new FilterField(null, field) : new FilterField(parts[0], parts[1]),
            ascending,
            null,
            null
        );
        Assert.Equal(expected, string.Join(' ', (await SearchAsync(tracking, "", order: order)).Select(m => m.Name)));
    }

    [Fact]
    public async Task Datasets_restrict_which_metrics_count_and_which_models_are_found()
    {
        await using var tracking = await ThreeModelsAsync();
        Assert.Equal("b", Names(await SearchAsync(tracking, "", new DatasetKey("taxi", "d1"))));
        Assert.Equal("b", Names(await SearchAsync(tracking, "metrics.loss > 0.4", new DatasetKey("taxi", "d1"))));
        Assert.Equal("", Names(await SearchAsync(tracking, "metrics.loss < 0.4", new DatasetKey("taxi", "d1"))));
        Assert.Equal("", Names(await SearchAsync(tracking, "", new DatasetKey("taxi", ""))));
    }

    [Theory]
    [InlineData("bogus = 'x'")]
    [InlineData("foo.bar = 'x'")]
    [InlineData("name > 'x'")]
    [InlineData("metrics.loss LIKE '1'")]
    [InlineData("params.depth = 3")]
    public async Task A_comparison_that_cannot_be_answered_is_refused(string filter)
    {
        await using var tracking = await TrackingFixture.OpenAsync("sqlite");
        Assert.Equal(FaultKind.Invalid, (await Assert.ThrowsAsync<Fault>(() => SearchAsync(tracking, filter))).Kind);
    }

    [Fact]
    public async Task Pages_follow_one_another_to_the_end()
    {
        await using var tracking = await ThreeModelsAsync();
        var names = new List<string>();
        for (int? offset = 0; offset is { } from; )
        {
            var page = await tracking.Models.SearchAsync(
                tracking.Caller,
                new LoggedModelQuery([tracking.ExperimentId]) { Offset = from, Limit = 2 }
            );
            names.AddRange(page.Models.Select(m => m.Name));
            offset = page.NextOffset;
        }
        Assert.Equal(["c", "b", "a"], names);
    }

    /// <summary>a: loss 0.9 then 0.8; b: loss 0.3 last, 0.5 on a dataset before; c: ready, loss 0.35, acc 1.</summary>
    private static async Task<TrackingFixture> ThreeModelsAsync()
    {
        var tracking = await TrackingFixture.OpenAsync("sqlite");
        var run = await tracking.StartAsync();
        var a = await CreateAsync(tracking, "a", new Entry("depth", "3"));
        await tracking.LogAsync(run, On(a, "loss", 0.9, step: 0), On(a, "loss", 0.8, step: 1));
        var b = await CreateAsync(tracking, "b");
        await tracking.LogAsync(
            run,
            On(b, "loss", 0.5, step: 0, dataset: "taxi", digest: "d1"),
            On(b, "loss", 0.3, step: 1),
            On(b, "nan", double.NaN, step: 0)
        );
        await tracking.Models.SetTagsAsync(tracking.Caller, b.Id, [new Entry("team name", "x")]);
        var c = await CreateAsync(tracking, "c");
        await tracking.LogAsync(run, On(c, "loss", 0.35, step: 0), On(c, "acc", 1, step: 0));
        await tracking.Models.FinalizeAsync(tracking.Caller, c.Id, LoggedModelStatus.Ready);
        return tracking;
    }

    private static Task<LoggedModel> CreateAsync(TrackingFixture tracking, string? name, params Entry[] parameters) =>
        tracking.Models.CreateAsync(
            tracking.Caller,
            new NewLoggedModel(tracking.ExperimentId) { Name = name, Params = parameters }
        );

    private static Task<LoggedModel> GetAsync(TrackingFixture tracking, LoggedModel model) =>
        tracking.Models.GetAsync(tracking.Caller, model.Id);

    private static async Task<IReadOnlyList<LoggedModel>> SearchAsync(
        TrackingFixture tracking,
        string filter,
        DatasetKey? dataset = null,
        LoggedModelOrder? order = null
    ) =>
        (
            await tracking.Models.SearchAsync(
                tracking.Caller,
                new LoggedModelQuery([tracking.ExperimentId])
                {
                    Filter = Filter.Parse(filter),
                    Datasets = dataset is { } key ? [key] : [],
                    Order = order is null ? [] : [order],
                }
            )
        ).Models;

    private static string Names(IReadOnlyList<LoggedModel> models) => string.Join(' ', models.Select(m => m.Name));

    private static Metric On(
        LoggedModel model,
        string key,
        double value,
        long step,
        string? dataset = null,
        string? digest = null
    ) =>
        new(key, new MetricPoint(1000 + step, step, value))
        {
            ModelId = model.Id,
            DatasetName = dataset,
            DatasetDigest = digest,
        };
}
