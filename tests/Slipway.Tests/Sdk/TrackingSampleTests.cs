using System.Diagnostics;
using System.Globalization;
using Slipway.Sdk;
using Slipway.Sdk.Tracking;
using Slipway.Tests.Kit;

namespace Slipway.Tests.Sdk;

/// <summary>The program that a user would copy, run as a user would run it; and killed, as users' programs are.</summary>
public sealed class TrackingSampleTests
{
    [Fact]
    public async Task The_sample_logs_its_runs_and_shows_the_best_first()
    {
        await using var server = await SlipwayProcess.StartAsync();
        using var spool = new TestFolder();
        using var sample = Start(server.Http.BaseAddress!, spool.Path, stepMs: 0);
        var output = await sample.StandardOutput.ReadToEndAsync();
        await sample.WaitForExitAsync();

        Assert.Equal(0, sample.ExitCode);
        var lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(["rate 0.5", "rate 0.1", "rate 0.01"], lines.Select(line => line[..10].Trim()));
    }

    [Fact]
    public async Task Killed_while_the_server_was_away_a_training_has_lost_nothing_but_its_last_moment()
    {
        using var data = new TestFolder();
        using var spool = new TestFolder();
        var first = await SlipwayProcess.StartAsync(new SlipwayStart { DataPath = data.Path });
        await using var stopped = first;
        var address = first.Http.BaseAddress!;
        using var sample = Start(address, spool.Path, stepMs: 50);
        await using var client = new SlipwayClient(address);
        await UntilAsync(async () => await StepsAsync(client) is { Count: > 10 });

        await first.KillAsync();
        await UntilAsync(() =>
            Task.FromResult(Directory.EnumerateFiles(spool.Path, "*.jsonl", SearchOption.AllDirectories).Any())
        );
        await Task.Delay(TimeSpan.FromSeconds(1));
        sample.Kill();
        await sample.WaitForExitAsync();

        await using var second = await SlipwayProcess.StartAsync(
            new SlipwayStart { DataPath = data.Path, ListenPort = address.Port }
        );
        var before = await StepsAsync(client);
        var sent = await SlipwayCommand.RunAsync(
            ["runs", "send", "--server", address.ToString()],
            input: "",
            SpoolIn(spool.Path)
        );
        var after = await StepsAsync(client);

        Assert.Equal(0, sent.ExitCode);
        Assert.True(
            after.Count > before.Count,
            $"{before.Count} steps before, {after.Count} after: {sent.Output}{sent.Error}"
        );
        Assert.Equal(Enumerable.Range(0, after.Count).Select(step => (long)step), after);
        Assert.Empty(Directory.EnumerateFiles(spool.Path, "*.jsonl", SearchOption.AllDirectories));
    }

    private static async Task<List<long>> StepsAsync(SlipwayClient client)
    {
        if (await client.Experiments.FindAsync("line") is not { } experiment)
            return [];
        var query = new RunQuery { ExperimentIds = [experiment.Id] };
        if (await client.Runs.SearchAsync(query).FirstOrDefaultAsync() is not { } run)
            return [];
        return await client.Runs.HistoryAsync(run.Id, "loss").Select(point => point.Step).ToListAsync();
    }

    private static async Task UntilAsync(Func<Task<bool>> holds)
    {
        var started = Stopwatch.GetTimestamp();
        while (!await holds())
        {
            Assert.True(Stopwatch.GetElapsedTime(started) < TimeSpan.FromSeconds(30), "It did not come to be.");
            await Task.Delay(50);
        }
    }

    private static Process Start(Uri server, string spool, int stepMs)
    {
        var program = Path.Combine(AppContext.BaseDirectory, "TrackingSample.dll");
        var start = new ProcessStartInfo("dotnet", [program, stepMs.ToString(CultureInfo.InvariantCulture)])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
        };
        start.Environment["SLIPWAY_SERVER"] = server.ToString();
        foreach (var (name, value) in SpoolIn(spool))
            start.Environment[name] = value;
        return Process.Start(start)!;
    }

    private static Dictionary<string, string> SpoolIn(string folder) => new() { ["XDG_DATA_HOME"] = folder };
}
