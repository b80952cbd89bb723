using Slipway.Governance;
using Slipway.Identity;
using Slipway.Registry;
using Slipway.Tests.Kit;
using Slipway.Tracking;
using static Slipway.Tests.Governance.GovernanceFixture;

namespace Slipway.Tests.Governance.Actions;

public sealed class LineagesTests
{
    private static readonly RunDataset Data = new("trips", "d1", "local", "file");

    public static TheoryData<string> Stores => TestStore.Kinds;

    [Theory, MemberData(nameof(Stores))]
    public async Task One_call_goes_from_a_version_to_the_data_and_from_the_data_to_every_model(string kind)
    {
        await using var fixture = await OpenAsync(kind);
        var (first, second) = (await TrainAsync(fixture), await TrainAsync(fixture));
        await fixture.Registry.Models.CreateAsync(fixture.Author, new NewRegisteredModel("fares"));
        foreach (var run in new[] { first, second })
            await fixture.Registry.Versions.CreateAsync(
                fixture.Author,
                new NewModelVersion("fares", "s3://bucket/m") { RunId = run.Head.Id }
            );
        var back = await fixture.Lineages.OfAsync(fixture.Author, new LineageNode("model_version", "fares/1"));
        Assert.Equal(
            [("dataset", "trips@d1"), ("model_version", "fares/1"), ("run", first.Head.Id)],
            back.Nodes.Select(n => (n.Kind, n.Id)).Order()
        );
        var forth = await fixture.Lineages.OfAsync(fixture.Author, new LineageNode("dataset", "trips@d1"));
        Assert.Equal(
            ["fares/1", "fares/2"],
            forth.Nodes.Where(n => n.Kind == "model_version").Select(n => n.Id).Order()
        );
        Assert.Contains(
            forth.Edges,
            e => e.From.Id == second.Head.Id && e.To.Id == "fares/2" && e.Relation == "registered"
        );
    }

    [Fact]
    public async Task A_copy_is_connected_with_its_original()
    {
        await using var fixture = await OpenAsync();
        await fixture.RegisterSafeAsync();
        await fixture.Registry.Models.CreateAsync(fixture.Author, new NewRegisteredModel("copy"));
        await fixture.Registry.Versions.CreateAsync(fixture.Author, new NewModelVersion("copy", "models:/fares/1"));
        var from = await fixture.Lineages.OfAsync(fixture.Author, new LineageNode("model_version", "copy/1"));
        Assert.Contains(from.Edges, e => (e.From.Id, e.To.Id, e.Relation) == ("fares/1", "copy/1", "copied"));
        var to = await fixture.Lineages.OfAsync(fixture.Author, new LineageNode("model_version", "fares/1"));
        Assert.Contains(to.Edges, e => (e.From.Id, e.To.Id, e.Relation) == ("fares/1", "copy/1", "copied"));
    }

    [Fact]
    public async Task What_a_caller_may_not_read_is_at_most_a_name()
    {
        await using var fixture = await OpenAsync();
        var run = await TrainAsync(fixture);
        await fixture.Registry.Models.CreateAsync(fixture.Author, new NewRegisteredModel("fares"));
        var request = new NewModelVersion("fares", "s3://bucket/m") { RunId = run.Head.Id };
        await fixture.Registry.Versions.CreateAsync(fixture.Author, request);
        var narrow = new Caller("vi", "default", r => r.Kind == ResourceKind.RegisteredModel ? Level.Read : Level.None);
        var graph = await fixture.Lineages.OfAsync(narrow, new LineageNode("model_version", "fares/1"));
        Assert.Equal(["fares/1", run.Head.Id], graph.Nodes.OrderBy(n => n.Kind).Select(n => n.Id));
        Assert.DoesNotContain(graph.Nodes, n => n.Kind == LineageNode.Dataset);
        await RefusesAsync(
            "lineage.not_found",
            () => fixture.Lineages.OfAsync(narrow, new LineageNode(LineageNode.Run, run.Head.Id))
        );
        var stranger = new Caller("st", "elsewhere", _ => Level.Manage);
        await RefusesAsync(
            "lineage.not_found",
            () => fixture.Lineages.OfAsync(stranger, new LineageNode("model_version", "fares/1"))
        );
        await RefusesAsync(
            "lineage.not_found",
            () => fixture.Lineages.OfAsync(stranger, new LineageNode("dataset", "trips@d1"))
        );
    }

    private static async Task<Run> TrainAsync(GovernanceFixture fixture)
    {
        var run = await fixture.Registry.Tracking.StartAsync("train");
        await fixture.Registry.Tracking.Runs.LogInputsAsync(
            fixture.Author,
            run.Head.Id,
            [new DatasetInput(Data, [])],
            []
        );
        return run;
    }
}
