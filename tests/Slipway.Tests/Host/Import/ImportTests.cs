using System.Diagnostics;
using System.Text.Json;
using Slipway.Tests.Kit;

namespace Slipway.Tests.Host.Import;

public sealed class ImportTests(ITestOutputHelper output)
{
    public static TheoryData<string, string> Sources
    {
        get
        {
            var sources = new TheoryData<string, string>();
            foreach (var kind in TestStore.Kinds)
            {
                sources.Add(kind, "database");
                sources.Add(kind, "folder");
            }
            return sources;
        }
    }

    [Theory]
    [MemberData(nameof(Sources))]
    public async Task An_MLflow_comes_over_whole_and_importing_it_again_changes_nothing(string store, string source)
    {
        using var folder = new TestFolder();
        using var database = TestDatabase.Create(store);
        var from = Sample(folder, source);
        var first = await ImportAsync(folder, from, [.. database.Options]);
        var again = await ImportAsync(folder, from, [.. database.Options]);
        foreach (var kind in new[] { "experiments", "runs", "params", "points", "links", "models", "artifacts" })
        {
            var (before, after) = (first.GetProperty(kind), again.GetProperty(kind));
            Assert.Equal(before.GetProperty("read").GetInt64(), after.GetProperty("read").GetInt64());
            Assert.True(before.GetProperty("written").GetInt64() > 0, kind);
            Assert.Equal(0, after.GetProperty("written").GetInt64());
            Assert.Equal(0, after.GetProperty("not_taken").GetInt64());
        }
        Assert.Equal(502, first.GetProperty("points").GetProperty("written").GetInt64());
        await using var server = await SlipwayProcess.StartAsync(
            new SlipwayStart { DataPath = folder.At("data"), Options = [.. database.Options] }
        );
        await Imported.CheckAsync(server);
        if (source == "database")
            await ImportedTraces.CheckAsync(server);
    }

    [Fact]
    public async Task Artifacts_whose_folder_is_named_later_come_over_then_and_are_found_here()
    {
        using var folder = new TestFolder();
        using var elsewhere = new TestFolder();
        const string Model = "m-1123456789abcdef0123456789abcdef";
        var (run, model) = (elsewhere.At("of-run"), elsewhere.At("of-model"));
        MlflowFolder.Write("late", elsewhere.Path, "of-run", "a.txt");
        MlflowFolder.Write("weights", elsewhere.Path, "of-model", "w.bin");
        using (var database = new MlflowDatabase(folder.At("mlflow.db")))
        {
            database.Experiment(7, "fares");
            database.Run(7, Imported.RunId, artifacts: run);
            database.Run(
                "insert into logged_models values ($a, 7, 'net', $b, 1, 2, 2, 'active', 'agent', $c, null), ($d, 7, 'gone', $b, 1, 2, 2, 'deleted', 'agent', $c, null)",
                Imported.ModelId,
                model,
                Imported.RunId,
                Model
            );
        }
        var from = $"sqlite:///{folder.At("mlflow.db")}";
        await ImportAsync(folder, from, exitCode: 1);
        var later = await ImportAsync(folder, from, ["--artifacts", elsewhere.Path]);
        Assert.Equal(3, later.GetProperty("artifacts").GetProperty("written").GetInt64());
        await using var server = await SlipwayProcess.StartAsync(new SlipwayStart { DataPath = folder.At("data") });
        Assert.Equal("late", await server.Http.GetStringAsync($"/api/v1/runs/{Imported.RunId}/artifacts/a.txt"));
        Assert.Equal(
            "weights",
            await server.Http.GetStringAsync($"/api/v1/logged-models/{Imported.ModelId}/artifacts/w.bin")
        );
        Assert.Equal("weights", await Imported.FileAsync(server, $"7/models/{Model}/artifacts/w.bin"));
    }

