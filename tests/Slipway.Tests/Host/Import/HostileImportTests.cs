using System.Text;
using System.Text.Json;
using Slipway.Tests.Kit;

namespace Slipway.Tests.Host.Import;

/// <summary>Sources made to do harm: nothing outside of them is read, and the rest of them comes over.</summary>
public sealed class HostileImportTests
{
    [Fact]
    public async Task Links_and_pipes_in_a_folder_are_as_if_they_were_not_there()
    {
        using var folder = new TestFolder();
        MlflowFolder.Write("secret", folder.At("outside", "secret.txt"));
        var source = MlflowFolder.Sample(folder.At("mlruns"));
        var run = Path.Combine(source.Root, "7", Imported.RunId);
        File.CreateSymbolicLink(Path.Combine(run, "artifacts", "stolen.txt"), folder.At("outside", "secret.txt"));
        Directory.CreateSymbolicLink(Path.Combine(run, "artifacts", "stolen"), folder.At("outside"));
        File.CreateSymbolicLink(Path.Combine(run, "params", "stolen"), folder.At("outside", "secret.txt"));
        Directory.CreateSymbolicLink(Path.Combine(source.Root, "9"), folder.At("outside"));
        using (var pipe = System.Diagnostics.Process.Start("mkfifo", Path.Combine(run, "params", "pipe")))
            await pipe.WaitForExitAsync();
        await ImportTests.ImportAsync(folder, source.Root);
        Assert.DoesNotContain(
            Directory.GetFiles(folder.At("data", "blobs"), "*", SearchOption.AllDirectories),
            file => file.Contains("stolen", StringComparison.Ordinal)
        );
        await using var server = await SlipwayProcess.StartAsync(new SlipwayStart { DataPath = folder.At("data") });
        await Imported.CheckAsync(server);
    }

    [Fact]
    public async Task An_artifact_folder_that_is_a_link_is_not_entered()
    {
        using var folder = new TestFolder();
        MlflowFolder.Write("secret", folder.At("outside", "secret.txt"));
        var source = new MlflowFolder(folder.At("mlruns"));
        var run = source.Run(source.Experiment("1", "one"), Imported.RunId);
        Directory.Delete(Path.Combine(run, "artifacts"));
        Directory.CreateSymbolicLink(Path.Combine(run, "artifacts"), folder.At("outside"));
        var import = await ImportTests.ImportAsync(folder, source.Root, exitCode: 1);
        Assert.Equal(0, import.GetProperty("artifacts").GetProperty("written").GetInt64());
        Assert.Equal(1, import.GetProperty("runs").GetProperty("written").GetInt64());
    }

    [Theory]
    [InlineData("/etc")]
    [InlineData("file:///etc")]
    [InlineData("mlflow-artifacts:/../../../../etc")]
    [InlineData("mlruns/../../../../../../etc")]
    public async Task An_address_that_leads_elsewhere_is_not_followed(string address)
    {
        using var folder = new TestFolder();
        using (var database = new MlflowDatabase(folder.At("mlflow.db")))
        {
            database.Experiment(1, "one");
            database.Run(1, Imported.RunId, artifacts: address);
        }
        var import = await SlipwayCommand.RunAsync(
            "import",
            "mlflow",
            "--from",
            $"sqlite:///{folder.At("mlflow.db")}",
            "--data",
            folder.At("data"),
            "--json"
        );
        var ledger = JsonSerializer.Deserialize<JsonElement>(import.Output);
        Assert.Equal(0, ledger.GetProperty("artifacts").GetProperty("read").GetInt64());
        Assert.Equal(1, ledger.GetProperty("runs").GetProperty("written").GetInt64());
        if (address.Contains("/etc", StringComparison.Ordinal) && !address.Contains("..", StringComparison.Ordinal))
            Assert.Contains(
                "--artifacts",
                ledger.GetProperty("remarks")[0].GetProperty("why").GetString(),
                StringComparison.Ordinal
            );
    }

