using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using Slipway.Tests.Kit;

namespace Slipway.Tests.Faults;

/// <summary>
/// Readers that never leave SQLite without one keep its log from being folded in, and a log that only grows fills the
/// disk and slows every read.
/// </summary>
[Collection(Alone.Name)]
public sealed class WalGrowthTests(ITestOutputHelper output)
{
    private const long Allowed = 64 << 20;

    [Fact]
    public async Task The_log_of_the_database_stays_bounded_under_readers_that_never_pause()
    {
        await using var server = await SlipwayProcess.StartAsync();
        var clients = await LoggingClient.StartAsync(server, 8);
        using var enough = new CancellationTokenSource(TimeSpan.FromSeconds(Seeds.Count(20, 600)));
        var readers = Enumerable.Range(0, 8).Select(_ => SearchAsync(server, enough.Token));
        var largest = 0L;
        var watching = Task.Run(async () =>
        {
            while (!enough.IsCancellationRequested)
            {
                largest = Math.Max(largest, new FileInfo(Path.Combine(server.DataPath, "slipway.db-wal")).Length);
                await Task.Delay(100);
            }
        });
        var clock = Stopwatch.StartNew();

        await Task.WhenAll([
            .. readers,
            .. clients.Select(client => client.LogUntilGoneAsync(server, enough.Token)),
            watching,
        ]);

        var written = clients.Sum(client => (long)client.Acknowledged);
        output.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{written} batches in {clock.Elapsed.TotalSeconds:0} s under eight readers: at most {largest >> 20} MiB of log"
            )
        );
        Assert.True(largest < Allowed, $"{largest >> 20} MiB of log after {written} batches.");
        foreach (var client in clients)
            await client.CheckAsync(server);
    }

    private static async Task SearchAsync(SlipwayProcess server, CancellationToken enough)
    {
        while (!enough.IsCancellationRequested)
        {
            using var answer = await server.Http.PostAsJsonAsync(
                "/api/2.0/mlflow/runs/search",
                new { experiment_ids = new[] { "0" }, max_results = 100 },
                CancellationToken.None
            );
            Assert.True(answer.StatusCode is HttpStatusCode.OK or HttpStatusCode.TooManyRequests);
        }
    }
}
