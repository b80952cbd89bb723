using Slipway.Sdk;
using Slipway.Sdk.Tracking;

namespace Slipway.Tests.Sdk.Tracking;

public sealed class RunsClientTests(RunningServer server) : IClassFixture<RunningServer>
{
    private RunsClient Runs => server.Client.Runs;

    [Fact]
    public async Task The_same_run_may_be_asked_for_again_and_is_made_once()
    {
        var id = RunsClient.NewId();

        var first = await Runs.EnsureAsync(id, new RunCreate { Experiment = "again", Name = "one" });
        var second = await Runs.EnsureAsync(id, new RunCreate { Experiment = "again", Name = "two" });

        Assert.Equal((id, "one"), (second.Id, second.Name));
        Assert.Equal(first.ExperimentId, second.ExperimentId);
        Assert.Equal(1, (await SearchAsync("again", filter: null)).Total);
    }

    [Theory]
    [InlineData("a/b")]
    [InlineData("..")]
    [InlineData("-x")]
    public async Task An_id_that_could_not_be_part_of_a_path_is_refused(string id)
    {
        var fault = await Assert.ThrowsAsync<Fault>(() => Runs.EnsureAsync(id, new RunCreate { Experiment = "x" }));

        Assert.True(fault.Code is "run.id" or "http.404" or "http.405", fault.Code);
    }

    [Fact]
    public async Task Everything_logged_comes_back()
    {
        var run = await MakeAsync("everything");
        await Runs.LogAsync(
            run.Id,
            new RunLog
            {
                Metrics =
                [
                    Entry("loss/train", 0.5, 1),
                    Entry("loss/train", double.NaN, 2),
                    Entry("acc", double.PositiveInfinity, 0),
                ],
                Params = new Dictionary<string, string> { ["depth"] = "6", ["note"] = "ä \"quoted\"" },
                Tags = new Dictionary<string, string> { ["stage"] = "dev" },
            }
        );
        await Runs.ChangeAsync(run.Id, new RunChange { Status = RunStatus.Finished, EndMs = 5000 });

        var read = await Runs.GetAsync(run.Id);

        Assert.Equal(new MetricPoint(double.NaN, 2, 10) { Lowest = 0.5, Highest = 0.5 }, read.Metrics["loss/train"]);
        Assert.Equal(double.PositiveInfinity, read.Metrics["acc"].Value);
        Assert.Equal(("6", "ä \"quoted\""), (read.Params["depth"], read.Params["note"]));
        Assert.Equal("dev", read.Tags["stage"]);
        Assert.Equal((RunStatus.Finished, 5000), (read.Status, read.EndMs));
    }

    [Fact]
    public async Task What_a_run_read_and_made_comes_back_once_however_often_it_was_said()
    {
        var run = await MakeAsync("links");
        var taxi = new DatasetInput
        {
            Name = "taxi",
            Digest = "abc",
            SourceType = "local",
            Source = "taxi.csv",
            Schema = "{}",
            Tags = new Dictionary<string, string> { ["mlflow.data.context"] = "training" },
        };
        var links = new RunLinks
        {
            Datasets = [taxi],
            ModelInputs = ["m-1"],
            ModelOutputs = [new ModelOutput("m-2", 7)],
        };
        await Runs.LinkAsync(run.Id, links);
        await Runs.LinkAsync(run.Id, links);

        var read = await Runs.GetAsync(run.Id);

        var dataset = Assert.Single(read.Datasets);
        Assert.Equal(("taxi", "{}", "training"), (dataset.Name, dataset.Schema, dataset.Tags["mlflow.data.context"]));
        Assert.Equal(["m-1"], read.ModelInputs);
        Assert.Equal([new ModelOutput("m-2", 7)], read.ModelOutputs);
    }

