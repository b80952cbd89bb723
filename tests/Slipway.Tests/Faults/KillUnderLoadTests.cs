using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Slipway.Tests.Kit;

namespace Slipway.Tests.Faults;

/// <summary>
/// Fault F01: the server is killed while 64 clients log batches, again and again on the same data. Each client writes
/// down what was acknowledged; afterwards every acknowledged batch has to be there (else LOST) and every batch that is
/// there has to be whole (else TORN). Batches whose answer was lost are sent again and must not count twice (DUP).
/// </summary>
public sealed class KillUnderLoadTests(ITestOutputHelper output)
{
    private const int Clients = 64;
    private const int BatchPoints = 20;

    [Fact]
    public async Task Nothing_acknowledged_is_lost_or_torn_by_kill_9_under_load()
    {
        var cycles = Seeds.Count(20, 100);
        var random = new Random(1);
        using var folder = new TestFolder();
        var server = await SlipwayProcess.StartAsync(new SlipwayStart { DataPath = folder.At("data") });
        var acknowledged = 0;
        var slowest = TimeSpan.Zero;
        try
        {
            for (var cycle = 0; cycle < cycles; cycle++)
            {
                var clients = await Task.WhenAll(
                    Enumerable.Range(0, Clients).Select(_ => LoggingClient.StartAsync(server))
                );
                var load = clients.Select(client => client.LogUntilRefusedAsync(server)).ToArray();
                await Task.Delay(random.Next(200, 1500));
                await server.KillAsync();
                await Task.WhenAll(load);

                await using var killed = server;
                server = await killed.StartAgainAsync();
                await server.Http.GetStringAsync("/health");
                using (var started = Process.GetProcessById(server.Id))
                    slowest = started.TotalProcessorTime > slowest ? started.TotalProcessorTime : slowest;
                acknowledged += clients.Sum(client => client.Acknowledged);
                foreach (var client in clients)
                    await client.CheckAsync(server);
            }
        }
        finally
        {
            await server.DisposeAsync();
        }
        output.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{cycles} kills, {acknowledged} acknowledged batches of {BatchPoints} points, none lost or torn; ready after at most {slowest.TotalSeconds:0.00} CPU-s"
            )
        );
        Assert.True(
            acknowledged > cycles * Clients,
            $"Only {acknowledged} batches were acknowledged: the load was no load."
        );
        Assert.True(slowest < TimeSpan.FromSeconds(2), $"A start after a kill cost {slowest.TotalSeconds} s of CPU.");
    }

    /// <summary>One client with a run of its own. Batch n holds the steps from n times the size of a batch on.</summary>
    private sealed class LoggingClient
    {
        public required string RunId { get; init; }

        private int? Unanswered { get; set; }

        public int Acknowledged { get; private set; }

        public static async Task<LoggingClient> StartAsync(SlipwayProcess server)
        {
            using var answer = await server.Http.PostAsJsonAsync(
                "/api/2.0/mlflow/runs/create",
                new { experiment_id = "0", start_time = 1 }
            );
            answer.EnsureSuccessStatusCode();
            var run = await answer.Content.ReadFromJsonAsync<JsonElement>();
            return new LoggingClient
            {
                RunId = run.GetProperty("run").GetProperty("info").GetProperty("run_id").GetString()!,
            };
        }

        public async Task LogUntilRefusedAsync(SlipwayProcess server)
        {
            while (true)
            {
                try
                {
                    await SendAsync(server, Acknowledged);
                    Acknowledged++;
                }
                catch (HttpRequestException)
                {
                    Unanswered = Acknowledged;
                    return;
                }
            }
        }

        public async Task CheckAsync(SlipwayProcess server)
        {
            // The batch without an answer may be there or not, but whole; sent again it is there once.
            var before = await StepsAsync(server);
            Assert.True(
                before.Count == Acknowledged * BatchPoints || before.Count == (Acknowledged + 1) * BatchPoints,
                $"Run {RunId}: {before.Count} points for {Acknowledged} acknowledged batches of {BatchPoints}."
            );
            Assert.Equal(Enumerable.Range(0, before.Count).Select(step => (long)step), before);
            if (Unanswered is { } batch)
                await SendAsync(server, batch);
            Assert.Equal((Acknowledged + 1) * BatchPoints, (await StepsAsync(server)).Count);
        }

        private async Task SendAsync(SlipwayProcess server, int batch)
        {
            var metrics = Enumerable
                .Range(batch * BatchPoints, BatchPoints)
                .Select(step => new
                {
                    key = "loss",
                    value = step / 2.0,
                    timestamp = 1_700_000_000_000 + step,
                    step,
                });
            using var answer = await server.Http.PostAsJsonAsync(
                "/api/2.0/mlflow/runs/log-batch",
                new { run_id = RunId, metrics }
            );
            if (answer.StatusCode != HttpStatusCode.OK)
                throw new HttpRequestException($"{answer.StatusCode}");
            await answer.Content.ReadAsStringAsync();
        }

        private async Task<List<long>> StepsAsync(SlipwayProcess server)
        {
            var steps = new List<long>();
            string? token = null;
            do
            {
                var page = await server.Http.GetFromJsonAsync<JsonElement>(
                    $"/api/2.0/mlflow/metrics/get-history?run_id={RunId}&metric_key=loss&max_results=25000"
                        + (token is null ? "" : $"&page_token={Uri.EscapeDataString(token)}")
                );
                if (page.TryGetProperty("metrics", out var points))
                    steps.AddRange(points.EnumerateArray().Select(point => point.GetProperty("step").GetInt64()));
                token = page.TryGetProperty("next_page_token", out var next) ? next.GetString() : null;
            } while (token is not null);
            return steps;
        }
    }
}
