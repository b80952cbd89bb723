using System.Text;
using Slipway.Sdk;
using Slipway.Sdk.Registry;
using Slipway.Sdk.Tracking;
using Slipway.Tests.Kit;

namespace Slipway.Tests.Sdk.Registry;

public sealed class ModelsClientTests(RunningServer server) : IClassFixture<RunningServer>, IDisposable
{
    private readonly TestFolder folder = new();

    private ModelsClient Models => server.Client.Models;

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_model_is_registered_promoted_fetched_and_rolled_back()
    {
        var name = NewName();
        var run = await server.Client.Runs.EnsureAsync(RunsClient.NewId(), new RunCreate { Experiment = "registered" });
        var files = server.Client.ArtifactsOfRun(run.Id);
        await files.PutAsync("model/a/größe.bin", new MemoryStream(Encoding.UTF8.GetBytes("weights")));
        await files.PutAsync("model/MLmodel", new MemoryStream(Encoding.UTF8.GetBytes("flavors: {onnx: {}}")));

        var first = await Models.RegisterAsync(name, $"runs:/{run.Id}/model", run.Id);
        var second = await Models.RegisterAsync(name, $"models:/{name}/1");
        await Models.SetAliasAsync(name, "champion", 1, expectedVersion: 0);
        await Models.SetAliasAsync(name, "champion", 2, expectedVersion: 1);
        var late = await Assert.ThrowsAsync<Fault>(() => Models.SetAliasAsync(name, "champion", 2, expectedVersion: 1));
        var back = await Models.RollBackAliasAsync(name, "champion");
        var live = await Models.GetByAliasAsync(name, "champion");

        Assert.Equal((1, 2, FilesState.Noted), (first.Version, second.Version, first.Files));
        Assert.Equal(first.Digest, second.Digest);
        Assert.Equal((FaultKind.Conflict, "registry.alias_moved"), (late.Kind, late.Code));
        Assert.Equal((1, 1), (back.Version, live.Version));
        Assert.Equal(["champion"], live.Aliases);
        var history = await Models.HistoryAsync(name, "champion");
        Assert.Equal([(2, 1), (1, 2), (null, 1)], history.Select(m => (m.FromVersion, m.ToVersion)));
        var origin = await Models.OriginAsync(name, 1);
        Assert.Equal((run.Id, "onnx"), (origin.RunId, Assert.Single(origin.Flavors)));
        Assert.Equal($"{name}/1", (await Models.OriginAsync(name, 2)).CopiedFrom);
        Assert.Equal(["MLmodel", "a/größe.bin"], (await Models.DigestsAsync(name, 1)).Files.Select(file => file.Path));
        var fetched = await server.Client.ArtifactsOfVersion(name, 1).GetFolderAsync(null, folder.Path);
        Assert.Equal(2, fetched.Count);
        Assert.Equal("weights", await File.ReadAllTextAsync(folder.At("a", "größe.bin")));
    }

    [Fact]
    public async Task Models_and_versions_are_described_tagged_staged_searched_and_deleted()
    {
        var name = NewName();
        await Models.CreateAsync(
            new ModelCreate
            {
                Name = name,
                Tags = new Dictionary<string, string> { ["t"] = "1" },
            }
        );
        await Models.AddVersionAsync(name, new VersionCreate { Source = "s3://bucket/1" });
        await Models.AddVersionAsync(name, new VersionCreate { Source = "s3://bucket/2" });

        await Models.ChangeVersionAsync(name, 1, new VersionChange { Stage = VersionStage.Production });
        var changed = await Models.ChangeVersionAsync(
            name,
            2,
            new VersionChange
            {
                Stage = VersionStage.Production,
                ArchiveOthers = true,
                Description = "better",
                Tags = new Dictionary<string, string> { ["k"] = "v" },
            }
        );
        var found = await Models.VersionsPageAsync(name, "tags.k = 'v'", [], 10, null);
        var everywhere = await Models.VersionsPageAsync(null, $"name = '{name}'", ["version_number"], 1, null);
        var rest = await Models.VersionsPageAsync(
            null,
            $"name = '{name}'",
            ["version_number"],
            1,
            everywhere.NextPageToken
        );

        Assert.Equal((VersionStage.Production, "better"), (changed.Stage, changed.Description));
        Assert.Equal([2], found.Items.Select(v => v.Version));
        Assert.Equal([1, 2], everywhere.Items.Concat(rest.Items).Select(v => v.Version));
        Assert.Equal(VersionStage.Archived, (await Models.GetVersionAsync(name, 1)).Stage);
        await Models.DeleteVersionTagAsync(name, 2, "k");
        await Models.DeleteTagAsync(name, "t");
        Assert.Empty((await Models.GetVersionAsync(name, 2)).Tags);
        await Models.DeleteVersionAsync(name, 1);
        var renamed = await Models.ChangeAsync(name, new ModelChange { Name = $"{name} 2", Description = "d" });
        Assert.Equal(($"{name} 2", "d", 2), (renamed.Name, renamed.Description, renamed.VersionCount));
        Assert.Contains($"{name} 2", await NamesAsync($"name LIKE '{name}%'"));
        await Models.DeleteAsync($"{name} 2");
        Assert.Empty(await NamesAsync($"name LIKE '{name}%'"));
        var gone = await Assert.ThrowsAsync<Fault>(() => Models.GetAsync(name));
        Assert.Equal("registry.model_not_found", gone.Code);
    }

    private async Task<List<string>> NamesAsync(string filter)
    {
        var names = new List<string>();
        await foreach (var model in Models.ListAsync(filter))
            names.Add(model.Name);
        return names;
    }

    private static string NewName() => $"model {Guid.NewGuid():N}";
}
