using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Slipway.Tests.Kit;

namespace Slipway.Tests.Faults;

/// <summary>Fault F05: a disk without space, that of the database, of temporary files and of the log each alone.</summary>
public sealed class DiskFullTests
{
    [Fact]
    public async Task With_the_database_s_disk_full_writing_is_refused_reading_goes_on_and_space_mends_it()
    {
        using var disk = SmallDisk.Mount();
        await using var server = await SlipwayProcess.StartAsync(new SlipwayStart { DataPath = disk.At("data") });
        var client = await LoggingClient.StartAsync(server);
        Assert.Equal(HttpStatusCode.OK, await client.SendNextAsync(server));

        disk.Fill();
        await SendUntilAsync(client, server, HttpStatusCode.ServiceUnavailable, TimeSpan.FromSeconds(30));
        await client.CheckAsync(server);
        var health = await server.Http.GetStringAsync("/api/v1/health");
        Assert.Contains("\"read_only\"", health, StringComparison.Ordinal);
        Assert.Contains("disk of the store is full", health, StringComparison.Ordinal);

        disk.Free();
        await SendUntilAsync(client, server, HttpStatusCode.OK, TimeSpan.FromSeconds(5));
        await server.KillAsync();

        await using var again = await server.StartAgainAsync();
        await client.CheckAsync(again);
        var checkup = await SlipwayCommand.RunAsync("doctor", "--data", server.DataPath);
        Assert.Contains("no damage found", checkup.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task With_the_disk_full_what_nobody_needs_can_be_deleted_and_purged()
    {
        using var disk = SmallDisk.Mount();
        await using var server = await SlipwayProcess.StartAsync(new SlipwayStart { DataPath = disk.At("data") });
        var client = await LoggingClient.StartAsync(server);
        using var created = await server.Http.PostAsJsonAsync("/api/v1/runs", new { experiment_id = "0" });
        var run = (await created.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString();

        disk.Fill();
        await SendUntilAsync(client, server, HttpStatusCode.ServiceUnavailable, TimeSpan.FromSeconds(30));
        using var deleted = await server.Http.DeleteAsync(new Uri($"/api/v1/runs/{run}", UriKind.Relative));
        using var purged = await server.Http.PostAsync(new Uri($"/api/v1/runs/{run}/purge", UriKind.Relative), null);
        using var gone = await server.Http.GetAsync(new Uri($"/api/v1/runs/{run}", UriKind.Relative));

        Assert.True(deleted.IsSuccessStatusCode, await deleted.Content.ReadAsStringAsync());
        Assert.True(purged.IsSuccessStatusCode, await purged.Content.ReadAsStringAsync());
        Assert.Equal(HttpStatusCode.NotFound, gone.StatusCode);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await client.SendNextAsync(server));
    }

    [Fact]
    public async Task With_no_room_for_temporary_files_the_server_works()
    {
        using var disk = SmallDisk.Mount(16);
        disk.Fill();
        await using var server = await SlipwayProcess.StartAsync(
            new SlipwayStart { Environment = new Dictionary<string, string> { ["TMPDIR"] = disk.Path } }
        );
        var client = await LoggingClient.StartAsync(server);
        for (var i = 0; i < 20; i++)
            Assert.Equal(HttpStatusCode.OK, await client.SendNextAsync(server));
        using var large = new ByteArrayContent(new byte[4 << 20]);
        using var stored = await server.Http.PutAsync("/api/2.0/mlflow-artifacts/artifacts/0/large", large);
        using var searched = await server.Http.PostAsJsonAsync(
            "/api/v1/runs/search",
            new { experiment_ids = new[] { "0" }, order_by = new[] { "metrics.loss DESC" } }
        );

        Assert.True(stored.IsSuccessStatusCode, await stored.Content.ReadAsStringAsync());
        Assert.True(searched.IsSuccessStatusCode, await searched.Content.ReadAsStringAsync());
        await client.CheckAsync(server);
    }

    [Fact]
    public async Task With_nowhere_to_write_its_log_the_server_works()
    {
        var port = FreePort();
        await using var server = await SlipwayProcess.StartAsync(
            new SlipwayStart { Before = "exec >/dev/full 2>/dev/full", ListenPort = port }
        );
        var client = await LoggingClient.StartAsync(server);

        Assert.Equal(HttpStatusCode.OK, await client.SendNextAsync(server));
        Assert.Equal(0, await server.StopAsync());
    }

    private static async Task SendUntilAsync(
        LoggingClient client,
        SlipwayProcess server,
        HttpStatusCode wanted,
        TimeSpan within
    )
    {
        var clock = Stopwatch.StartNew();
        HttpStatusCode? last;
        do last = await client.SendNextAsync(server);
        while (last != wanted && clock.Elapsed < within);
        Assert.Equal(wanted, last);
    }

    private static int FreePort()
    {
        using var probe = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }
}
