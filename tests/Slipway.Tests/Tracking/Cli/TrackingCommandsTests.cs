using System.Globalization;
using System.Text.Json;
using Slipway.Tests.Kit;

namespace Slipway.Tests.Tracking.Cli;

/// <summary>The commands of experiments, runs and the bin, each the real program asking a real server.</summary>
public sealed class TrackingCommandsTests(CommandServer server) : IClassFixture<CommandServer>
{
    [Fact]
    public async Task An_experiment_is_made_shown_renamed_deleted_restored_and_purged()
    {
        var id = (await DoneAsync("experiments", "create", "fares", "--tag", "team=taxi")).Output.Trim();
        Assert.Equal("team=taxi", await CellAsync(["experiments", "show", "fares"], "tags"));
        await DoneAsync("experiments", "rename", id, "tips");
        Assert.Contains("tips", (await DoneAsync("experiments", "list")).Output, StringComparison.Ordinal);
        await DoneAsync("experiments", "delete", "tips");
        Assert.DoesNotContain("tips", (await DoneAsync("experiments", "list")).Output, StringComparison.Ordinal);
        await DoneAsync("experiments", "restore", "tips");
        await DoneAsync("experiments", "delete", "tips");

        var asked = await RunAsync("experiments", "purge", "tips");
        Assert.Equal(2, asked.ExitCode);
        Assert.Contains("--yes", asked.Error, StringComparison.Ordinal);
        await DoneAsync("experiments", "purge", "tips", "--yes");
        Assert.Equal(3, (await RunAsync("experiments", "show", "tips")).ExitCode);
    }

