using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Slipway.Tests.Kit;

namespace Slipway.Tests.Faults;

/// <summary>Faults F20 and F21: the connection ends within a request, or after its work and before its answer.</summary>
public sealed class LostAnswerTests(SharedServer server) : IClassFixture<SharedServer>
{
    private const int Points = 400;

    [Fact]
    public async Task A_request_cut_off_anywhere_has_its_whole_effect_or_none()
    {
        var run = await NewRunAsync();
        var request = Request(run);
        var cuts = 0;
        for (var length = 0; length < request.Length; length += 1024, cuts++)
        {
            await SendAsync(request.AsMemory(0, length), reset: cuts % 2 == 0);
            Assert.True(await CountAsync(run) is 0, $"A request cut off after {length} bytes left something.");
        }
        Assert.True(cuts > 20, $"{cuts} cuts");

        // Whole, but nobody waits for the answer.
        await SendAsync(request, reset: true);
        await SendAsync(request, reset: false);
        await Task.Delay(500);
        Assert.True(await CountAsync(run) is 0 or Points);
        using var again = await LogAsync(server.Http, run);
        Assert.Equal(HttpStatusCode.OK, again.StatusCode);
        Assert.Equal(Points, await CountAsync(run));
        Assert.DoesNotContain("fail: Slipway", server.Process.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_batch_sent_again_after_its_answer_was_lost_counts_once()
    {
        await using var proxy = await FaultyProxy.StartAsync(server.Process.Address.ToString());
        proxy.Script = FaultyProxy.First(
            3,
            request => request.Path.EndsWith("log-batch", StringComparison.Ordinal),
            new Trouble { LoseAnswer = true }
        );
        using var http = new HttpClient { BaseAddress = new Uri(proxy.Address) };
        var run = await NewRunAsync();

        for (var attempt = 0; attempt < 3; attempt++)
        {
            await Assert.ThrowsAsync<HttpRequestException>(() => LogAsync(http, run));
            Assert.Equal(Points, await CountAsync(run));
        }
        using var answer = await LogAsync(http, run);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(Points, await CountAsync(run));
    }

    [Fact]
    public async Task A_run_made_again_under_its_id_after_its_answer_was_lost_is_the_same_run()
    {
        await using var proxy = await FaultyProxy.StartAsync(server.Process.Address.ToString());
        proxy.Script = FaultyProxy.First(1, request => request.Method == "PUT", new Trouble { LoseAnswer = true });
        using var http = new HttpClient { BaseAddress = new Uri(proxy.Address) };
        var path = $"/api/v1/runs/{Guid.NewGuid():N}";
        var body = $$"""{"experiment": "once-{{Guid.NewGuid():N}}", "name": "once"}""";

        await Assert.ThrowsAsync<HttpRequestException>(() => http.PutAsync(path, Json(body)));
        using var again = await http.PutAsync(path, Json(body));

        Assert.Equal(HttpStatusCode.OK, again.StatusCode);
        var run = await again.Content.ReadFromJsonAsync<JsonElement>();
        using var found = await server.Http.PostAsJsonAsync(
            "/api/v1/runs/search",
            new { experiment_ids = new[] { run.GetProperty("experiment_id").GetString() } }
        );
        Assert.Equal(1, (await found.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("total").GetInt64());
    }

    private static string Body(string run) =>
        JsonSerializer.Serialize(
            new
            {
                run_id = run,
                metrics = Enumerable
                    .Range(0, Points)
                    .Select(step => new
                    {
                        key = "loss",
                        value = step,
                        timestamp = step,
                        step,
                    }),
            }
        );

    private static Task<HttpResponseMessage> LogAsync(HttpClient http, string run) =>
        http.PostAsync("/api/2.0/mlflow/runs/log-batch", Json(Body(run)));

    private static StringContent Json(string body) => new(body, null, "application/json");

    private static byte[] Request(string run)
    {
        var body = Body(run);
        return Encoding.ASCII.GetBytes(
            "POST /api/2.0/mlflow/runs/log-batch HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                + string.Create(CultureInfo.InvariantCulture, $"Content-Length: {body.Length}\r\n\r\n{body}")
        );
    }

    /// <summary>Sends these bytes and is gone: by a reset, or by saying that nothing more comes and reading no answer.</summary>
    private async Task SendAsync(ReadOnlyMemory<byte> bytes, bool reset)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(server.Process.Address.Host, server.Process.Address.Port);
        await socket.SendAsync(bytes);
        if (reset)
            socket.LingerState = new LingerOption(enable: true, seconds: 0);
        else
            socket.Shutdown(SocketShutdown.Send);
    }

    private async Task<string> NewRunAsync()
    {
        using var answer = await server.Http.PostAsJsonAsync(
            "/api/2.0/mlflow/runs/create",
            new { experiment_id = "0" }
        );
        var made = await answer.Content.ReadFromJsonAsync<JsonElement>();
        return made.GetProperty("run").GetProperty("info").GetProperty("run_id").GetString()!;
    }

    private async Task<int> CountAsync(string run)
    {
        var page = await server.Http.GetFromJsonAsync<JsonElement>(
            $"/api/2.0/mlflow/metrics/get-history?run_id={run}&metric_key=loss&max_results=25000"
        );
        return page.TryGetProperty("metrics", out var points) ? points.GetArrayLength() : 0;
    }
}
