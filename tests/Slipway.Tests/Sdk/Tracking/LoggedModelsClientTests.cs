using Slipway.Sdk;
using Slipway.Sdk.Tracking;

namespace Slipway.Tests.Sdk.Tracking;

public sealed class LoggedModelsClientTests(RunningServer server) : IClassFixture<RunningServer>
{
    private LoggedModelsClient Models => server.Client.LoggedModels;

    [Fact]
    public async Task A_model_comes_from_a_run_is_measured_and_finished()
    {
        await using var run = await server.Client.StartRunAsync("models");
        var experiment = (await server.Client.Runs.GetAsync(run.Id)).ExperimentId;
        var made = await Models.CreateAsync(
            new LoggedModelCreate
            {
                ExperimentId = experiment,
                Name = "gbt",
                Type = "tree",
                SourceRunId = run.Id,
                Params = new Dictionary<string, string> { ["depth"] = "3" },
            }
        );
        run.Link(new RunLinks { ModelOutputs = [new ModelOutput(made.Id, 5)] });
        run.Log(
            new MetricEntry
            {
                Key = "f1",
                Value = 0.9,
                Step = 5,
                ModelId = made.Id,
                DatasetName = "taxi",
                DatasetDigest = "1",
            }
        );
        await run.FinishAsync();
        var change = new LoggedModelChange
        {
            Status = LoggedModelStatus.Ready,
            Params = new Dictionary<string, string> { ["rate"] = "0.1" },
            Tags = new Dictionary<string, string> { ["team"] = "taxi" },
        };
        await Models.ChangeAsync(made.Id, change);

        var model = await Models.GetAsync(made.Id);
        Assert.Equal((LoggedModelStatus.Ready, "tree", run.Id), (model.Status, model.Type, model.SourceRunId));
        Assert.Equal("0.1", model.Params["rate"]);
        Assert.Equal("3", model.Params["depth"]);
        var measured = Assert.Single(model.Metrics);
        Assert.Equal(
            (run.Id, "f1", 0.9, 5L, "taxi"),
            (measured.RunId, measured.Key, measured.Value, measured.Step, measured.DatasetName)
        );
        Assert.Equal([new ModelOutput(made.Id, 5)], (await server.Client.Runs.GetAsync(run.Id)).ModelOutputs);
        await Models.DeleteTagAsync(made.Id, "team");
        Assert.Empty((await Models.GetAsync(made.Id)).Tags);
    }

    [Fact]
    public async Task A_search_pages_through_models_by_what_was_measured_on_them()
    {
        var experiment = await server.Client.Experiments.EnsureAsync("searched-models");
        var run = await server.Client.Runs.EnsureAsync(
            RunsClient.NewId(),
            new RunCreate { ExperimentId = experiment.Id }
        );
        for (var i = 0; i < 5; i++)
        {
            var model = await Models.CreateAsync(
                new LoggedModelCreate { ExperimentId = experiment.Id, Name = $"m{i}" }
            );
            var metric = new MetricEntry
            {
                Key = "f1",
                Value = i,
                ModelId = model.Id,
            };
            await server.Client.Runs.LogAsync(run.Id, new RunLog { Metrics = [metric] });
        }
        var query = new LoggedModelQuery
        {
            ExperimentIds = [experiment.Id],
            Filter = "metrics.f1 > 0",
            OrderBy = ["metrics.f1 DESC"],
            PageSize = 3,
        };

        var names = await Models.SearchAsync(query).Select(model => model.Name).ToListAsync();

        Assert.Equal(["m4", "m3", "m2", "m1"], names);
    }

    [Fact]
    public async Task A_deleted_model_is_gone_and_a_parameter_stays_what_it_was()
    {
        var made = await Models.CreateAsync(
            new LoggedModelCreate
            {
                ExperimentId = "0",
                Params = new Dictionary<string, string> { ["depth"] = "3" },
            }
        );
        var change = new LoggedModelChange { Params = new Dictionary<string, string> { ["depth"] = "4" } };
        var refused = await Assert.ThrowsAsync<Fault>(() => Models.ChangeAsync(made.Id, change));
        Assert.Equal("model.param_changed", refused.Code);

        await Models.DeleteAsync(made.Id);
        await Models.DeleteAsync(made.Id);

        var missing = await Assert.ThrowsAsync<Fault>(() => Models.GetAsync(made.Id));
        Assert.Equal("model.not_found", missing.Code);
    }
}
