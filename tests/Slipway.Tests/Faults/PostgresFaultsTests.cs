using System.Diagnostics;
using System.Net;
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
