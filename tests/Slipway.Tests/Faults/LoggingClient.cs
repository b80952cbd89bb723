using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Slipway.Tests.Kit;

namespace Slipway.Tests.Faults;

/// <summary>
/// One client that logs batches to a run of its own and writes down what became of each: acknowledged, refused, or
/// without an answer. Batch n holds the steps from n times the size of a batch on, so that the history shows afterwards
/// which batches are there, whether they are whole, and whether one is there twice.
/// </summary>
internal sealed class LoggingClient
{
    public const int BatchPoints = 20;

    private readonly string runId;
    private bool lastIsOpen;

    private LoggingClient(string runId) => this.runId = runId;

    public int Acknowledged { get; private set; }

    /// <summary>How often the server answered that it would not take a batch.</summary>
    public int Refused { get; private set; }

    public static async Task<LoggingClient> StartAsync(SlipwayProcess server)
    {
        using var answer = await server.Http.PostAsJsonAsync(
            "/api/2.0/mlflow/runs/create",
            new { experiment_id = "0", start_time = 1 }
        );
        answer.EnsureSuccessStatusCode();
        var run = await answer.Content.ReadFromJsonAsync<JsonElement>();
        return new LoggingClient(run.GetProperty("run").GetProperty("info").GetProperty("run_id").GetString()!);
    }

    public static Task<LoggingClient[]> StartAsync(SlipwayProcess server, int count) =>
        Task.WhenAll(Enumerable.Range(0, count).Select(_ => StartAsync(server)));

    /// <summary>Logs until the server no longer answers, or until cancelled; a refused batch is sent again.</summary>
    public async Task LogUntilGoneAsync(SlipwayProcess server, CancellationToken cancellation = default)
    {
        while (!cancellation.IsCancellationRequested)
        {
            if (await SendNextAsync(server) is null)
                return;
        }
    }

    /// <summary>The status of the answer; null when there was none.</summary>
    public async Task<HttpStatusCode?> SendNextAsync(SlipwayProcess server)
    {
        try
        {
            using var answer = await PostAsync(server, Acknowledged);
            await answer.Content.ReadAsStringAsync();
            if (answer.StatusCode == HttpStatusCode.OK)
            {
                Acknowledged++;
                lastIsOpen = false;
            }
            else
            {
                Refused++;
            }
            return answer.StatusCode;
        }
        catch (HttpRequestException)
        {
            lastIsOpen = true;
            return null;
        }
    }

    /// <summary>LOST, TORN, PHANTOM and DUP are all failures here; a batch without an answer may be there, whole.</summary>
    public async Task CheckAsync(SlipwayProcess server)
    {
        var steps = await StepsAsync(server);
        Assert.True(
            steps.Count == Acknowledged * BatchPoints
                || (lastIsOpen && steps.Count == (Acknowledged + 1) * BatchPoints),
            $"Run {runId}: {steps.Count} points for {Acknowledged} acknowledged batches of {BatchPoints}."
        );
        Assert.Equal(Enumerable.Range(0, steps.Count).Select(step => (long)step), steps);
        if (!lastIsOpen)
            return;
        Assert.Equal(HttpStatusCode.OK, await SendNextAsync(server));
        Assert.Equal(Acknowledged * BatchPoints, (await StepsAsync(server)).Count);
    }

    /// <summary>For a copy taken while the client went on: it holds the batches from the first to one not before this count, all whole.</summary>
    public async Task CheckPrefixAsync(SlipwayProcess copy, int atLeast)
    {
        var steps = await StepsAsync(copy);
        Assert.Equal(0, steps.Count % BatchPoints);
        Assert.InRange(steps.Count / BatchPoints, atLeast, Acknowledged + 1);
        Assert.Equal(Enumerable.Range(0, steps.Count).Select(step => (long)step), steps);
    }

    private Task<HttpResponseMessage> PostAsync(SlipwayProcess server, int batch)
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
        return server.Http.PostAsJsonAsync("/api/2.0/mlflow/runs/log-batch", new { run_id = runId, metrics });
    }

    private async Task<List<long>> StepsAsync(SlipwayProcess server)
    {
        var steps = new List<long>();
        string? token = null;
        do
        {
            var page = await server.Http.GetFromJsonAsync<JsonElement>(
                $"/api/2.0/mlflow/metrics/get-history?run_id={runId}&metric_key=loss&max_results=25000"
                    + (token is null ? "" : $"&page_token={Uri.EscapeDataString(token)}")
            );
            if (page.TryGetProperty("metrics", out var points))
                steps.AddRange(points.EnumerateArray().Select(point => point.GetProperty("step").GetInt64()));
            token = page.TryGetProperty("next_page_token", out var next) ? next.GetString() : null;
        } while (token is not null);
        return steps;
    }
}
