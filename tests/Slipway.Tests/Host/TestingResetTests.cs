using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using Slipway.Tests.Faults;
using Slipway.Tests.Kit;

namespace Slipway.Tests.Host;

public sealed class TestingResetTests
{
    private const string Reset = "/api/v1/testing/reset";

    [Fact]
    public async Task A_reset_leaves_a_store_like_a_fresh_one()
    {
        await using var server = await SlipwayProcess.StartAsync("--allow-reset");
        var fresh = await StateAsync(server);
        using var made = await server.Http.PostAsJsonAsync("/api/2.0/mlflow/experiments/create", new { name = "a" });
        var id = await made.Content.ReadAsStringAsync();
        var client = await LoggingClient.StartAsync(server);
        Assert.Equal(HttpStatusCode.OK, await client.SendNextAsync(server));

        using var answer = await server.Http.PostAsync(Reset, null);

        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
        Assert.Equal(fresh, await StateAsync(server));
        using var again = await server.Http.PostAsJsonAsync("/api/2.0/mlflow/experiments/create", new { name = "a" });
        Assert.Equal(id, await again.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_reset_after_one_test_s_data_takes_a_tenth_of_a_second_at_most()
    {
        await using var server = await SlipwayProcess.StartAsync("--allow-reset");
        var best = TimeSpan.MaxValue;
        for (var i = 0; i < 5; i++)
        {
            var client = await LoggingClient.StartAsync(server);
            for (var batch = 0; batch < 10; batch++)
                await client.SendNextAsync(server);
            var clock = Stopwatch.StartNew();
            using var answer = await server.Http.PostAsync(Reset, null);
            best = clock.Elapsed < best ? clock.Elapsed : best;
        }
        Assert.True(best < TimeSpan.FromMilliseconds(100), $"{best.TotalMilliseconds} ms");
    }

    [Fact]
    public async Task Without_the_option_there_is_no_reset()
    {
        await using var server = await SlipwayProcess.StartAsync();

        using var answer = await server.Http.PostAsync(Reset, null);

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    [Fact]
    public async Task The_option_is_announced_at_the_start()
    {
        await using var server = await SlipwayProcess.StartAsync("--allow-reset");
        await server.StopAsync();

        Assert.Contains("deletes everything", server.Log, StringComparison.Ordinal);
    }

    private static async Task<string> StateAsync(SlipwayProcess server)
    {
        using var experiments = await server.Http.PostAsJsonAsync(
            "/api/2.0/mlflow/experiments/search",
            new { max_results = 100, view_type = "ALL" }
        );
        using var runs = await server.Http.PostAsJsonAsync(
            "/api/2.0/mlflow/runs/search",
            new { experiment_ids = new[] { "0", "1" }, run_view_type = "ALL" }
        );
        var text = await experiments.Content.ReadAsStringAsync() + await runs.Content.ReadAsStringAsync();
        return System.Text.RegularExpressions.Regex.Replace(
            text,
            "1[0-9]{12}",
            "(time)",
            System.Text.RegularExpressions.RegexOptions.None,
            TimeSpan.FromSeconds(1)
        );
    }
}
