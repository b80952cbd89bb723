using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using Slipway.Tests.Kit;

namespace Slipway.Tests.Faults;

/// <summary>Fault F22: clients that send or read as slowly as they can, to keep others out.</summary>
public sealed class SlowClientsTests(ITestOutputHelper output)
{
    private static readonly TimeSpan CutWithin = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Slow_clients_are_cut_and_the_others_do_not_notice()
    {
        await using var server = await SlipwayProcess.StartAsync();
        var client = await LoggingClient.StartAsync(server);
        await SlowestAnswerAsync(client, server);
        var alone = await SlowestAnswerAsync(client, server);

        var count = Seeds.Count(200, 2000);
        var slow = Enumerable
            .Range(0, count)
            .Select(i => i % 2 == 0 ? DripAsync(server, HeadersWithoutEnd) : DripAsync(server, BodyWithoutEnd))
            .ToList();
        await Task.Delay(2000);
        var crowded = await SlowestAnswerAsync(client, server);
        var held = await Task.WhenAll(slow);

        output.WriteLine(
            $"slowest of 200 answers {alone.TotalMilliseconds:0.0} ms alone, {crowded.TotalMilliseconds:0.0} ms beside {count} slow clients; the longest was held {held.Max().TotalSeconds:0.0} s"
        );
        Assert.True(held.Max() < CutWithin, $"A slow client was held for {held.Max().TotalSeconds} s.");
        // Shared test machines have hiccups of their own; what this must not show is waiting behind the slow ones.
        Assert.True(crowded < alone + TimeSpan.FromSeconds(1), $"{alone} alone, {crowded} beside slow clients.");
        await client.CheckAsync(server);
    }

    private const string HeadersWithoutEnd = "GET /health HTTP/1.1\r\nHost: localhost\r\nX-Slow: ";

    private const string BodyWithoutEnd =
        "POST /api/2.0/mlflow/runs/log-batch HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        + "Content-Length: 100000\r\n\r\n{";

    /// <summary>A byte a second until the server closes; how long that took.</summary>
    private static async Task<TimeSpan> DripAsync(SlipwayProcess server, string start)
    {
        var clock = Stopwatch.StartNew();
        using var connection = new TcpClient();
        try
        {
            await connection.ConnectAsync(server.Address.Host, server.Address.Port);
            var stream = connection.GetStream();
            await stream.WriteAsync(Encoding.ASCII.GetBytes(start));
            var closed = ClosedAsync(stream);
            while (clock.Elapsed < CutWithin && !closed.IsCompleted)
            {
                await stream.WriteAsync("a"u8.ToArray());
                await Task.WhenAny(closed, Task.Delay(1000));
            }
        }
        catch (IOException)
        {
            // Cut.
        }
        return clock.Elapsed;
    }

    private static async Task ClosedAsync(NetworkStream stream)
    {
        try
        {
            var buffer = new byte[1024];
            while (await stream.ReadAsync(buffer) > 0)
            {
                // An answer; the end comes after it.
            }
        }
        catch (IOException)
        {
            // Cut.
        }
    }

    private static async Task<TimeSpan> SlowestAnswerAsync(LoggingClient client, SlipwayProcess server)
    {
        var slowest = TimeSpan.Zero;
        for (var i = 0; i < 200; i++)
        {
            var clock = Stopwatch.StartNew();
            await client.SendNextAsync(server);
            if (clock.Elapsed > slowest)
                slowest = clock.Elapsed;
        }
        return slowest;
    }
}
