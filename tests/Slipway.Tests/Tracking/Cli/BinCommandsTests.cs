using System.Text.Json;
using Slipway.Sdk.Tracking;
using Slipway.Tests.Kit;
using Slipway.Tests.Sdk;

namespace Slipway.Tests.Tracking.Cli;

public sealed class BinCommandsTests(RunningServer server) : IClassFixture<RunningServer>
{
    [Fact]
    public async Task Only_what_is_in_the_bin_for_long_and_what_nothing_names_is_removed_and_first_only_counted()
    {
        var (binned, kept) = (await NewRunAsync(), await NewRunAsync());
        foreach (var run in new[] { binned, kept })
            await server.Client.ArtifactsOfRun(run.Id).PutAsync("weights.bin", new MemoryStream(new byte[1000]));
        await server.Client.Runs.DeleteAsync(binned.Id);
        await StrayAsync($"{kept.ExperimentId}/{RunsClient.NewId()}/artifacts/stray", 10);
        await StrayAsync("999/models/stray", 5);
        await StrayAsync("shared/not-ours", 7);

        var young = await RunAsync("--dry-run", "--json");
        var counted = await RunAsync("--older-than", "0d", "--dry-run", "--json");
        var unsure = await RunAsync("--older-than", "0d");
        var removed = await RunAsync("--older-than", "0d", "--yes", "--json");
        var again = await RunAsync("--older-than", "0d", "--yes");

        Assert.Equal((0L, 0L), (Number(young, "runs"), Number(young, "bytes")));
        Assert.Equal((1L, 3L, 1015L), (Number(counted, "runs"), Number(counted, "files"), Number(counted, "bytes")));
        Assert.Equal(2, unsure.ExitCode);
        Assert.Equal(1L, Number(removed, "runs"));
        Assert.Contains("0 runs and 0 models, with 0 files", again.Output, StringComparison.Ordinal);
        var blobs = Path.Combine(server.Process.DataPath, "blobs");
        Assert.True(File.Exists(Path.Combine(blobs, "shared", "not-ours")));
        Assert.True(File.Exists(Path.Combine(blobs, kept.ExperimentId, kept.Id, "artifacts", "weights.bin")));
        Assert.False(Directory.Exists(Path.Combine(blobs, kept.ExperimentId, binned.Id)));
        Assert.False(Directory.Exists(Path.Combine(blobs, "999")));
    }

    private Task<RunResource> NewRunAsync() =>
        server.Client.Runs.EnsureAsync(RunsClient.NewId(), new RunCreate { Experiment = "garbage" });

    private async Task StrayAsync(string path, int bytes)
    {
        var file = Path.Combine(server.Process.DataPath, "blobs", path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        await File.WriteAllBytesAsync(file, new byte[bytes]);
    }

    private Task<SlipwayCommand> RunAsync(params string[] args) =>
        SlipwayCommand.RunAsync(["gc", .. args, "--server", server.Process.Address.ToString()]);

    private static long Number(SlipwayCommand command, string name) =>
        JsonDocument.Parse(command.Output).RootElement.GetProperty(name).GetInt64();
}
