using System.Diagnostics;
using System.Globalization;
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
                var clients = await LoggingClient.StartAsync(server, Clients);
                var load = clients.Select(client => client.LogUntilGoneAsync(server)).ToArray();
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
                $"{cycles} kills, {acknowledged} acknowledged batches of {LoggingClient.BatchPoints} points, none lost or torn; ready after at most {slowest.TotalSeconds:0.00} CPU-s"
            )
        );
        Assert.True(
            acknowledged > cycles * Clients,
            $"Only {acknowledged} batches were acknowledged: the load was no load."
        );
        Assert.True(slowest < TimeSpan.FromSeconds(2), $"A start after a kill cost {slowest.TotalSeconds} s of CPU.");
    }
}
