using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using Slipway.Tests.Kit;

namespace Slipway.Tests.Faults;

/// <summary>
/// Faults F30 to F32: the PostgreSQL behind the real program crashes, takes connections away, holds locks or falls
/// silent while clients log. Our server answers with refusals until it is back, and goes on by itself; nothing that it
/// acknowledged is lost, torn or there twice.
/// </summary>
public sealed class PostgresFaultsTests
{
    private const int Clients = 16;

    [Fact]
    public Task A_crash_of_PostgreSQL_under_load_loses_nothing_and_needs_no_restart_of_ours() =>
        GoesOnAsync(Seeds.Count(3, 20), postgres => postgres.CrashAsync());

    [Fact]
    public Task Connections_that_PostgreSQL_ends_under_load_are_opened_again() =>
        GoesOnAsync(Seeds.Count(5, 100), async postgres => Assert.NotEqual(0, await postgres.DropConnectionsAsync()));

    [Fact]
    public async Task A_lock_that_somebody_holds_is_waited_for_and_then_refused_in_time()
    {
        await using var postgres = await PostgresServer.StartAsync();
        await using var server = await SlipwayProcess.StartAsync("--store", postgres.Address);
        var client = await LoggingClient.StartAsync(server);
        Assert.Equal(HttpStatusCode.OK, await client.SendNextAsync(server));
        await using (var other = await postgres.OpenAsync())
        await using (var held = await other.BeginTransactionAsync())
        await using (var locking = other.CreateCommand())
        {
            locking.CommandText = "lock table tracking_metric_log in exclusive mode";
            await locking.ExecuteNonQueryAsync();
            var watch = Stopwatch.StartNew();
            Assert.Equal(HttpStatusCode.TooManyRequests, await client.SendNextAsync(server));
            Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(20));
            await server.Http.GetStringAsync("/api/2.0/mlflow/experiments/get?experiment_id=0");
        }
        Assert.Equal(HttpStatusCode.OK, await client.SendNextAsync(server));
        await client.CheckAsync(server);
    }

    [Fact]
    public async Task A_PostgreSQL_that_falls_silent_is_given_up_in_time_and_taken_up_again()
    {
        await using var postgres = await PostgresServer.StartAsync();
        await using var server = await SlipwayProcess.StartAsync("--store", postgres.Address);
        var clients = await LoggingClient.StartAsync(server, Clients);
        await Task.WhenAll(clients.Select(client => client.SendNextAsync(server)));
        await postgres.SignalAsync("STOP");
        try
        {
            var watch = Stopwatch.StartNew();
            var statuses = await Task.WhenAll(clients.Select(client => client.SendNextAsync(server)));
            Assert.All(statuses, status => Assert.Equal(HttpStatusCode.ServiceUnavailable, status));
            Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(60));
        }
        finally
        {
            await postgres.SignalAsync("CONT");
        }
        await HealedAsync(server, clients);
    }

    [Fact]
    public async Task A_network_that_swallows_everything_and_then_resets_all_connections_costs_answers_and_no_end()
    {
        await using var postgres = await PostgresServer.StartAsync();
        await using var network = new TcpProxy(postgres.Port);
        await using var server = await SlipwayProcess.StartAsync("--store", PostgresServer.AddressAt(network.Port));
        var clients = await LoggingClient.StartAsync(server, Clients);
        for (var round = 0; round < Seeds.Count(1, 10); round++)
        {
            await Task.WhenAll(clients.Select(client => client.SendNextAsync(server)));
            network.Swallow();
            var searches = Enumerable.Range(0, 50).Select(_ => SearchAsync(server)).ToList();
            var writes = clients.Select(client => client.SendNextAsync(server)).ToList();
            await Task.Delay(TimeSpan.FromSeconds(2 + (2 * round)));
            network.ResetAll();
            var watch = Stopwatch.StartNew();
            foreach (
                var status in (await Task.WhenAll(searches)).Concat((await Task.WhenAll(writes)).Select(s => s!.Value))
            )
                Assert.True((int)status is 200 or 429 or 503, $"{status}\n{server.Log}");
            Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(60));
            Assert.False(server.HasEnded, server.Log);
        }
        await HealedAsync(server, clients);
    }

    [Fact]
    public async Task A_session_that_ends_in_the_middle_of_its_commit_leaves_the_batch_there_once()
    {
        await using var postgres = await PostgresServer.StartAsync();
        await using var server = await SlipwayProcess.StartAsync("--store", postgres.Address);
        var clients = await LoggingClient.StartAsync(server, Clients);
        await Task.WhenAll(clients.Select(client => client.SendNextAsync(server)));
        // Commits are made here, and wait for a standby that is not there.
        await postgres.RunAsync("alter system set synchronous_standby_names = 'nobody'");
        await postgres.RunAsync("select pg_reload_conf()");
        var open = clients.Select(client => client.SendNextAsync(server)).ToList();
        await WaitForAsync(postgres, "select count(*) from pg_stat_activity where wait_event = 'SyncRep'");

        Assert.NotEqual(0, await postgres.DropConnectionsAsync());
        await postgres.RunAsync("alter system reset synchronous_standby_names");
        await postgres.RunAsync("select pg_reload_conf()");

        foreach (var status in await Task.WhenAll(open))
            Assert.True((int)status!.Value is 200 or 429 or 503, $"{status}\n{server.Log}");
        await HealedAsync(server, clients);
    }

    [Fact]
    public async Task Nothing_that_was_acknowledged_is_missing_on_the_standby_that_takes_over()
    {
        await using var postgres = await PostgresServer.StartAsync();
        await using var standby = await postgres.StartStandbyAsync();
        await using var network = new TcpProxy(postgres.Port);
        await using var server = await SlipwayProcess.StartAsync("--store", PostgresServer.AddressAt(network.Port));
        var clients = await LoggingClient.StartAsync(server, Clients);
        using var enough = new CancellationTokenSource();
        var load = clients.Select(client => client.LogUntilGoneAsync(server, enough.Token)).ToArray();
        await Task.Delay(1000);
        Assert.Contains("\"failover_may_lose\":false", await HealthAsync(server), StringComparison.Ordinal);
        await postgres.EndAsync();
        await standby.PromoteAsync();
        network.LeadTo(standby.Port);
        await Task.Delay(1000);
        await enough.CancelAsync();
        await Task.WhenAll(load);

        await HealedAsync(server, clients);
        Assert.True(clients.Sum(client => client.Acknowledged) > Clients, "The load was no load.");
    }

    [Fact]
    public async Task A_standby_that_no_commit_waits_for_is_told_in_the_health()
    {
        await using var postgres = await PostgresServer.StartAsync();
        await using var standby = await postgres.StartStandbyAsync();
        await postgres.RunAsync("alter system reset synchronous_standby_names");
        await postgres.RunAsync("select pg_reload_conf()");
        await using var server = await SlipwayProcess.StartAsync("--store", postgres.Address);

        Assert.Contains("\"failover_may_lose\":true", await HealthAsync(server), StringComparison.Ordinal);
    }

    [Fact]
    public async Task With_its_disk_full_PostgreSQL_s_refusals_are_503_and_room_mends_it()
    {
        using var disk = SmallDisk.Mount(128);
        await using var postgres = await PostgresServer.StartAsync(disk.At("postgres"));
        await using var server = await SlipwayProcess.StartAsync("--store", postgres.Address);
        var clients = await LoggingClient.StartAsync(server, 4);
        await Task.WhenAll(clients.Select(client => client.SendNextAsync(server)));
        disk.Fill();
        var watch = Stopwatch.StartNew();
        HttpStatusCode? status;
        do status = await clients[0].SendNextAsync(server);
        while (status == HttpStatusCode.OK && watch.Elapsed < TimeSpan.FromSeconds(60));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
        Assert.False(server.HasEnded, server.Log);

        disk.Free();
        if (!await postgres.AnswersAsync())
            await postgres.StartAgainAsync();
        await HealedAsync(server, clients);
    }

    private static Task<string> HealthAsync(SlipwayProcess server) => server.Http.GetStringAsync("/api/v1/health");

    private static async Task WaitForAsync(PostgresServer postgres, string count)
    {
        await using var connection = await postgres.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = count;
        for (var i = 0; i < 200 && (long)(await command.ExecuteScalarAsync())! == 0; i++)
            await Task.Delay(50);
        Assert.NotEqual(0L, await command.ExecuteScalarAsync());
    }

    private static async Task<HttpStatusCode> SearchAsync(SlipwayProcess server)
    {
        using var answer = await server.Http.PostAsJsonAsync(
            "/api/2.0/mlflow/runs/search",
            new { experiment_ids = new[] { "0" } }
        );
        return answer.StatusCode;
    }

    private static async Task GoesOnAsync(int cycles, Func<PostgresServer, Task> breakAsync)
    {
        var random = new Random(1);
        await using var postgres = await PostgresServer.StartAsync();
        await using var server = await SlipwayProcess.StartAsync("--store", postgres.Address);
        var clients = await LoggingClient.StartAsync(server, Clients);
        using var enough = new CancellationTokenSource();
        var load = clients.Select(client => client.LogUntilGoneAsync(server, enough.Token)).ToArray();
        for (var cycle = 0; cycle < cycles; cycle++)
        {
            await Task.Delay(random.Next(200, 1000));
            await breakAsync(postgres);
        }
        await Task.Delay(random.Next(200, 1000));
        await enough.CancelAsync();
        await Task.WhenAll(load);
        await HealedAsync(server, clients);
        Assert.True(
            clients.Sum(client => client.Acknowledged) > cycles * Clients,
            "So few batches were acknowledged that the load was no load."
        );
    }

    /// <summary>Within seconds each client is served again; a batch whose fate was open is then there once.</summary>
    private static async Task HealedAsync(SlipwayProcess server, LoggingClient[] clients)
    {
        var giveUp = Stopwatch.StartNew();
        foreach (var client in clients)
        {
            while (await client.SendNextAsync(server) != HttpStatusCode.OK)
            {
                Assert.True(giveUp.Elapsed < TimeSpan.FromSeconds(60), $"Not healed. The server says:\n{server.Log}");
                await Task.Delay(100);
            }
        }
        foreach (var client in clients)
            await client.CheckAsync(server);
    }
}