    [Fact]
    public async Task A_search_pages_through_what_matches_in_the_order_asked_for()
    {
        for (var i = 0; i < 7; i++)
        {
            var run = await MakeAsync("searched");
            await Runs.LogAsync(run.Id, Loss(i));
        }
        var page = await SearchAsync("searched", "metrics.loss >= 2");
        var experiment = (await server.Client.Experiments.FindAsync("searched"))!;
        var query = new RunQuery
        {
            ExperimentIds = [experiment.Id],
            Filter = "metrics.loss >= 2",
            OrderBy = ["metrics.loss DESC"],
            PageSize = 2,
        };

        var losses = await Runs.SearchAsync(query).Select(run => run.Metrics["loss"].Value).ToListAsync();

        Assert.Equal(5, page.Total);
        Assert.Equal([6, 5, 4, 3, 2], losses);
    }

    [Fact]
    public async Task A_filter_that_cannot_be_read_is_refused_with_its_place()
    {
        var fault = await Assert.ThrowsAsync<Fault>(() => SearchAsync("searched wrongly", "metrics.loss <> 2"));

        Assert.Equal(("filter.syntax", "filter"), (fault.Code, fault.Field));
        Assert.Contains("character 15", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Several_runs_are_read_at_once_and_the_missing_are_named()
    {
        var one = await MakeAsync("many");
        var two = await MakeAsync("many");

        var found = await Runs.GetManyAsync([two.Id, "nobody", one.Id]);

        Assert.Equal([two.Id, one.Id], found.Runs.Select(run => run.Id));
        Assert.Equal(["nobody"], found.Missing);
    }

    [Fact]
    public async Task A_history_is_paged_whole_and_thinned_for_charts_with_its_spikes()
    {
        var run = await MakeAsync("history");
        for (var batch = 0; batch < 5; batch++)
            await Runs.LogAsync(
                run.Id,
                new RunLog
                {
                    Metrics =
                    [
                        .. Enumerable
                            .Range(batch * 1000, 1000)
                            .Select(i => new MetricEntry
                            {
                                Key = "m",
                                Value = i == 3333 ? 1e6 : i % 10,
                                Step = i,
                                TimestampMs = 1000 + i,
                            }),
                    ],
                }
            );

        var whole = await Runs.HistoryAsync(run.Id, "m").ToListAsync();
        var thin = await Runs.HistoriesAsync(new HistoryQuery { RunIds = [run.Id, "nobody"], MaxPoints = 100 });
        var none = await Runs.HistoriesAsync(
            new HistoryQuery
            {
                RunIds = [run.Id],
                Keys = ["m", "x"],
                MaxPoints = 0,
            }
        );

        Assert.Equal(Enumerable.Range(0, 5000).Select(i => (long)i), whole.Select(point => point.Step));
        var series = Assert.Single(thin);
        Assert.Equal((5000, "m"), (series.Total, series.Key));
        Assert.InRange(series.Values.Count, 90, 100);
        Assert.Contains(series.Points, point => point is { Step: 3333, Value: 1e6 });
        Assert.Equal(series.Steps.Order(), series.Steps);
        Assert.Equal((5000, 0), (none.Single().Total, none.Single().Values.Count));
    }

    [Fact]
    public async Task A_run_moves_to_another_experiment_with_all_that_searches_know_of_it()
    {
        var run = await MakeAsync("left");
        await Runs.LogAsync(run.Id, Loss(0.25));
        Assert.Equal(1, (await SearchAsync("left", "metrics.loss < 1")).Total);
        var target = await server.Client.Experiments.EnsureAsync("right");

        var moved = await Runs.ChangeAsync(run.Id, new RunChange { ExperimentId = target.Id });

        Assert.Equal(target.Id, moved.ExperimentId);
        Assert.Equal(0, (await SearchAsync("left", filter: null)).Total);
        Assert.Equal(1, (await SearchAsync("right", "metrics.loss < 1")).Total);
    }

    [Fact]
    public async Task A_purged_run_is_gone_from_reads_and_searches()
    {
        var run = await MakeAsync("purging runs");
        var stays = await MakeAsync("purging runs");
        Assert.Equal(2, (await SearchAsync("purging runs", filter: null)).Total);
        var early = await Assert.ThrowsAsync<Fault>(() => Runs.PurgeAsync(run.Id));
        await Runs.DeleteAsync(run.Id);
        await Runs.PurgeAsync(run.Id);

        Assert.Equal((FaultKind.Conflict, "run.not_deleted"), (early.Kind, early.Code));
        Assert.Equal("run.not_found", (await Assert.ThrowsAsync<Fault>(() => Runs.GetAsync(run.Id))).Code);
        Assert.Equal(stays.Id, (await SearchAsync("purging runs", filter: null, View.All)).Items.Single().Id);
    }

    [Fact]
    public async Task Emptying_the_bin_counts_first_and_takes_only_what_is_old_enough()
    {
        var run = await MakeAsync("emptied");
        var stays = await MakeAsync("emptied");
        await Runs.DeleteAsync(run.Id);
        var now = TimeProvider.System.GetUtcNow().AddHours(1).ToUnixTimeMilliseconds();

        var tooNew = await EmptyAsync(run.EndMs ?? 1, dryRun: false);
        var counted = await EmptyAsync(now, dryRun: true);
        var emptied = await EmptyAsync(now, dryRun: false);

        Assert.Equal(0, tooNew.Runs);
        Assert.True(counted.Runs >= 1);
        Assert.Equal(counted, emptied);
        Assert.Equal([stays.Id], (await SearchAsync("emptied", filter: null, View.All)).Items.Select(r => r.Id));
    }

    [Theory]
    [InlineData("""{"experiment": "x", "nmae": "typo"}""", "nmae")]
    [InlineData("""{"experiment": 5}""", "line 1, byte 17")]
    [InlineData("""{"experiment": """, "line 1")]
    [InlineData("null", "null")]
    [InlineData("{}", "experiment")]
    public async Task A_body_that_does_not_fit_is_refused_in_words(string body, string said)
    {
        using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        var answer = await server.Process.Http.PostAsync("/api/v1/runs", content);
        var text = await answer.Content.ReadAsStringAsync();

        Assert.Equal(400, (int)answer.StatusCode);
        Assert.Contains(said, text, StringComparison.Ordinal);
        Assert.DoesNotContain("Slipway.", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_metric_without_a_value_is_refused_by_the_name_of_the_field()
    {
        var run = await MakeAsync("no value");
        using var content = new StringContent(
            """{"metrics": [{"key": "m"}]}""",
            System.Text.Encoding.UTF8,
            "application/json"
        );
        var answer = await server.Process.Http.PostAsync($"/api/v1/runs/{run.Id}/log", content);

        Assert.Contains("missing: value", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_form_of_a_web_page_cannot_make_a_run()
    {
        using var content = new StringContent("""{"experiment": "x"}""", System.Text.Encoding.UTF8, "text/plain");

        var answer = await server.Process.Http.PostAsync("/api/v1/runs", content);

        Assert.Contains("request.content_type", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    private static MetricEntry Entry(string key, double value, long step) =>
        new()
        {
            Key = key,
            Value = value,
            Step = step,
            TimestampMs = 10,
        };

    private static RunLog Loss(double value) => new() { Metrics = [Entry("loss", value, 0)] };

    private Task<RunResource> MakeAsync(string experiment) =>
        Runs.EnsureAsync(RunsClient.NewId(), new RunCreate { Experiment = experiment });

    private async Task<Page<RunResource>> SearchAsync(string experiment, string? filter, View view = View.Active)
    {
        var found = await server.Client.Experiments.EnsureAsync(experiment);
        return await Runs.SearchPageAsync(
            new RunQuery
            {
                ExperimentIds = [found.Id],
                Filter = filter,
                View = view,
            }
        );
    }

    private Task<PurgeResult> EmptyAsync(long beforeMs, bool dryRun) =>
        server.Client.Experiments.EmptyBinAsync(new PurgeRequest { DeletedBeforeMs = beforeMs, DryRun = dryRun });
}
