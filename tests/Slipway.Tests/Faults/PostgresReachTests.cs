using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using Npgsql;
using Slipway.Tests.Kit;

namespace Slipway.Tests.Faults;

/// <summary>Faults F31 and F32: the PostgreSQL behind the real program is well, and cannot be reached.</summary>
[Collection(Alone.Name)]
public sealed class PostgresReachTests
{
    [Fact]
    public async Task A_network_that_swallows_everything_is_answered_in_time_seen_in_the_health_and_gone_with_its_end()
    {
        await using var postgres = await PostgresServer.StartAsync();
        var address = new NpgsqlConnectionStringBuilder(postgres.Address);
        using var network = TcpProxy.Start(address.Host!, address.Port);
        address.Port = network.Port;
        await using var server = await SlipwayProcess.StartAsync("--store", address.ToString());
        var client = await LoggingClient.StartAsync(server);
        Assert.Equal(HttpStatusCode.OK, await client.SendNextAsync(server));
        var threads = Threads(server);

        network.Hold();
        var clock = Stopwatch.StartNew();
        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => SearchAsync(server)));
        Assert.All(answers, status => Assert.True((int)status is 429 or 503, $"{(int)status}"));
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(40), $"Answered after {clock.Elapsed.TotalSeconds:0.0} s.");
        clock.Restart();
        using var health = await server.Http.GetAsync("/api/v1/health");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, health.StatusCode);
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(10), $"Red after {clock.Elapsed.TotalSeconds:0.0} s.");
        Assert.True(Threads(server) < threads + 32, $"{threads} threads before and {Threads(server)} now.");

        network.Reset();
        network.Release();
        clock.Restart();
        for (var served = 0; served < 20; )
        {
            Assert.True(clock.Elapsed < TimeSpan.FromSeconds(30), server.Log);
            var isServed =
                await SearchAsync(server) == HttpStatusCode.OK
                && await client.SendNextAsync(server) == HttpStatusCode.OK;
            served = isServed ? served + 1 : 0;
        }
        await client.CheckAsync(server);
    }

    [Fact]
    public async Task A_database_without_room_for_another_session_is_a_503_and_no_end()
    {
        await using var postgres = await PostgresServer.StartAsync();
        await using var server = await SlipwayProcess.StartAsync("--store", postgres.Address);
        var client = await LoggingClient.StartAsync(server);
        Assert.Equal(HttpStatusCode.OK, await client.SendNextAsync(server));

        var others = new List<NpgsqlConnection>();
        try
        {
            while (others.Count < 100)
                others.Add(await postgres.OpenAsync());
        }
        catch (PostgresException)
        {
            // Every seat is taken.
        }
        var statuses = await Task.WhenAll(Enumerable.Range(0, 30).Select(_ => SearchAsync(server)));
        Assert.All(statuses, status => Assert.True((int)status is 200 or 429 or 503, $"{(int)status}\n{server.Log}"));
        foreach (var other in others)
            await other.DisposeAsync();
        Assert.Equal(HttpStatusCode.OK, await client.SendNextAsync(server));
        await client.CheckAsync(server);
    }

    private static async Task<HttpStatusCode> SearchAsync(SlipwayProcess server)
    {
        using var answer = await server.Http.PostAsJsonAsync(
            "/api/2.0/mlflow/runs/search",
            new { experiment_ids = new[] { "0" } }
        );
        return answer.StatusCode;
    }

    private static int Threads(SlipwayProcess server)
    {
        using var process = Process.GetProcessById(server.Id);
        return process.Threads.Count;
    }
}
