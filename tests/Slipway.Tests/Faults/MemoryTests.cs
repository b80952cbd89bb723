using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Slipway.Foundation.Basics;
using Slipway.Foundation.Sql;
using Slipway.Host;
using Slipway.Tests.Kit;
using Slipway.Tracking;
using Slipway.Tracking.Storage;

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

    [Fact]
    public async Task A_search_over_a_great_many_runs_stays_within_a_limit_of_memory()
    {
        var runs = Seeds.Count(20_000, 1_000_000);
        using var data = new TestFolder();
        await FillAsync(data.At("data"), runs);
        // What goes over the limit ends the server.
        var limit = new Dictionary<string, string> { ["DOTNET_GCHeapHardLimit"] = "0x14000000" };
        await using var server = await SlipwayProcess.StartAsync(
            new SlipwayStart { DataPath = data.At("data"), Environment = limit }
        );
        var before = PeakBytes(server);
        string[] questions = ["metrics.loss < 0.5", "params.depth = '7' OR tags.team LIKE '%e3'", ""];
        foreach (var filter in questions)
        {
            foreach (var order in new[] { "metrics.loss DESC", "params.depth ASC", "attributes.start_time DESC" })
            {
                var token = "";
                for (var page = 0; page < 3 && token is not null; page++)
                    token = await SearchAsync(server, filter, order, token);
            }
        }
        var grown = PeakBytes(server) - before;
        output.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"searches over {runs} runs: {grown >> 20} MiB above the {before >> 20} MiB of a started server"
            )
        );
        // The columns that searches go through stay in memory: they are what makes a search fast.
        Assert.True(grown < Allowed + (128L * runs), $"{grown >> 20} MiB more than at the start.");
    }

    /// <summary>A page of a thousand; the token of the next.</summary>
    private static async Task<string?> SearchAsync(SlipwayProcess server, string filter, string order, string token)
    {
        using var answer = await server.Http.PostAsJsonAsync(
            "/api/2.0/mlflow/runs/search",
            new
            {
                experiment_ids = new[] { "0" },
                filter,
                order_by = new[] { order },
                max_results = 1000,
                page_token = token,
            }
        );
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, text);
        using var page = JsonDocument.Parse(text);
        return page.RootElement.TryGetProperty("next_page_token", out var next) ? next.GetString() : null;
    }

    /// <summary>Runs with a metric, a parameter and a tag, past the server: a million of them come in a minute.</summary>
    private static async Task FillAsync(string data, int runs)
    {
        var settings = new ServerSettings { DataPath = data, Listen = new IPEndPoint(IPAddress.Loopback, 0) };
        await using var store = OpenedStore.Open(settings);
        await store.PrepareAsync(Rooms.All);
        var metrics = new MetricStore(new MetricNames());
        foreach (var some in Enumerable.Range(1, runs).Chunk(1000))
        {
            await store.Db.WriteAsync(tx =>
            {
                foreach (var i in some)
                    Insert(tx, metrics, i);
            });
        }
    }

    private static void Insert(Tx tx, MetricStore metrics, int i)
    {
        var id = i.ToString("x32", CultureInfo.InvariantCulture);
        var head = new RunHead
        {
            Number = i,
            Id = id,
            ExperimentId = 0,
            Name = $"run {i}",
            User = "ada",
            Status = RunStatus.Finished,
            StartMs = i,
            EndMs = i + 1,
            ArtifactUri = $"mlflow-artifacts:/0/{id}/artifacts",
        };
        RunStore.Insert(tx, new RunRow(head, $$"""{"depth":"{{i % 50}}"}""", $$"""{"team":"e{{i % 9}}"}""", null));
        metrics.Append(tx, head, [new Metric("loss", new MetricPoint(i, 1, i * 0.618 % 1))]);
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