    [Fact]
    public async Task A_shell_script_logs_a_run_and_reads_it_back()
    {
        var run = (await DoneAsync("runs", "create", "from-a-script", "--name", "first")).Output.Trim();
        await DoneAsync("runs", "log", run, "--param", "depth=3", "--metric", "loss=0.5", "--step", "1");
        await DoneAsync("runs", "log", run, "--metric", "loss=0.25", "--step", "2", "--status", "finished");

        var shown = JsonDocument.Parse((await DoneAsync("runs", "show", run, "--json")).Output).RootElement;
        Assert.Equal("finished", shown.GetProperty("status").GetString());
        Assert.Equal("3", shown.GetProperty("params").GetProperty("depth").GetString());
        Assert.Equal(0.25, shown.GetProperty("metrics").GetProperty("loss").GetProperty("value").GetDouble());
        var found = await DoneAsync("runs", "search", "metrics.loss < 0.3 and params.depth = '3'");
        Assert.Contains(run, found.Output, StringComparison.Ordinal);
        var listed = await DoneAsync("runs", "list", "from-a-script");
        Assert.Contains("first", listed.Output, StringComparison.Ordinal);
        var history = await DoneAsync("runs", "history", run, "loss");
        Assert.StartsWith("█▁  0.25 … 0.5", history.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Runs_stand_beside_each_other_with_what_differs()
    {
        var ids = new List<string>();
        foreach (var depth in new[] { 3, 4 })
        {
            var id = (await DoneAsync("runs", "create", "compared", "--name", $"deep-{depth}")).Output.Trim();
            var value = string.Create(CultureInfo.InvariantCulture, $"loss=0.{depth}");
            await DoneAsync("runs", "log", id, "--param", $"depth={depth}", "--param", "seed=1", "--metric", value);
            ids.Add(id);
        }

        var compared = (await DoneAsync("runs", "compare", ids[0], ids[1])).Output;
        Assert.Equal(["depth", "3", "4"], Row(compared, "depth"));
        Assert.Equal(["loss", "0.3", "0.4"], Row(compared, "loss"));
        Assert.DoesNotContain("seed", compared, StringComparison.Ordinal);
        var all = (await DoneAsync("runs", "compare", ids[0], ids[1], "--all")).Output;
        Assert.Equal(["seed", "1", "1"], Row(all, "seed"));
        Assert.Equal(3, (await RunAsync("runs", "compare", ids[0], new string('0', 32))).ExitCode);
    }

    [Fact]
    public async Task An_export_has_a_row_for_each_run_and_quotes_what_would_break_it()
    {
        var run = (await DoneAsync("runs", "create", "exported", "--name", "a, \"b\"")).Output.Trim();
        await DoneAsync("runs", "log", run, "--param", "x=1", "--metric", "m=NaN", "--tag", "note=two\nlines");
        using var folder = new TestFolder();
        var file = Path.Combine(folder.Path, "runs.csv");

        await DoneAsync("runs", "export", "exported", "--output", file);

        var text = await File.ReadAllTextAsync(file);
        Assert.StartsWith(
            "run_id,name,user,status,lifecycle,start_ms,end_ms,artifact_uri,params.x,metrics.m,",
            text,
            StringComparison.Ordinal
        );
        Assert.Contains($"{run},\"a, \"\"b\"\"\",", text, StringComparison.Ordinal);
        Assert.Contains(",1,NaN,", text, StringComparison.Ordinal);
        Assert.Contains("\"two\nlines\"", text, StringComparison.Ordinal);
        var line = (await DoneAsync("runs", "export", "exported", "--json")).Output.Trim();
        Assert.Equal(run, JsonDocument.Parse(line).RootElement.GetProperty("id").GetString());
    }

    [Fact]
    public async Task A_spreadsheet_finds_no_formula_in_an_export()
    {
        var run = (await DoneAsync("runs", "create", "sheets", "--name", "=HYPERLINK(\"x\")")).Output.Trim();
        await DoneAsync("runs", "log", run, "--param", "a=@SUM(1)", "--param", "b=+x", "--param", "c=-0.5");

        var text = (await DoneAsync("runs", "export", "sheets")).Output;

        Assert.Contains($"{run},\"'=HYPERLINK(\"\"x\"\")\",", text, StringComparison.Ordinal);
        Assert.Contains(",'@SUM(1),'+x,-0.5", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Runs_go_into_the_bin_and_come_back_or_go_for_good()
    {
        var run = (await DoneAsync("runs", "create", "binned")).Output.Trim();
        await DoneAsync("runs", "delete", run);
        await DoneAsync("runs", "restore", run);
        await DoneAsync("runs", "delete", run);
        Assert.Equal(2, (await RunAsync("gc", "--older-than", "0d")).ExitCode);
        var counted = await DoneAsync("gc", "--older-than", "0d", "--dry-run", "--json");
        Assert.Equal(1, JsonDocument.Parse(counted.Output).RootElement.GetProperty("runs").GetInt32());
        await DoneAsync("gc", "--older-than", "0d", "--yes");
        Assert.Equal(3, (await RunAsync("runs", "show", run)).ExitCode);
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_said_to_be_so_with_the_way_out()
    {
        var failed = await SlipwayCommand.RunAsync("runs", "show", "x", "--server", "http://127.0.0.1:1");
        Assert.Equal(6, failed.ExitCode);
        Assert.Contains("does not answer", failed.Error, StringComparison.Ordinal);
        Assert.Contains("slipway up", failed.Error, StringComparison.Ordinal);
        Assert.Empty(failed.Output);
    }

    private static string[] Row(string table, string first) =>
        table
            .Split('\n')
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
            .Single(cells => cells.FirstOrDefault() == first);

    private async Task<string> CellAsync(string[] command, string row) =>
        Row((await DoneAsync(command)).Output, row)[1];

    private Task<SlipwayCommand> RunAsync(params string[] args) =>
        SlipwayCommand.RunAsync([.. args, "--server", server.Address]);

    private async Task<SlipwayCommand> DoneAsync(params string[] args)
    {
        var command = await RunAsync(args);
        Assert.True(command.ExitCode == 0, $"{string.Join(' ', args)}: {command.Error}");
        return command;
    }
}

/// <summary>A server for commands to ask, on which nobody signs in.</summary>
public sealed class CommandServer : IAsyncLifetime
{
    private SlipwayProcess process = null!;

    public string Address => process.Http.BaseAddress!.ToString();

    public async ValueTask InitializeAsync() => process = await SlipwayProcess.StartAsync();

    public ValueTask DisposeAsync() => process.DisposeAsync();
}
