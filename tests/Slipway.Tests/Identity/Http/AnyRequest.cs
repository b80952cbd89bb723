using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;

namespace Slipway.Tests.Identity.Http;

/// <summary>
/// One of each thing, made for one route to be tried on, and a request to any route that names them all: every field that
/// calls of MLflow's door know by its name, so that a route takes what it needs and ignores the rest.
/// </summary>
internal sealed class AnyRequest
{
    private const string Registered = "registered_model";

    private readonly Dictionary<string, string> ids;

    private AnyRequest(string marker, Dictionary<string, string> ids)
    {
        Marker = marker;
        this.ids = ids;
    }

    /// <summary>Stands in names, tags and contents of everything that was made, so that an answer that tells of it is known.</summary>
    public string Marker { get; }

    public string ExperimentId => ids["experiment_id"];

    public string RegisteredModel => ids[Registered];

    public static async Task<AnyRequest> PrepareAsync(PeopledServer server, HttpClient admin)
    {
        var marker = $"marker{Guid.NewGuid():N}";
        var experiment = await PostAsync(admin, "2.0/mlflow/experiments/create", new { name = $"{marker}-e" });
        var experimentId = experiment.GetProperty("experiment_id").GetString()!;
        var runId = await StartRunAsync(admin, experimentId, marker);
        var model = await PostAsync(
            admin,
            "2.0/mlflow/logged-models",
            new
            {
                experiment_id = experimentId,
                name = marker,
                tags = new[] { new { key = "k", value = marker } },
            }
        );
        var modelId = model.GetProperty("model").GetProperty("info").GetProperty("model_id").GetString()!;
        // It is the workspace's, not the experiment's, so its name tells nobody of the experiment.
        var dataset = await PostAsync(
            admin,
            "3.0/mlflow/datasets/create",
            new { name = $"dataset-{Guid.NewGuid():N}", experiment_ids = new[] { experimentId } }
        );
        // Its name is told where grants on it are, to whoever was given or refused them.
        var registered = $"registered-{Guid.NewGuid():N}";
        await RegisterAsync(admin, registered, marker);
        var made = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            [Registered] = registered,
            ["version"] = "1",
            ["alias"] = "champion",
            ["experiment_id"] = experimentId,
            ["run_id"] = runId,
            ["run_uuid"] = runId,
            ["model_id"] = modelId,
            ["dataset_id"] = dataset.GetProperty("dataset").GetProperty("dataset_id").GetString()!,
            ["id"] = experimentId,
            ["experiment_name"] = $"{marker}-e",
            ["username"] = await server.AddBystanderAsync(),
        };
        return new AnyRequest(marker, made);
    }

    /// <summary>Whether an answer tells of what was made; a refusal may repeat the name that it was asked for.</summary>
    public bool IsToldOf(string answer, bool isDone) =>
        (isDone ? answer : answer.Replace(ids["experiment_name"], "", StringComparison.Ordinal)).Contains(
            Marker,
            StringComparison.Ordinal
        );

    /// <summary>The path of a route with something in each of its places.</summary>
    public static string PathOf(RouteEndpoint route, Func<string, string?>? idOf = null)
    {
        var path = new StringBuilder();
        foreach (var segment in route.RoutePattern.PathSegments)
        {
            path.Append('/');
            foreach (var part in segment.Parts)
                path.Append(
                    part switch
                    {
                        RoutePatternLiteralPart literal => literal.Content,
                        RoutePatternSeparatorPart separator => separator.Content,
                        RoutePatternParameterPart parameter => idOf?.Invoke(parameter.Name) ?? "1",
                        _ => "",
                    }
                );
        }
        return path.Length == 0 ? "/" : path.ToString();
    }

    public HttpRequestMessage To(RouteEndpoint route, string method)
    {
        var path = PathOf(route, name => ids.GetValueOrDefault(name));
        // Ids in the path of the native API mean what the path says they are of.
        if (path.StartsWith("/api/v1/runs/", StringComparison.Ordinal))
            path = PathOf(route, name => name == "id" ? ids["run_id"] : ids.GetValueOrDefault(name));
        if (path.StartsWith("/api/v1/models/", StringComparison.Ordinal))
            path = PathOf(route, name => name == "name" ? RegisteredModel : ids.GetValueOrDefault(name));
        var isRead = method is "GET" or "HEAD";
        return new HttpRequestMessage(new HttpMethod(method), isRead ? $"{path}?{Query()}" : path)
        {
            Content = isRead ? null : JsonContent.Create(Body(NameFor(path))),
        };
    }

    /// <summary>What a name means: for calls on models that are there one of them, else that of something new.</summary>
    private string NameFor(string path) =>
        path.Contains("/model-versions/", StringComparison.Ordinal)
        || (
            path.Contains("/registered-models/", StringComparison.Ordinal)
            && !path.EndsWith("/registered-models/create", StringComparison.Ordinal)
        )
            ? RegisteredModel
            : $"new-{Guid.NewGuid():N}";

    private string Query() =>
        string.Join(
            '&',
            ids.Where(pair => pair.Key != "id")
                .Append(new("name", RegisteredModel))
                .Append(new("metric_key", Marker))
                .Append(new("run_ids", ids["run_id"]))
                .Append(new("max_results", "10"))
                .Append(new("path", $"{ids["experiment_id"]}/{ids["run_id"]}/artifacts"))
                .Select(pair => $"{pair.Key}={Uri.EscapeDataString(pair.Value)}")
        );

    private JsonObject Body(string name)
    {
        var body = new JsonObject
        {
            ["name"] = name,
            ["source"] = "s3://bucket/model",
            ["stage"] = "Staging",
            ["new_name"] = $"new-{Guid.NewGuid():N}",
            ["key"] = "k",
            ["value"] = "1",
            ["timestamp"] = 1,
            ["step"] = 0,
            ["status"] = "FINISHED",
            ["password"] = "another good password",
            ["is_admin"] = false,
            ["permission"] = "READ",
            ["workspace"] = "default",
            ["max_results"] = 10,
            ["experiment_ids"] = new JsonArray(ids["experiment_id"]),
            ["run_ids"] = new JsonArray(ids["run_id"]),
            ["model_json"] =
                $$"""{"artifact_path":"m","flavors":{},"utc_time_created":"x","run_id":"{{ids["run_id"]}}"}""",
            ["tags"] = new JsonArray(new JsonObject { ["key"] = "k2", ["value"] = "v" }),
            ["params"] = new JsonArray(new JsonObject { ["key"] = "p2", ["value"] = "v" }),
            ["metrics"] = new JsonArray(
                new JsonObject
                {
                    ["key"] = "m2",
                    ["value"] = 1,
                    ["timestamp"] = 1,
                    ["step"] = 0,
                }
            ),
        };
        foreach (var (field, id) in ids.Where(pair => pair.Key != "id"))
            body[field] = id;
        return body;
    }

    private static async Task RegisterAsync(HttpClient admin, string name, string marker)
    {
        var tags = new[] { new { key = "k", value = marker } };
        await PostAsync(admin, "2.0/mlflow/registered-models/create", new { name, tags });
        await PostAsync(
            admin,
            "2.0/mlflow/model-versions/create",
            new
            {
                name,
                tags,
                source = $"s3://bucket/{marker}",
            }
        );
        await PostAsync(
            admin,
            "2.0/mlflow/registered-models/alias",
            new
            {
                name,
                alias = "champion",
                version = "1",
            }
        );
    }

    private static async Task<string> StartRunAsync(HttpClient admin, string experimentId, string marker)
    {
        var run = await PostAsync(
            admin,
            "2.0/mlflow/runs/create",
            new
            {
                experiment_id = experimentId,
                run_name = marker,
                tags = new[] { new { key = "k", value = marker } },
            }
        );
        var runId = run.GetProperty("run").GetProperty("info").GetProperty("run_id").GetString()!;
        await PostAsync(
            admin,
            "2.0/mlflow/runs/log-parameter",
            new
            {
                run_id = runId,
                key = "p",
                value = marker,
            }
        );
        await PostAsync(
            admin,
            "2.0/mlflow/runs/log-metric",
            new
            {
                run_id = runId,
                key = marker,
                value = 1,
                timestamp = 1,
            }
        );
        return runId;
    }

    private static async Task<JsonElement> PostAsync<T>(HttpClient client, string path, T body)
    {
        using var answer = await client.PostAsJsonAsync($"/api/{path}", body);
        if (!answer.IsSuccessStatusCode)
            throw new InvalidOperationException(
                $"{path}: {answer.StatusCode} {await answer.Content.ReadAsStringAsync()}"
            );
        return await answer.Content.ReadFromJsonAsync<JsonElement>();
    }
}
