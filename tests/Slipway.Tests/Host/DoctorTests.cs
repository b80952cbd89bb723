using System.Text.Json;
using Slipway.Tests.Kit;

namespace Slipway.Tests.Host;

public sealed class DoctorTests : IDisposable
{
    private readonly TestFolder temporary = new();

    private string Data => temporary.At("data");

    public void Dispose() => temporary.Dispose();

    [Fact]
    public async Task A_folder_that_is_not_there_yet_is_no_complaint_and_stays_away()
    {
        var (code, findings) = await LookAsync();

        Assert.Equal(0, code);
        Assert.DoesNotContain("bad", findings.Values);
        Assert.False(Directory.Exists(Data));
    }

    [Fact]
    public async Task A_server_in_good_health_is_found_so_while_it_runs_and_after()
    {
        await using var server = await SlipwayProcess.StartAsync(new SlipwayStart { DataPath = Data });
        var (running, _) = await LookAsync();
        await server.StopAsync();
        var (stopped, findings) = await LookAsync();

        Assert.Equal((0, 0), (running, stopped));
        foreach (
            var check in new[]
            {
                "data folder",
                "lock",
                "disk space",
                "open files",
                "store",
                "database",
                "schema",
                "clock",
                "blobs",
            }
        )
            Assert.NotEqual("bad", findings[check]);
    }

    [Fact]
    public async Task A_damaged_database_is_found_and_the_way_back_named()
    {
        await using (var server = await SlipwayProcess.StartAsync(new SlipwayStart { DataPath = Data }))
            await server.StopAsync();
        Damage(temporary.At("data", "slipway.db"));

        var command = await SlipwayCommand.RunAsync("doctor", "--data", Data);

        Assert.Equal(78, command.ExitCode);
        Assert.Contains("BAD", command.Output, StringComparison.Ordinal);
        Assert.Contains("slipway restore", command.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", command.Output + command.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_that_others_can_enter_is_a_warning_with_the_remedy()
    {
        Directory.CreateDirectory(Data, (UnixFileMode)0b111_101_101);

        var command = await SlipwayCommand.RunAsync("doctor", "--data", Data);

        Assert.Equal(0, command.ExitCode);
        Assert.Contains($"chmod 700 {Data}", command.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_store_that_is_away_does_not_hide_the_other_findings()
    {
        var (code, findings) = await LookAsync("--store", "postgres://somebody:geheim@127.0.0.1:1/slipway");

        Assert.Equal(78, code);
        Assert.Equal("bad", findings["store"]);
        Assert.Equal("good", findings["blobs"]);
    }

    /// <summary>Zeroes in the middle of every page but the first, which holds what the file is.</summary>
    private static void Damage(string database)
    {
        using var file = new FileStream(database, FileMode.Open, FileAccess.ReadWrite);
        for (var page = 4096L; page < file.Length; page += 4096)
        {
            file.Position = page;
            file.Write(new byte[64]);
        }
    }

    private async Task<(int Code, Dictionary<string, string> Findings)> LookAsync(params string[] options)
    {
        var command = await SlipwayCommand.RunAsync(["doctor", "--data", Data, "--json", .. options]);
        var findings = JsonDocument.Parse(command.Output).RootElement.EnumerateArray();
        return (
            command.ExitCode,
            findings.ToDictionary(
                one => one.GetProperty("check").GetString()!,
                one => one.GetProperty("verdict").GetString()!,
                StringComparer.Ordinal
            )
        );
    }
}