    [Fact]
    public async Task One_bad_thing_costs_itself_and_is_named_with_its_reason()
    {
        using var folder = new TestFolder();
        var source = MlflowFolder.Sample(folder.At("mlruns"));
        var experiment = Path.Combine(source.Root, "7");
        var run = Path.Combine(experiment, Imported.RunId);
        var bomb = new StringBuilder("a: &a [x, x, x, x, x, x, x, x, x]\n");
        for (var c = 'b'; c < 'k'; c++)
            bomb.Append($"{c}: &{c} [*{(char)(c - 1)}, *{(char)(c - 1)}, *{(char)(c - 1)}, *{(char)(c - 1)}]\n");
        MlflowFolder.Write(bomb.ToString(), experiment, "a_bomb", "meta.yaml");
        MlflowFolder.Write(new string('[', 100_000), experiment, "deep", "meta.yaml");
        MlflowFolder.Write(
            "name: x\nlifecycle_stage: active\nrun_id: ../../escape\n",
            experiment,
            "escape",
            "meta.yaml"
        );
        MlflowFolder.Write("run_id: !!python/object/apply:os.system ['true']\n", experiment, "python", "meta.yaml");
        MlflowFolder.Write("source_id: ../../../outside\nsource_type: DATASET\n", run, "inputs", "i9", "meta.yaml");
        MlflowFolder.Write("1 2 3\nnot a point\n1e3 x\n5 nan\n", run, "metrics", "mixed");
        MlflowFolder.Write("1", run, "params", "what?!");
        await File.WriteAllBytesAsync(Path.Combine(run, "tags", "bytes"), [0xff, 0xfe, (byte)'a', 0xc3]);
        await File.WriteAllBytesAsync(Path.Combine(run, "tags", "long"), new byte[2 << 20]);
        MlflowFolder.Write("x", run, "artifacts", "con");

        var import = await ImportTests.ImportAsync(folder, source.Root, exitCode: 1);
        Assert.Equal(3, import.GetProperty("runs").GetProperty("written").GetInt64());
        Assert.Equal(4, import.GetProperty("runs").GetProperty("not_taken").GetInt64());
        Assert.Equal(2, import.GetProperty("points").GetProperty("not_taken").GetInt64());
        Assert.Equal(1, import.GetProperty("params").GetProperty("not_taken").GetInt64());
        Assert.Equal(1, import.GetProperty("tags").GetProperty("not_taken").GetInt64());
        Assert.Equal(1, import.GetProperty("artifacts").GetProperty("not_taken").GetInt64());
        await using var server = await SlipwayProcess.StartAsync(new SlipwayStart { DataPath = folder.At("data") });
        await Imported.CheckAsync(server);
        Assert.Equal(2, (await Imported.HistoryAsync(server, Imported.RunId, "mixed")).Count);
    }

    [Fact]
    public async Task A_server_that_is_busy_is_asked_again_and_none_other_is_asked_at_all()
    {
        using var folder = new TestFolder();
        var otherWasAsked = false;
        await using var other = await ScriptedServer.StartAsync(
            (_, _) =>
            {
                otherWasAsked = true;
                return (200, "{}");
            }
        );
        var calls = 0;
        await using var source = await ScriptedServer.StartAsync(
            (path, answer) =>
            {
                if (path.EndsWith("experiments/search", StringComparison.Ordinal))
                    return ++calls < 3
                        ? (503, "later")
                        : (
                            200,
                            """{"experiments": [{"experiment_id": "1", "name": "one", "lifecycle_stage": "active"}]}"""
                        );
                if (path.EndsWith("runs/search", StringComparison.Ordinal))
                    return (
                        200,
                        """{"runs": [{"info": {"run_id": "ID"}, "data": {}}]}""".Replace(
                            "ID",
                            Imported.RunId,
                            StringComparison.Ordinal
                        )
                    );
                if (path.EndsWith("artifacts/list", StringComparison.Ordinal))
                    return (
                        200,
                        """{"files": [{"path": "a", "is_dir": false}, {"path": "../../b", "is_dir": false}, {"path": "c", "is_dir": true}]}"""
                    );
                answer.Headers.Location = other.Address.ToString();
                return (302, "");
            }
        );
        var import = await ImportTests.ImportAsync(folder, source.Address.ToString(), exitCode: 1);
        Assert.Equal(3, calls);
        Assert.Equal(1, import.GetProperty("runs").GetProperty("written").GetInt64());
        Assert.Equal(0, import.GetProperty("artifacts").GetProperty("written").GetInt64());
        Assert.Equal(2, import.GetProperty("artifacts").GetProperty("not_taken").GetInt64());
        Assert.False(otherWasAsked);
    }

    [Fact]
    public async Task A_database_that_is_damaged_or_has_views_for_tables_is_refused()
    {
        using var folder = new TestFolder();
        using (var database = new MlflowDatabase(folder.At("views.db")))
        {
            database.Run("drop table runs");
            database.Run(
                "create view runs as with recursive n(i) as (select 1 union all select i + 1 from n) select i as run_uuid from n"
            );
        }
        await File.WriteAllTextAsync(folder.At("text.db"), new string('x', 5000));
        foreach (var name in new[] { "views.db", "text.db" })
        {
            var refused = await SlipwayCommand.RunAsync(
                "import",
                "mlflow",
                "--from",
                $"sqlite:///{folder.At(name)}",
                "--data",
                folder.At("data")
            );
            Assert.True(refused.ExitCode == 2, $"{refused.ExitCode} {refused.Error}");
        }
    }
}
