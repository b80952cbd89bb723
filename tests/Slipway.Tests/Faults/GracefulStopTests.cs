using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Slipway.Tests.Kit;

namespace Slipway.Tests.Faults;

/// <summary>Fault F27: the server is asked to end while it works.</summary>
public sealed class GracefulStopTests
{
    [Fact]
    public async Task A_stop_under_load_loses_nothing_that_was_acknowledged_and_ends_with_zero()
    {
        using var folder = new TestFolder();
        await using var server = await SlipwayProcess.StartAsync(new SlipwayStart { DataPath = folder.At("data") });
        var clients = await LoggingClient.StartAsync(server, 64);
        var load = clients.Select(client => client.LogUntilGoneAsync(server)).ToArray();
        await Task.Delay(1000);

        var clock = Stopwatch.StartNew();
        Assert.Equal(0, await server.StopAsync());
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(15), $"The stop took {clock.Elapsed.TotalSeconds} s.");
        await Task.WhenAll(load);

        await using var again = await server.StartAgainAsync();
        Assert.True(clients.Sum(client => client.Acknowledged) > clients.Length);
        foreach (var client in clients)
            await client.CheckAsync(again);
    }

    [Fact]
    public async Task A_request_that_is_inside_gets_its_answer_and_a_new_one_is_sent_away()
    {
        await using var server = await SlipwayProcess.StartAsync();
        const string body = """{"max_results": 5}""";
        using var inside = new TcpClient();
        await inside.ConnectAsync(server.Address.Host, server.Address.Port);
        await SendAsync(
            inside,
            "POST /api/2.0/mlflow/experiments/search HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                + string.Create(CultureInfo.InvariantCulture, $"Content-Length: {body.Length}\r\n\r\n{body[..5]}")
        );
        await WaitUntilInsideAsync(server);

        var stopping = server.StopAsync();
        var refusal = await FirstRefusalAsync(server);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, refusal.StatusCode);
        Assert.NotNull(refusal.Headers.RetryAfter);
        Assert.True(refusal.Headers.ConnectionClose);
        Assert.False(stopping.IsCompleted);

        await SendAsync(inside, body[5..]);
        var buffer = new byte[64];
        var read = await inside.GetStream().ReadAsync(buffer);
        Assert.StartsWith("HTTP/1.1 200", Encoding.ASCII.GetString(buffer, 0, read), StringComparison.Ordinal);
        Assert.Equal(0, await stopping);
    }

    [Fact]
    public async Task A_request_that_never_ends_delays_the_stop_by_ten_seconds_at_most()
    {
        await using var server = await SlipwayProcess.StartAsync();
        using var stuck = new TcpClient();
        await stuck.ConnectAsync(server.Address.Host, server.Address.Port);
        await SendAsync(
            stuck,
            "POST /api/2.0/mlflow/experiments/search HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000000\r\n\r\n{"
        );
        await WaitUntilInsideAsync(server);

        var clock = Stopwatch.StartNew();
        Assert.Equal(0, await server.StopAsync());
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(15), $"The stop took {clock.Elapsed.TotalSeconds} s.");
    }

    [Fact]
    public async Task Asked_a_second_time_the_server_waits_for_nobody_and_keeps_what_it_acknowledged()
    {
        using var folder = new TestFolder();
        await using var server = await SlipwayProcess.StartAsync(new SlipwayStart { DataPath = folder.At("data") });
        var client = await LoggingClient.StartAsync(server);
        Assert.Equal(HttpStatusCode.OK, await client.SendNextAsync(server));
        using var stuck = new TcpClient();
        await stuck.ConnectAsync(server.Address.Host, server.Address.Port);
        await SendAsync(
            stuck,
            "POST /api/2.0/mlflow/experiments/search HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000000\r\n\r\n{"
        );
        await WaitUntilInsideAsync(server);

        await server.SignalAsync("TERM");
        (await FirstRefusalAsync(server)).Dispose();
        var clock = Stopwatch.StartNew();
        Assert.Equal(0, await server.StopAsync());
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(7), $"The stop took {clock.Elapsed.TotalSeconds} s.");

        await using var again = await server.StartAgainAsync();
        await client.CheckAsync(again);
    }

    private static Task SendAsync(TcpClient client, string text) =>
        client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(text)).AsTask();

    /// <summary>The one that asks is inside too.</summary>
    private static async Task WaitUntilInsideAsync(SlipwayProcess server)
    {
        while (
            !(await server.Http.GetStringAsync("/api/v1/health")).Contains(
                "\"requests_inside\":2",
                StringComparison.Ordinal
            )
        )
            await Task.Delay(20);
    }

    private static async Task<HttpResponseMessage> FirstRefusalAsync(SlipwayProcess server)
    {
        while (true)
        {
            var answer = await server.Http.GetAsync("/health");
            if (answer.StatusCode != HttpStatusCode.OK)
                return answer;
            answer.Dispose();
            await Task.Delay(20);
        }
    }
}