    [Fact]
    public async Task A_server_comes_over_through_its_REST_API()
    {
        using var folder = new TestFolder();
        await ImportAsync(folder, Sample(folder, "database"));
        using var elsewhere = new TestFolder();
        await using (var source = await SlipwayProcess.StartAsync(new SlipwayStart { DataPath = folder.At("data") }))
        {
            var first = await ImportAsync(elsewhere, source.Address.ToString());
            Assert.Equal(502, first.GetProperty("points").GetProperty("written").GetInt64());
            var again = await ImportAsync(elsewhere, source.Address.ToString());
            Assert.Equal(0, again.GetProperty("points").GetProperty("written").GetInt64());
            Assert.Equal(3, again.GetProperty("artifacts").GetProperty("here_before").GetInt64());
            foreach (var kind in new[] { "traces", "spans", "assessments", "datasets", "records" })
            {
                Assert.True(first.GetProperty(kind).GetProperty("written").GetInt64() > 0, kind);
                Assert.Equal(0, again.GetProperty(kind).GetProperty("written").GetInt64());
            }
        }
        await using var server = await SlipwayProcess.StartAsync(new SlipwayStart { DataPath = elsewhere.At("data") });
        await Imported.CheckAsync(server);
        await ImportedTraces.CheckAsync(server);
    }

    [Fact]
    public async Task What_was_added_since_comes_over_with_the_next_import_and_what_was_changed_here_stays()
    {
        using var folder = new TestFolder();
        var from = Sample(folder, "folder");
        await ImportAsync(folder, from);
        await using (var server = await SlipwayProcess.StartAsync(new SlipwayStart { DataPath = folder.At("data") }))
        {
            await PostAsync(
                server,
                "runs/set-tag",
                new
                {
                    run_id = Imported.RunId,
                    key = "note",
                    value = "mine",
                }
            );
            await PostAsync(
                server,
                "runs/log-metric",
                new
                {
                    run_id = Imported.RunId,
                    key = "loss",
                    value = 1,
                    timestamp = 1,
                    step = 9000,
                }
            );
            await PostAsync(server, "runs/restore", new { run_id = Imported.DeletedRunId });
            await server.StopAsync();
        }
        var run = Path.Combine(from, "7", Imported.RunId);
        await File.AppendAllTextAsync(Path.Combine(run, "metrics", "loss"), "1700000009999 0.25 500\n");
        MlflowFolder.Write("2", run, "params", "beta");
        MlflowFolder.Write("later", run, "artifacts", "b.txt");
        await ImportAsync(folder, from);

        await using var again = await SlipwayProcess.StartAsync(new SlipwayStart { DataPath = folder.At("data") });
        var loss = await Imported.HistoryAsync(again, Imported.RunId, "loss");
        Assert.Equal(502, loss.Count);
        Assert.Contains((500, 0.25), loss);
        Assert.Contains((9000, 1), loss);
        var data = (await Imported.GetAsync(again, $"runs/get?run_id={Imported.RunId}"))
            .GetProperty("run")
            .GetProperty("data");
        Assert.Contains("note=mine", Imported.Texts(data, "tags"), StringComparison.Ordinal);
        Assert.Contains("beta=2", Imported.Texts(data, "params"), StringComparison.Ordinal);
        Assert.Equal("later", await Imported.FileAsync(again, $"7/{Imported.RunId}/artifacts/b.txt"));
        var restored = await Imported.GetAsync(again, $"runs/get?run_id={Imported.DeletedRunId}");
        Assert.Equal(
            "active",
            restored.GetProperty("run").GetProperty("info").GetProperty("lifecycle_stage").GetString()
        );
    }

