using System.Net.Http.Json;
using System.Text.Json;
using Slipway.Tests.Kit;
using Slipway.Web.Tests;

[assembly: AssemblyFixture(typeof(WebServer))]

namespace Slipway.Web.Tests;

/// <summary>The real program, one for all tests, and what clients log to it while somebody looks.</summary>
public sealed class WebServer : IAsyncLifetime
{
    private SlipwayProcess process = null!;

    public Uri Address => process.Address;

    public HttpClient Http => process.Http;

    public async ValueTask InitializeAsync() => process = await SlipwayProcess.StartAsync();

    public ValueTask DisposeAsync() => process.DisposeAsync();

    public async Task<string> ExperimentAsync(string name)
    {
        var made = await PostAsync("/api/v1/experiments", new { name, tags = new Dictionary<string, string>() });
        return made.GetProperty("id").GetString()!;
    }

    public async Task<string> RunAsync(
        string experimentId,
        string name,
        Dictionary<string, double>? metrics = null,
        Dictionary<string, string>? parameters = null,
        Dictionary<string, string>? tags = null
    )
    {
        var run = await PostAsync(
            "/api/v1/runs",
            new
            {
                experiment_id = experimentId,
                name,
                tags = tags ?? [],
            }
        );
        var id = run.GetProperty("id").GetString()!;
        await LogAsync(id, (metrics ?? []).Select(metric => (metric.Key, 0L, metric.Value)), parameters ?? []);
        return id;
    }

    public async Task LogAsync(
        string runId,
        IEnumerable<(string Key, long Step, double Value)> metrics,
        Dictionary<string, string>? parameters = null
    )
    {
        foreach (var batch in metrics.DefaultIfEmpty().Chunk(1000))
            await PostAsync(
                $"/api/v1/runs/{runId}/log",
                new
                {
                    metrics = batch
                        .Where(metric => metric.Key is not null)
                        .Select(metric => new
                        {
                            key = metric.Key,
                            step = metric.Step,
                            value = double.IsFinite(metric.Value)
                                ? (object)metric.Value
                                : metric.Value.ToString(System.Globalization.CultureInfo.InvariantCulture),
                        }),
                    @params = parameters ?? [],
                    tags = new Dictionary<string, string>(),
                }
            );
    }

    public async Task FinishAsync(string runId)
    {
        using var answer = await Http.PatchAsJsonAsync($"/api/v1/runs/{runId}", new { status = "finished" });
        answer.EnsureSuccessStatusCode();
    }

    /// <summary>A version of the model, whose files are the run's folder "model".</summary>
    public async Task<string> RegisterAsync(string model, string runId, string description = "")
    {
        await UploadAsync(runId, "model/MLmodel", "flavors: {}\n");
        using var made = await Http.PostAsJsonAsync("/api/2.0/mlflow/registered-models/create", new { name = model });
        var run = await Http.GetFromJsonAsync<JsonElement>($"/api/v1/runs/{runId}");
        var version = await PostAsync(
            "/api/2.0/mlflow/model-versions/create",
            new
            {
                name = model,
                source = $"{run.GetProperty("artifact_uri").GetString()}/model",
                run_id = runId,
                description,
            }
        );
        return version.GetProperty("model_version").GetProperty("version").GetString()!;
    }

    public Task UploadAsync(string runId, string path, string content) =>
        UploadAsync(runId, path, System.Text.Encoding.UTF8.GetBytes(content));

    public async Task UploadAsync(string runId, string path, byte[] content)
    {
        using var body = new ByteArrayContent(content);
        var address = string.Join('/', path.Split('/').Select(Uri.EscapeDataString));
        using var answer = await Http.PutAsync($"/api/v1/runs/{runId}/artifacts/{address}", body);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }

    public async Task<JsonElement> PostAsync(string path, object body)
    {
        using var answer = await Http.PostAsJsonAsync(path, body);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, $"{path} answered {(int)answer.StatusCode}: {text}");
        return text.Length == 0 ? default : JsonDocument.Parse(text).RootElement;
    }
}
