using System.Net.Http.Json;
using System.Text.Json;
using Slipway.Tests.Kit;

namespace Slipway.Tests.Faults;

/// <summary>
/// A short training as a client plays it, step by step: each step is acknowledged or not, and afterwards it has to be
/// there or not, never half of it. The last unacknowledged step may be there, as its answer may be all that was lost.
/// </summary>
internal sealed class MlflowScript
{
    private const int BatchPoints = 50;
    private readonly List<(Func<SlipwayProcess, Task> Do, Func<SlipwayProcess, Task<bool>> IsThere)> steps;
    private string runId = "";

    public MlflowScript()
    {
        steps =
        [
            (CreateRunAsync, async server => (await RunsAsync(server)).Count > 0),
            (server => LogAsync(server, 0), async server => await IsBatchThereAsync(server, 0)),
            (
                server =>
                    PostAsync(
                        server,
                        "runs/set-tag",
                        new
                        {
                            run_id = runId,
                            key = "team",
                            value = "blue",
                        }
                    ),
                async server => (await RunAsync(server)).Contains("\"blue\"", StringComparison.Ordinal)
            ),
            (server => LogAsync(server, 1), async server => await IsBatchThereAsync(server, 1)),
            (
                server =>
                    PostAsync(
                        server,
                        "runs/log-parameter",
                        new
                        {
                            run_id = runId,
                            key = "depth",
                            value = "seven",
                        }
                    ),
                async server => (await RunAsync(server)).Contains("\"seven\"", StringComparison.Ordinal)
            ),
            (
                server =>
                    PostAsync(
                        server,
                        "runs/update",
                        new
                        {
                            run_id = runId,
                            status = "FINISHED",
                            end_time = 5,
                        }
                    ),
                async server => (await RunAsync(server)).Contains("\"FINISHED\"", StringComparison.Ordinal)
            ),
        ];
    }

    /// <summary>How many steps were acknowledged.</summary>
    public int Acknowledged { get; private set; }

    public int Length => steps.Count;

    /// <summary>Plays steps until one is refused or the server is gone; tells before each how much was acknowledged.</summary>
    public async Task PlayAsync(SlipwayProcess server, Action? acknowledged = null)
    {
        foreach (var (play, _) in steps.Skip(Acknowledged))
        {
            try
            {
                await play(server);
            }
            catch (HttpRequestException)
            {
                return;
            }
            Acknowledged++;
            acknowledged?.Invoke();
        }
    }

    /// <summary>Every step acknowledged up to the given one is there; of the steps after the next one, none is.</summary>
    public async Task CheckAsync(SlipwayProcess server, int acknowledged)
    {
        if (acknowledged == 0 && (await RunsAsync(server)).Count == 0)
            return;
        runId = (await RunsAsync(server))[0];
        for (var i = 0; i < steps.Count; i++)
        {
            var isThere = await steps[i].IsThere(server);
            if (i < acknowledged)
                Assert.True(isThere, $"LOST: step {i} of {acknowledged} acknowledged ones is gone.");
            else if (i > acknowledged)
                Assert.False(isThere, $"PHANTOM: step {i} is there, though only {acknowledged} were acknowledged.");
        }
    }

    private async Task CreateRunAsync(SlipwayProcess server)
    {
        using var answer = JsonDocument.Parse(
            await PostAsync(server, "runs/create", new { experiment_id = "0", start_time = 1 })
        );
        runId = answer.RootElement.GetProperty("run").GetProperty("info").GetProperty("run_id").GetString()!;
    }

    private Task<string> LogAsync(SlipwayProcess server, int batch) =>
        PostAsync(
            server,
            "runs/log-batch",
            new
            {
                run_id = runId,
                metrics = Enumerable
                    .Range(batch * BatchPoints, BatchPoints)
                    .Select(step => new
                    {
                        key = "loss",
                        value = step,
                        timestamp = step,
                        step,
                    }),
            }
        );

    private async Task<bool> IsBatchThereAsync(SlipwayProcess server, int batch)
    {
        using var history = JsonDocument.Parse(
            await server.Http.GetStringAsync(
                $"/api/2.0/mlflow/metrics/get-history?run_id={runId}&metric_key=loss&max_results=1000"
            )
        );
        var logged = history.RootElement.TryGetProperty("metrics", out var points)
            ? points.EnumerateArray().Select(point => point.GetProperty("step").GetInt32()).ToList()
            : [];
        var there = logged.Count(step => step / BatchPoints == batch);
        Assert.True(there is 0 or BatchPoints, $"TORN: {there} of {BatchPoints} points of batch {batch} are there.");
        return there > 0;
    }

    private Task<string> RunAsync(SlipwayProcess server) =>
        server.Http.GetStringAsync($"/api/2.0/mlflow/runs/get?run_id={runId}");

    private static async Task<List<string>> RunsAsync(SlipwayProcess server)
    {
        using var answer = JsonDocument.Parse(
            await PostAsync(server, "runs/search", new { experiment_ids = new[] { "0" } })
        );
        return answer.RootElement.TryGetProperty("runs", out var runs)
            ? [.. runs.EnumerateArray().Select(run => run.GetProperty("info").GetProperty("run_id").GetString()!)]
            : [];
    }

    private static async Task<string> PostAsync(SlipwayProcess server, string call, object body)
    {
        using var answer = await server.Http.PostAsJsonAsync($"/api/2.0/mlflow/{call}", body);
        answer.EnsureSuccessStatusCode();
        return await answer.Content.ReadAsStringAsync();
    }
}
