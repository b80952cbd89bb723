using System.Text.Json;
using Slipway.Sdk.Tracking;
using Slipway.Tests.Kit;
using Slipway.Tests.Sdk;

namespace Slipway.Tests.Tracking.Cli;

public sealed class ArtifactCommandsTests(RunningServer server) : IClassFixture<RunningServer>, IDisposable
{
    private readonly TestFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_folder_is_put_listed_fetched_and_removed()
    {
        var run = await NewRunAsync();
        Directory.CreateDirectory(folder.At("model/deep"));
        await File.WriteAllTextAsync(folder.At("model/größe.txt"), "G");
        await File.WriteAllTextAsync(folder.At("model/deep/b.bin"), "bb");

        var put = await RunAsync("put", run.Id, folder.At("model"));
        var list = await RunAsync("list", run.Id, "--recursive", "--json");
        var get = await RunAsync("get", run.Id, "model", "--to", folder.At("out"));
        var one = await RunAsync("get", run.Id, "model/deep/b.bin", "--to", folder.Path);
        var unsure = await RunAsync("rm", run.Id, "model");
        var removed = await RunAsync("rm", run.Id, "model", "--yes");
        var empty = await RunAsync("list", run.Id, "--json");

        Assert.Equal((0, 0, 0, 0), (put.ExitCode, list.ExitCode, get.ExitCode, one.ExitCode));
        Assert.Contains("Stored 2 files", put.Output, StringComparison.Ordinal);
        var paths = JsonDocument
            .Parse(list.Output)
            .RootElement.EnumerateArray()
            .Select(item => item.GetProperty("path"));
        Assert.Equal(
            ["model/deep/b.bin", "model/größe.txt"],
            paths.Select(path => path.GetString()).Order(StringComparer.Ordinal)
        );
        Assert.Equal("G", await File.ReadAllTextAsync(folder.At("out/größe.txt")));
        Assert.Equal("bb", await File.ReadAllTextAsync(folder.At("b.bin")));
        Assert.Equal(2, unsure.ExitCode);
        Assert.Equal(0, removed.ExitCode);
        Assert.Equal("[]", empty.Output.Trim());
    }

    [Fact]
    public async Task What_is_not_there_ends_with_its_reason()
    {
        var run = await NewRunAsync();

        var noRun = await RunAsync("list", RunsClient.NewId());
        var noFile = await RunAsync("put", run.Id, folder.At("nothing"));
        var noArtifact = await RunAsync("get", run.Id, "nothing");

        foreach (var ended in new[] { noRun, noFile, noArtifact })
            Assert.Equal(3, ended.ExitCode);
    }

    private Task<RunResource> NewRunAsync() =>
        server.Client.Runs.EnsureAsync(RunsClient.NewId(), new RunCreate { Experiment = "commands" });

    private Task<SlipwayCommand> RunAsync(params string[] args) =>
        SlipwayCommand.RunAsync(["artifacts", .. args, "--server", server.Process.Address.ToString()]);
}
