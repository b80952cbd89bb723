using System.Net;
using Slipway.Tests.Kit;

namespace Slipway.Tests.Faults;

/// <summary>Fault F06: a data folder that cannot be written, from the start or all at once.</summary>
public sealed class ReadOnlyDiskTests
{
    [Fact]
    public async Task A_start_on_a_read_only_disk_is_refused_by_name_of_the_folder()
    {
        using var disk = SmallDisk.Mount();
        await using (var first = await SlipwayProcess.StartAsync(new SlipwayStart { DataPath = disk.At("data") }))
            await first.StopAsync();
        disk.MakeReadOnly();

        var refusal = await Assert.ThrowsAsync<SlipwayEndedException>(() =>
            SlipwayProcess.StartAsync(new SlipwayStart { DataPath = disk.At("data") })
        );

        Assert.Equal(78, refusal.ExitCode);
        Assert.Contains(
            $"The data folder {disk.At("data")} cannot be written",
            refusal.Message,
            StringComparison.Ordinal
        );
        Assert.DoesNotContain("   at ", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_of_somebody_else_is_refused_by_its_name()
    {
        using var folder = new TestFolder();
        var data = Directory
            .CreateDirectory(folder.At("data"), UnixFileMode.UserRead | UnixFileMode.UserExecute)
            .FullName;
        File.SetUnixFileMode(folder.Path, (UnixFileMode)0b111_101_101);

        var refusal = await Assert.ThrowsAsync<SlipwayEndedException>(() =>
            SlipwayProcess.StartAsync(new SlipwayStart { DataPath = data, AsUser = "nobody" })
        );

        Assert.Equal(78, refusal.ExitCode);
        Assert.Contains(data, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_disk_that_turns_read_only_leaves_reading_and_says_so()
    {
        using var disk = SmallDisk.Mount();
        await using var server = await SlipwayProcess.StartAsync(new SlipwayStart { DataPath = disk.At("data") });
        var client = await LoggingClient.StartAsync(server);
        Assert.Equal(HttpStatusCode.OK, await client.SendNextAsync(server));

        disk.Break();

        Assert.Equal(HttpStatusCode.ServiceUnavailable, await client.SendNextAsync(server));
        await client.CheckAsync(server);
        var health = await server.Http.GetStringAsync("/api/v1/health");
        Assert.Contains("\"read_only\":true", health, StringComparison.Ordinal);
        await server.KillAsync();
    }
}
