using System.Net.Http.Json;
using System.Text.Json;
using Slipway.Foundation.Sql;
using Slipway.Tests.Kit;

namespace Slipway.Tests.Host;

public sealed class AuditCommandTests
{
    [Fact]
    public async Task The_record_is_proved_beside_a_running_server_and_a_changed_row_is_named()
    {
        using var folder = new TestFolder();
        var path = folder.At("slipway-data");
        await using (var server = await SlipwayProcess.StartAsync(new SlipwayStart { DataPath = path }))
        {
            for (var i = 0; i < 5; i++)
                await server.Http.PostAsJsonAsync("/api/2.0/mlflow/runs/create", new { experiment_id = "0" });
            var verified = await UntilSealedAsync(path, 5);
            Assert.True(verified.GetProperty("ok").GetBoolean());
            await server.StopAsync();
        }
        // Stopping writes an anchor down.
        Assert.StartsWith(
            "5:",
            await File.ReadAllTextAsync(Path.Combine(path, "audit-anchors.txt")),
            StringComparison.Ordinal
        );
        var anchor = (await SlipwayCommand.RunAsync("audit", "anchor", "--data", path)).Output.Trim();

        await using (var db = new Db(new SqliteDialect(Path.Combine(path, "slipway.db"))))
            await db.WriteAsync(tx =>
                tx.Execute(
                    "update foundation_events set actor = 'nobody' where number = (select number from foundation_event_seals where position = 3)"
                )
            );
        var found = await SlipwayCommand.RunAsync("audit", "verify", "--data", path, "--anchor", anchor);
        Assert.Equal(1, found.ExitCode);
        Assert.Contains("position 3", found.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_without_a_database_is_named()
    {
        using var folder = new TestFolder();
        var refused = await SlipwayCommand.RunAsync("audit", "verify", "--data", folder.At("nothing"));
        Assert.Equal(78, refused.ExitCode);
        Assert.Contains("There is no database", refused.Error, StringComparison.Ordinal);
    }

    private static async Task<JsonElement> UntilSealedAsync(string path, int count)
    {
        while (true)
        {
            var result = await SlipwayCommand.RunAsync("audit", "verify", "--data", path, "--json");
            Assert.Equal(0, result.ExitCode);
            var report = JsonSerializer.Deserialize<JsonElement>(result.Output);
            if (report.GetProperty("sealed").GetInt64() == count)
                return report;
        }
    }
}
