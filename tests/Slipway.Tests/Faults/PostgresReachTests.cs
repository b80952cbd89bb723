using System.Net;
using System.Net.Http.Json;
using Npgsql;
using Slipway.Tests.Kit;

namespace Slipway.Tests.Faults;

/// <summary>Fault F31: the PostgreSQL behind the real program is well, and cannot be reached.</summary>
[Collection(Alone.Name)]
public sealed class PostgresReachTests
{
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
}
