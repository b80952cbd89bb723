using System.Text.Json.Nodes;
using Slipway.Evaluation;
using Slipway.Evaluation.Actions;
using Slipway.Evaluation.Setup;
using Slipway.Foundation.Basics;
using Slipway.Foundation.Events;
using Slipway.Foundation.Filters;
using Slipway.Identity;
using Slipway.Sdk;
using Slipway.Tests.Kit;
using Slipway.Tests.Tracking;

namespace Slipway.Tests.Evaluation.Actions;

public sealed class EvaluationDatasetsTests
{
    public static TheoryData<string> Kinds => TestStore.Kinds;

    [Theory, MemberData(nameof(Kinds))]
    public async Task A_record_is_known_by_its_inputs_in_whichever_order_their_keys_stand(string kind)
    {
        await using var fixture = await EvaluationFixture.OpenAsync(kind);
        var id = await fixture.CreateAsync("asked");
        Assert.Equal(new RecordCounts(1, 0), await fixture.UpsertAsync(id, """{"a": {"x": 1, "y": [2]}, "b": "c"}"""));
        Assert.Equal(new RecordCounts(0, 1), await fixture.UpsertAsync(id, """{"b": "c", "a": {"y": [2], "x": 1}}"""));
        Assert.Equal(new RecordCounts(1, 0), await fixture.UpsertAsync(id, """{"b": "c", "a": {"y": [2], "x": 2}}"""));
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task Sending_the_same_records_again_leaves_them_as_they_are(string kind)
    {
        await using var fixture = await EvaluationFixture.OpenAsync(kind);
        var id = await fixture.CreateAsync("asked");
        for (var i = 0; i < 3; i++)
            await fixture.UpsertAsync(id, """{"q": 1}""", """{"q": 2}""");
        var dataset = await fixture.Datasets.GetAsync(fixture.Caller, id);
        Assert.Equal(2, dataset.RecordCount);
        Assert.Equal(["q"], dataset.Fields!.Inputs.Keys);
        Assert.Equal(2, (await fixture.Datasets.RecordsAsync(fixture.Caller, id, null, 10)).Records.Count);
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task A_deleted_dataset_is_gone_with_its_records(string kind)
    {
        await using var fixture = await EvaluationFixture.OpenAsync(kind);
        var id = await fixture.CreateAsync("asked", fixture.Tracking.ExperimentId);
        await fixture.UpsertAsync(id, """{"q": 1}""");
        await fixture.Datasets.DeleteAsync(fixture.Caller, id);
        await fixture.Datasets.DeleteAsync(fixture.Caller, id);
        var fault = await Assert.ThrowsAsync<Fault>(() => fixture.Datasets.GetAsync(fixture.Caller, id));
        Assert.Equal("evaluation.dataset_not_found", fault.Code);
        Assert.Empty((await fixture.Datasets.SearchAsync(fixture.Caller, new EvaluationDatasetQuery())).Datasets);
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task Whoever_may_read_an_experiment_may_read_the_datasets_that_serve_it(string kind)
    {
        await using var fixture = await EvaluationFixture.OpenAsync(kind);
        var own = fixture.Tracking.ExperimentId;
        var id = await fixture.CreateAsync("served", own);
        await fixture.CreateAsync("of the workspace");
        var reader = new Caller(
            "ada",
            Caller.DefaultWorkspace,
            resource => resource == Resource.Experiment($"{own}") ? Level.Read : Level.None
        );
        var seen = await fixture.Datasets.SearchAsync(reader, new EvaluationDatasetQuery());
        Assert.Equal([id], seen.Datasets.Select(d => d.Id));
        Func<Task>[] changes =
        [
            () => fixture.Datasets.DeleteAsync(reader, id),
            () => fixture.Datasets.SetTagsAsync(reader, id, new Dictionary<string, string> { ["a"] = "b" }),
            () => fixture.Datasets.UpsertAsync(reader, id, [EvaluationFixture.Content("{}")]),
            () => fixture.Datasets.AddExperimentsAsync(reader, id, [own]),
            () => fixture.Datasets.CreateAsync(reader, new NewEvaluationDataset("mine") { ExperimentIds = [own] }),
        ];
        foreach (var change in changes)
            Assert.Equal(FaultKind.Denied, (await Assert.ThrowsAsync<Fault>(change)).Kind);
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task A_link_to_an_experiment_that_is_purged_costs_the_dataset_nothing(string kind)
    {
        await using var fixture = await EvaluationFixture.OpenAsync(kind);
        var id = await fixture.CreateAsync("served", fixture.Tracking.ExperimentId);
        await fixture.Tracking.Experiments.DeleteAsync(fixture.Caller, fixture.Tracking.ExperimentId);
        await fixture.Tracking.Experiments.PurgeAsync(fixture.Caller, fixture.Tracking.ExperimentId);
        Assert.Equal("served", (await fixture.Datasets.GetAsync(fixture.Caller, id)).Name);
    }

    [Theory]
    [InlineData("name = 'b' OR tags.team = 'x'", "b a")]
    [InlineData("name NOT IN ('a')", "b")]
    [InlineData("tags.team IS NULL", "b")]
    [InlineData("created_time > 0 AND name ILIKE 'A'", "a")]
    public async Task A_search_finds_by_attributes_and_tags(string filter, string expected)
    {
        await using var fixture = await EvaluationFixture.OpenAsync("sqlite");
        var a = await fixture.CreateAsync("a");
        await fixture.Datasets.SetTagsAsync(fixture.Caller, a, new Dictionary<string, string> { ["team"] = "x" });
        await fixture.CreateAsync("b");
        var found = await fixture.Datasets.SearchAsync(
            fixture.Caller,
            new EvaluationDatasetQuery { Filter = Filter.Parse(filter) }
        );
        Assert.Equal(expected, string.Join(' ', found.Datasets.Select(d => d.Name)));
    }

    private sealed class EvaluationFixture : IAsyncDisposable
    {
        private EvaluationFixture(TrackingFixture tracking)
        {
            Tracking = tracking;
            var clock = TimeProvider.System;
            Datasets = new EvaluationDatasets(
                tracking.Store.Db,
                tracking.Experiments,
                new RowNumbers(clock),
                new EventLog(clock),
                clock
            );
        }

        public TrackingFixture Tracking { get; }

        public EvaluationDatasets Datasets { get; }

        public Caller Caller => Tracking.Caller;

        public static async Task<EvaluationFixture> OpenAsync(string kind) =>
            new(await TrackingFixture.OpenAsync(kind, EvaluationSetup.Room));

        public static RecordContent Content(string inputs) => new(JsonNode.Parse(inputs)!.AsObject());

        public async Task<string> CreateAsync(string name, params long[] experiments) =>
            (await Datasets.CreateAsync(Caller, new NewEvaluationDataset(name) { ExperimentIds = experiments })).Id;

        public Task<RecordCounts> UpsertAsync(string id, params string[] inputs) =>
            Datasets.UpsertAsync(Caller, id, [.. inputs.Select(Content)]);

        public ValueTask DisposeAsync() => Tracking.DisposeAsync();
    }
}
