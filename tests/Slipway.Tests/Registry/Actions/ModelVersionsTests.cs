using Slipway.Identity;
using Slipway.Registry;
using Slipway.Sdk;
using Slipway.Tests.Kit;
using Slipway.Tracking;

namespace Slipway.Tests.Registry.Actions;

public sealed class ModelVersionsTests
{
    public static TheoryData<string> Kinds => TestStore.Kinds;

    [Theory, MemberData(nameof(Kinds))]
    public async Task Numbers_follow_one_upon_the_other_and_are_not_given_out_again(string kind)
    {
        await using var fixture = await RegistryFixture.OpenAsync(kind);
        var name = await fixture.RegisterAsync("fares", versions: 3);
        await fixture.Versions.DeleteAsync(fixture.Caller, name, 3);
        Assert.Equal(4, await fixture.AddAsync(name));
        var gone = await Assert.ThrowsAsync<Fault>(() => fixture.Versions.GetAsync(fixture.Caller, name, 3));
        Assert.Equal("registry.version_not_found", gone.Code);
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task Deleting_a_version_deletes_the_aliases_that_mean_it(string kind)
    {
        await using var fixture = await RegistryFixture.OpenAsync(kind);
        var name = await fixture.RegisterAsync("fares", versions: 2);
        await fixture.Aliases.SetAsync(fixture.Caller, name, "champion", 2);
        await fixture.Aliases.SetAsync(fixture.Caller, name, "challenger", 1);
        await fixture.Versions.DeleteAsync(fixture.Caller, name, 2);
        Assert.Equal(["challenger"], (await fixture.Models.GetAsync(fixture.Caller, name)).Aliases.Keys);
        var fault = await Assert.ThrowsAsync<Fault>(() =>
            fixture.Versions.GetByAliasAsync(fixture.Caller, name, "champion")
        );
        Assert.Equal("registry.alias_not_found", fault.Code);
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task A_version_tells_its_tags_and_aliases(string kind)
    {
        await using var fixture = await RegistryFixture.OpenAsync(kind);
        var name = await fixture.RegisterAsync("fares");
        await fixture.AddAsync(name, "s3://bucket/m", ("team", "taxi"), ("team", "bus"));
        await fixture.Versions.SetTagAsync(fixture.Caller, name, 1, "seen", "é\"\\日本");
        await fixture.Versions.DeleteTagAsync(fixture.Caller, name, 1, "never there");
        await fixture.Aliases.SetAsync(fixture.Caller, name, "b", 1);
        await fixture.Aliases.SetAsync(fixture.Caller, name, "a", 1);
        var version = await fixture.Versions.GetByAliasAsync(fixture.Caller, name, "b");
        Assert.Equal(["a", "b"], version.Aliases);
        Assert.Equal(
            new Dictionary<string, string> { ["team"] = "bus", ["seen"] = "é\"\\日本" },
            new Dictionary<string, string>(version.Tags)
        );
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task The_newest_of_each_stage_stands_in_the_order_in_which_stages_were_reached(string kind)
    {
        await using var fixture = await RegistryFixture.OpenAsync(kind);
        var name = await fixture.RegisterAsync("fares", versions: 4);
        await fixture.Versions.MoveAsync(fixture.Caller, name, 1, Stage.Production, archiveOthers: false);
        await fixture.Versions.MoveAsync(fixture.Caller, name, 2, Stage.Production, archiveOthers: true);
        var latest = await fixture.Versions.LatestAsync(fixture.Caller, name, []);
        Assert.Equal(
            [(1, Stage.Archived), (2, Stage.Production), (4, Stage.None)],
            latest.Select(v => (v.Number, v.Stage))
        );
        var live = await fixture.Versions.LatestAsync(fixture.Caller, name, [Stage.Production]);
        Assert.Equal([2], live.Select(v => v.Number));
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task A_source_that_names_another_model_is_that_models_files(string kind)
    {
        await using var fixture = await RegistryFixture.OpenAsync(kind);
        var (from, to) = (await fixture.RegisterAsync("from"), await fixture.RegisterAsync("to"));
        await fixture.AddAsync(from, "s3://bucket/first");
        await fixture.AddAsync(from, "s3://bucket/second");
        await fixture.Aliases.SetAsync(fixture.Caller, from, "champion", 1);
        await fixture.Versions.MoveAsync(fixture.Caller, from, 1, Stage.Staging, archiveOthers: false);
        foreach (
            var (source, files) in new[]
            {
                ("models:/from/1", "s3://bucket/first"),
                ("models:/from@champion", "s3://bucket/first"),
                ("models:/from/staging", "s3://bucket/first"),
                ("models:/from/latest", "s3://bucket/second"),
            }
        )
        {
            var copy = await fixture.Versions.GetAsync(fixture.Caller, to, await fixture.AddAsync(to, source));
            Assert.Equal((source, files), (copy.Source, copy.ArtifactUri));
        }
        foreach (var source in new[] { "models:/from/7", "models:/nobody/1", "models:/from@nobody", "models:/m-1" })
        {
            var fault = await Assert.ThrowsAsync<Fault>(() => fixture.AddAsync(to, source));
            Assert.Equal(FaultKind.NotFound, fault.Kind);
        }
        Assert.Equal(4, (await fixture.Models.GetAsync(fixture.Caller, to)).VersionCount);
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task A_logged_model_knows_under_which_names_it_was_registered(string kind)
    {
        await using var fixture = await RegistryFixture.OpenAsync(kind);
        var run = await fixture.Tracking.StartAsync();
        var logged = await fixture.Tracking.Models.CreateAsync(
            fixture.Caller,
            new NewLoggedModel(fixture.Tracking.ExperimentId) { SourceRunId = run.Head.Id }
        );
        var name = await fixture.RegisterAsync("a \"é\" name");
        for (var i = 0; i < 2; i++)
        {
            var version = await fixture.Versions.CreateAsync(
                fixture.Caller,
                new NewModelVersion(name, $"models:/{logged.Id}") { LoggedModelId = logged.Id }
            );
            Assert.Equal((logged.ArtifactUri, run.Head.Id), (version.ArtifactUri, version.RunId));
        }
        var known = await fixture.Tracking.Models.GetAsync(fixture.Caller, logged.Id);
        Assert.Equal(
            """[{"name": "a \"\u00e9\" name", "version": 1}, {"name": "a \"\u00e9\" name", "version": 2}]""",
            known.Tags["mlflow.modelVersions"]
        );
    }

    [Theory]
    [InlineData("""[{"name":"a","name":"b"}]""")]
    [InlineData("""[{"name":"\ud800","version":1}]""")]
    [InlineData("""[{"name":"a","version":1.5},7,{"name":3,"version":1}]""")]
    [InlineData("""{"name":"a"}""")]
    [InlineData("[")]
    public async Task A_text_of_somebody_elses_in_the_place_of_registrations_gives_way(string text)
    {
        await using var fixture = await RegistryFixture.OpenAsync("sqlite");
        var logged = await fixture.Tracking.Models.CreateAsync(
            fixture.Caller,
            new NewLoggedModel(fixture.Tracking.ExperimentId) { Tags = [new("mlflow.modelVersions", text)] }
        );
        var name = await fixture.RegisterAsync("fares");
        await fixture.Versions.CreateAsync(
            fixture.Caller,
            new NewModelVersion(name, $"models:/{logged.Id}") { LoggedModelId = logged.Id }
        );
        var known = await fixture.Tracking.Models.GetAsync(fixture.Caller, logged.Id);
        Assert.Equal("""[{"name": "fares", "version": 1}]""", known.Tags["mlflow.modelVersions"]);
    }

    [Fact]
    public async Task What_a_version_names_has_a_length()
    {
        await using var fixture = await RegistryFixture.OpenAsync("sqlite");
        var name = await fixture.RegisterAsync("fares");
        var (version, text) = (new NewModelVersion(name, "s3://bucket/model"), new string('x', 10_000));
        var prompt = version with { Tags = [KeyValuePair.Create(RegisteredModel.PromptTag, "true")] };
        foreach (
            var (request, field) in new[]
            {
                (version with { RunLink = text }, "run_link"),
                (version with { RunId = text }, "run_id"),
                (prompt with { LoggedModelId = text }, "model_id"),
            }
        )
        {
            var fault = await Assert.ThrowsAsync<Fault>(() => fixture.Versions.CreateAsync(fixture.Caller, request));
            Assert.Equal(("registry.length", field), (fault.Code, fault.Field));
        }
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task Files_of_an_experiment_that_the_caller_may_not_read_cannot_be_registered(string kind)
    {
        await using var fixture = await RegistryFixture.OpenAsync(kind);
        var run = await fixture.Tracking.StartAsync();
        var logged = await fixture.Tracking.Models.CreateAsync(
            fixture.Caller,
            new NewLoggedModel(fixture.Tracking.ExperimentId)
        );
        await fixture.RegisterAsync("mine");
        await fixture.RegisterAsync("theirs", versions: 1);
        var thief = new Caller(
            "thief",
            Caller.DefaultWorkspace,
            resource => resource == Resource.RegisteredModel("mine") ? Level.Manage : Level.None
        );
        string[] sources =
        [
            $"{run.Head.ArtifactUri}/model",
            $"mlflow-artifacts:///{run.Head.ArtifactUri["mlflow-artifacts:/".Length..]}",
            $"models:/{logged.Id}",
            "models:/theirs/1",
        ];
        foreach (var source in sources)
        {
            var fault = await Assert.ThrowsAsync<Fault>(() =>
                fixture.Versions.CreateAsync(thief, new NewModelVersion("mine", source))
            );
            Assert.Equal(FaultKind.Denied, fault.Kind);
        }
        Assert.Equal(0, (await fixture.Models.GetAsync(fixture.Caller, "mine")).VersionCount);
    }

    [Theory]
    [InlineData("/etc/passwd")]
    [InlineData("file:///etc")]
    [InlineData("mlflow-artifacts:/1/../../x")]
    [InlineData("mlflow-artifacts:/1/%252e%252e/x")]
    [InlineData("s3:/bucket/a/./b")]
    [InlineData("s3://bucket")]
    [InlineData("http://host/a/..%2fb")]
    [InlineData("dbfs:relative")]
    [InlineData("models:/a/b/c")]
    [InlineData("models:/a/ ")]
    [InlineData("")]
    public async Task A_source_that_leads_elsewhere_than_it_looks_is_refused(string source)
    {
        await using var fixture = await RegistryFixture.OpenAsync("sqlite");
        var name = await fixture.RegisterAsync("fares");
        var fault = await Assert.ThrowsAsync<Fault>(() => fixture.AddAsync(name, source));
        Assert.Equal(("registry.source", "source"), (fault.Code, fault.Field));
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task A_path_of_a_machine_is_taken_inside_of_what_the_run_keeps_there(string kind)
    {
        await using var fixture = await RegistryFixture.OpenAsync(kind);
        var name = await fixture.RegisterAsync("fares");
        var experiment = await fixture.Tracking.Experiments.CreateAsync(fixture.Caller, "local", "/data/runs", []);
        var run = await fixture.Tracking.Runs.CreateAsync(fixture.Caller, new NewRun(experiment.Id));
        var inside = run.Head.ArtifactUri + "/model";
        var version = await fixture.Versions.CreateAsync(
            fixture.Caller,
            new NewModelVersion(name, inside) { RunId = run.Head.Id }
        );
        Assert.Equal(inside, version.ArtifactUri);
        foreach (var outside in new[] { "/etc", run.Head.ArtifactUri + "/../../x", run.Head.ArtifactUri + "x" })
        {
            var fault = await Assert.ThrowsAsync<Fault>(() =>
                fixture.Versions.CreateAsync(fixture.Caller, new NewModelVersion(name, outside) { RunId = run.Head.Id })
            );
            Assert.Equal("registry.source", fault.Code);
        }
    }
}
