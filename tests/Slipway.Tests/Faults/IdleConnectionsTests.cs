using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Slipway.Tests.Kit;

namespace Slipway.Tests.Faults;

/// <summary>Fault F23: very many clients that hold a connection and say nothing, beside many that work.</summary>
public sealed class IdleConnectionsTests(ITestOutputHelper output)
{
    private const string Request = "GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n";
    private const int ExtraMebibytes = 300;
    private const int Newcomers = 100;

    private static readonly int Idle = Seeds.Count(2_000, 10_000);
    private static readonly int Active = Seeds.Count(200, 1_000);
    private static readonly int CallsEach = Seeds.Count(3, 10);

    [Fact]
    public async Task Thousands_that_say_nothing_cost_little_and_keep_nobody_from_working()
    {
        await using var server = await SlipwayProcess.StartAsync();
        var runId = await StartRunAsync(server);
        var before = ResidentMebibytes(server);
        var idle = new Socket[Idle];
        try
        {
            await Parallel.ForAsync(
                0,
                Idle,
                new ParallelOptions { MaxDegreeOfParallelism = 50 },
                async (i, cancellation) => idle[i] = (await GreetAsync(server, cancellation)).Socket
            );

            var waits = new List<TimeSpan>(Newcomers);
            for (var i = 0; i < Newcomers; i++)
            {
                var (newcomer, wait) = await GreetAsync(server, default);
                newcomer.Dispose();
                waits.Add(wait);
            }
            await WorkAsync(server, runId);

            var (extra, wait50) = (ResidentMebibytes(server) - before, waits.Order().ElementAt(Newcomers / 2));
            output.WriteLine(
                $"{Idle} idle, {Active} active: {extra} MiB more, a newcomer waits {wait50.TotalMilliseconds:0.0} ms"
            );
            Assert.InRange(extra, 0, ExtraMebibytes);
            Assert.InRange(wait50.TotalMilliseconds, 0, 50);
            Assert.All(idle, connection => Assert.True(IsOpen(connection)));
        }
        finally
        {
            foreach (var connection in idle)
                connection?.Dispose();
        }
    }

    /// <summary>Each with a connection of its own, all at once; every call has to succeed.</summary>
    private static Task WorkAsync(SlipwayProcess server, string runId) =>
        Task.WhenAll(
            Enumerable
                .Range(0, Active)
                .Select(async client =>
                {
                    using var http = new HttpClient(new SocketsHttpHandler()) { BaseAddress = server.Address };
                    for (var step = 0; step < CallsEach; step++)
                    {
                        using var answer = await http.PostAsJsonAsync(
                            "/api/2.0/mlflow/runs/log-metric",
                            new
                            {
                                run_id = runId,
                                key = "loss",
                                value = 0.5,
                                step = (client * CallsEach) + step,
                                timestamp = 1,
                            }
                        );
                        answer.EnsureSuccessStatusCode();
                    }
                })
        );

    private static async Task<string> StartRunAsync(SlipwayProcess server)
    {
        using var answer = await server.Http.PostAsJsonAsync(
            "/api/2.0/mlflow/runs/create",
            new { experiment_id = "0", start_time = 1 }
        );
        var run = await answer.Content.ReadFromJsonAsync<JsonElement>();
        return run.GetProperty("run").GetProperty("info").GetProperty("run_id").GetString()!;
    }

    private static async Task<(Socket Socket, TimeSpan Wait)> GreetAsync(
        SlipwayProcess server,
        CancellationToken cancellation
    )
    {
        var started = Stopwatch.GetTimestamp();
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(server.Address.Host, server.Address.Port, cancellation);
        await socket.SendAsync(Encoding.ASCII.GetBytes(Request), cancellation);
        var buffer = new byte[4096];
        var length = await socket.ReceiveAsync(buffer, cancellation);
        Assert.StartsWith("HTTP/1.1 200", Encoding.ASCII.GetString(buffer, 0, length), StringComparison.Ordinal);
        return (socket, Stopwatch.GetElapsedTime(started));
    }

    private static bool IsOpen(Socket connection) =>
        !connection.Poll(0, SelectMode.SelectRead) || connection.Available > 0;

    private static long ResidentMebibytes(SlipwayProcess server)
    {
        var line = File.ReadLines(string.Create(CultureInfo.InvariantCulture, $"/proc/{server.Id}/status"))
            .First(line => line.StartsWith("VmRSS:", StringComparison.Ordinal));
        return long.Parse(line.AsSpan("VmRSS:".Length, line.Length - "VmRSS:".Length - 3), CultureInfo.InvariantCulture)
            / 1024;
    }
}