    [Fact]
    public async Task An_import_that_is_killed_goes_on_where_it_was_until_everything_is_there_once()
    {
        const int Runs = 200;
        const int Points = 400;
        using var folder = new TestFolder();
        using (var database = new MlflowDatabase(folder.At("mlflow.db")))
        {
            database.Experiment(1, "many");
            for (var run = 0; run < Runs; run++)
            {
                database.Run(1, $"{run:d32}");
                for (var i = 0; i < Points; i++)
                    database.Point($"{run:d32}", "loss", i, i, i);
            }
        }
        var kills = 0;
        for (var round = 0; round < 4; round++)
        {
            var before = StoredBytes(folder);
            using var import = Process.Start(
                new ProcessStartInfo(SlipwayProcess.Binary, Command(folder, $"sqlite:///{folder.At("mlflow.db")}"))
                {
                    UseShellExecute = false,
                    RedirectStandardOutput = true,
                    RedirectStandardError = true,
                }
            )!;
            while (!import.HasExited && StoredBytes(folder) < before + 300_000)
                await Task.Delay(2);
            if (!import.HasExited)
                kills++;
            import.Kill();
            await import.WaitForExitAsync();
        }
        var end = await ImportAsync(folder, $"sqlite:///{folder.At("mlflow.db")}");
        output.WriteLine(
            $"{kills} kills, then {end.GetProperty("runs").GetProperty("written")} of {Runs} runs were left"
        );
        Assert.True(kills > 0);
        Assert.InRange(end.GetProperty("runs").GetProperty("written").GetInt64(), 0, Runs - 1);
        Assert.Equal(Runs, end.GetProperty("runs").GetProperty("read").GetInt64());
        await using var server = await SlipwayProcess.StartAsync(new SlipwayStart { DataPath = folder.At("data") });
        for (var run = 0; run < Runs; run += 7)
            Assert.Equal(
                Enumerable.Range(0, Points).Select(i => (i, (double)i)),
                await Imported.HistoryAsync(server, $"{run:d32}", "loss")
            );
    }

    [Fact]
    public async Task An_experiment_whose_number_is_taken_gets_another_and_the_summary_says_so()
    {
        using var folder = new TestFolder();
        await using (var server = await SlipwayProcess.StartAsync(new SlipwayStart { DataPath = folder.At("data") }))
        {
            await PostAsync(server, "experiments/create", new { name = "ours" });
            await server.StopAsync();
        }
        using (var database = new MlflowDatabase(folder.At("mlflow.db")))
        {
            database.Experiment(1, "theirs");
            database.Run(1, Imported.RunId);
        }
        var import = await ImportAsync(folder, $"sqlite:///{folder.At("mlflow.db")}", exitCode: 1);
        Assert.Equal("theirs: 1 is 2", import.GetProperty("remarks")[0].GetProperty("example").GetString());
        await using var again = await SlipwayProcess.StartAsync(new SlipwayStart { DataPath = folder.At("data") });
        var run = await Imported.GetAsync(again, $"runs/get?run_id={Imported.RunId}");
        Assert.Equal("2", run.GetProperty("run").GetProperty("info").GetProperty("experiment_id").GetString());
        await PostAsync(again, "experiments/create", new { name = "next" });
    }

    [Theory]
    [InlineData("nowhere", 3)]
    [InlineData("sqlite:///nowhere.db", 3)]
    [InlineData("ftp://host/x", 2)]
    public async Task A_source_that_is_none_is_refused_in_one_sentence(string from, int exitCode)
    {
        using var folder = new TestFolder();
        var refused = await SlipwayCommand.RunAsync(Command(folder, from));
        Assert.Equal(exitCode, refused.ExitCode);
        Assert.StartsWith("slipway: ", refused.Error, StringComparison.Ordinal);
    }

    private static string Sample(TestFolder folder, string kind)
    {
        if (kind == "folder")
            return MlflowFolder.Sample(folder.At("mlruns")).Root;
        MlflowDatabase.WriteSample(folder.Path);
        return $"sqlite:///{folder.At("mlflow.db")}";
    }

    internal static async Task<JsonElement> ImportAsync(
        TestFolder folder,
        string from,
        string[]? options = null,
        int exitCode = 0
    )
    {
        var import = await SlipwayCommand.RunAsync([.. Command(folder, from), "--json", .. options ?? []]);
        Assert.True(import.ExitCode == exitCode, $"{import.ExitCode} {import.Output} {import.Error}");
        return JsonSerializer.Deserialize<JsonElement>(import.Output);
    }

    private static long StoredBytes(TestFolder folder) =>
        Directory.Exists(folder.At("data"))
            ? new DirectoryInfo(folder.At("data")).GetFiles("slipway.db*").Sum(file => file.Length)
            : 0;

    private static string[] Command(TestFolder folder, string from) =>
        ["import", "mlflow", "--from", from, "--data", folder.At("data")];

    private static async Task PostAsync(SlipwayProcess server, string call, object body)
    {
        using var answer = await System.Net.Http.Json.HttpClientJsonExtensions.PostAsJsonAsync(
            server.Http,
            $"/api/2.0/mlflow/{call}",
            body
        );
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }
}
