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
    public async Task Whoever_may_only_edit_a_dataset_does_not_make_it_theirs_by_a_link(string kind)
    {
        await using var fixture = await EvaluationFixture.OpenAsync(kind);
        var foreign = fixture.Tracking.ExperimentId;
        var own = (await fixture.Tracking.Experiments.CreateAsync(fixture.Caller, "own", null, [])).Id;
        var id = await fixture.CreateAsync("served", foreign);
        var editor = With(($"{foreign}", Level.Edit), ($"{own}", Level.Manage));

        await DeniedAsync(() => fixture.Datasets.AddExperimentsAsync(editor, id, [own]));
        await DeniedAsync(() => fixture.Datasets.RemoveExperimentsAsync(editor, id, [foreign]));
        await DeniedAsync(() => fixture.Datasets.DeleteAsync(editor, id));
        await fixture.Datasets.SetTagsAsync(editor, id, new Dictionary<string, string> { ["a"] = "b" });

        // Who manages it by one experiment does not take it from another that they may only read.
        await fixture.Datasets.AddExperimentsAsync(fixture.Caller, id, [own]);
        var manager = With(($"{foreign}", Level.Read), ($"{own}", Level.Manage));
        await DeniedAsync(() => fixture.Datasets.RemoveExperimentsAsync(manager, id, [foreign]));
        Assert.Equal([foreign], (await fixture.Datasets.RemoveExperimentsAsync(manager, id, [own])).ExperimentIds);
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task Whoever_is_kept_from_an_experiment_is_kept_from_its_datasets_whatever_the_workspace_allows(
        string kind
    )
    {
        await using var fixture = await EvaluationFixture.OpenAsync(kind);
        var secret = fixture.Tracking.ExperimentId;
        var hidden = await fixture.CreateAsync("hidden", secret);
        var open = await fixture.CreateAsync("of the workspace");
        var viewer = new Caller(
            "ada",
            Caller.DefaultWorkspace,
            resource => resource == Resource.Experiment($"{secret}") ? Level.None : Level.Read
        );
        await DeniedAsync(() => fixture.Datasets.GetAsync(viewer, hidden));
        await DeniedAsync(() => fixture.Datasets.RecordsAsync(viewer, hidden, null, 10));
        var seen = await fixture.Datasets.SearchAsync(viewer, new EvaluationDatasetQuery());
        Assert.Equal([open], seen.Datasets.Select(d => d.Id));
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task Links_and_deleted_records_are_in_the_record_of_events(string kind)
    {
        await using var fixture = await EvaluationFixture.OpenAsync(kind);
        var id = await fixture.CreateAsync("asked");
        await fixture.UpsertAsync(id, """{"q": 1}""");
        var own = fixture.Tracking.ExperimentId;
        for (var i = 0; i < 2; i++)
            await fixture.Datasets.AddExperimentsAsync(fixture.Caller, id, [own]);
        for (var i = 0; i < 2; i++)
            await fixture.Datasets.RemoveExperimentsAsync(fixture.Caller, id, [own]);
        var record = (await fixture.Datasets.RecordsAsync(fixture.Caller, id, null, 10)).Records.Single();
        await fixture.Datasets.DeleteRecordsAsync(fixture.Caller, id, [record.Id]);
        var events = await fixture.Tracking.Store.Db.ReadAsync(tx =>
            tx.Many(
                "select kind, payload from foundation_events where subject_id = @id order by stamp, number",
                r => (r.Text(0), r.Text(1)),
                ("id", id)
            )
        );
        Assert.Equal(
            [
                ("evaluation_dataset.created", """{"name":"asked"}"""),
                ("evaluation_dataset.experiments_added", $$"""{"name":"asked","experiment_ids":"{{own}}"}"""),
                ("evaluation_dataset.experiments_removed", $$"""{"name":"asked","experiment_ids":"{{own}}"}"""),
                ("evaluation_dataset.records_deleted", """{"name":"asked","records":"1"}"""),
            ],
            events
        );
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

    private static Caller With(params (string Experiment, Level Level)[] grants) =>
        new(
            "ada",
            Caller.DefaultWorkspace,
            resource => grants.FirstOrDefault(grant => resource == Resource.Experiment(grant.Experiment)).Level
        );

    private static async Task DeniedAsync(Func<Task> asked) =>
        Assert.Equal(FaultKind.Denied, (await Assert.ThrowsAsync<Fault>(asked)).Kind);

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
