using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Slipway.Tests.Kit;

namespace Slipway.Tests.Faults;

/// <summary>Fault F11: questions whose answers are far larger than what the server may take of the machine's memory.</summary>
[Collection(Alone.Name)]
public sealed class MemoryTests(ITestOutputHelper output)
{
    private const long Allowed = 128 << 20;

    [Fact]
    public async Task Long_histories_and_wide_searches_take_no_more_memory_than_their_pages()
    {
        await using var server = await SlipwayProcess.StartAsync();
        using var made = await server.Http.PostAsJsonAsync("/api/2.0/mlflow/runs/create", new { experiment_id = "0" });
        var run = (await made.Content.ReadFromJsonAsync<JsonElement>())
            .GetProperty("run")
            .GetProperty("info")
            .GetProperty("run_id")
            .GetString()!;
        var batches = Seeds.Count(200, 2000);
        var before = PeakBytes(server);
        for (var batch = 0; batch < batches; batch++)
            await LogAsync(server, run, batch * 1000);

        await DrainAsync(
            server,
            new HttpRequestMessage(HttpMethod.Get, $"/api/2.0/mlflow/metrics/get-history?run_id={run}&metric_key=loss")
        );
        await DrainAsync(server, new HttpRequestMessage(HttpMethod.Get, $"/api/v1/runs/{run}/history?key=loss"));
        for (var i = 0; i < 5; i++)
            await DrainAsync(
                server,
                new HttpRequestMessage(HttpMethod.Post, "/api/2.0/mlflow/runs/search")
                {
                    Content = JsonContent.Create(new { experiment_ids = new[] { "0" }, max_results = 50_000 }),
                }
            );

        var grown = PeakBytes(server) - before;
        output.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{batches * 1000} points logged and read whole: {grown >> 20} MiB above the {before >> 20} MiB of a started server"
            )
        );
        Assert.True(grown < Allowed, $"{grown >> 20} MiB more than at the start.");
    }

    private static async Task LogAsync(SlipwayProcess server, string run, int from)
    {
        var metrics = Enumerable
            .Range(from, 1000)
            .Select(step => new
            {
                key = "loss",
                value = step / 3.0,
                timestamp = step,
                step,
            });
        using var answer = await server.Http.PostAsJsonAsync(
            "/api/2.0/mlflow/runs/log-batch",
            new { run_id = run, metrics }
        );
        answer.EnsureSuccessStatusCode();
    }

    private static async Task DrainAsync(SlipwayProcess server, HttpRequestMessage request)
    {
        using var asked = request;
        using var answer = await server.Http.SendAsync(asked, HttpCompletionOption.ResponseHeadersRead);
        Assert.True(
            answer.StatusCode is HttpStatusCode.OK or HttpStatusCode.BadRequest or HttpStatusCode.RequestEntityTooLarge
        );
        await using var body = await answer.Content.ReadAsStreamAsync();
        await body.CopyToAsync(Stream.Null);
    }

    /// <summary>The most that was ever resident, as the kernel counts it.</summary>
    private static long PeakBytes(SlipwayProcess server)
    {
        var line = File.ReadLines(string.Create(CultureInfo.InvariantCulture, $"/proc/{server.Id}/status"))
            .First(line => line.StartsWith("VmHWM:", StringComparison.Ordinal));
        return long.Parse(line.AsSpan("VmHWM:".Length, line.Length - "VmHWM:".Length - 3), CultureInfo.InvariantCulture)
            << 10;
    }
}
