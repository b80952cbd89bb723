using System.Net;
using System.Text;
using System.Text.Json.Nodes;

namespace Slipway.Doors.Tests.Kit;

/// <summary>An answer of the server as it came over the wire.</summary>
public sealed record WireAnswer(HttpStatusCode Code, string? MediaType, string Text)
{
    public int Status => (int)Code;

    public JsonNode Json => JsonNode.Parse(Text)!;

    public string? ErrorCode => MediaType == "application/json" ? (string?)Json["error_code"] : null;
}

/// <summary>Calls in the form in which MLflow's clients send them.</summary>
public static class Wire
{
    private const string Api = "/api/2.0/mlflow/";

    /// <summary>Path is whole, or what stands behind /api/2.0/mlflow/. The body is JSON as it is sent.</summary>
    public static async Task<WireAnswer> SendAsync(
        this HttpClient http,
        string method,
        string path,
        string? body = null,
        params (string Name, string Value)[] headers
    )
    {
        using var request = new HttpRequestMessage(
            new HttpMethod(method),
            new Uri(path.StartsWith('/') ? path : Api + path, UriKind.Relative)
        );
        if (body is not null)
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        foreach (var (name, value) in headers)
            request.Headers.Add(name, value);
        using var response = await http.SendAsync(request);
        return new WireAnswer(
            response.StatusCode,
            response.Content.Headers.ContentType?.MediaType,
            await response.Content.ReadAsStringAsync()
        );
    }

    /// <summary>A call that has to succeed.</summary>
    public static async Task<JsonNode> PostJsonAsync(this HttpClient http, string path, object body)
    {
        var text = System.Text.Json.JsonSerializer.Serialize(body);
        var answer = await http.SendAsync("POST", path, text);
        Assert.True(answer.Code == HttpStatusCode.OK, $"POST {path} {text}: {answer.Status} {answer.Text}");
        return answer.Json;
    }

    public static async Task<JsonNode> GetJsonAsync(this HttpClient http, string path)
    {
        var answer = await http.SendAsync("GET", path);
        Assert.True(answer.Code == HttpStatusCode.OK, $"GET {path}: {answer.Status} {answer.Text}");
        return answer.Json;
    }

    /// <summary>A fresh experiment; its id.</summary>
    public static async Task<string> NewExperimentAsync(this HttpClient http) =>
        (string)
            (await http.PostJsonAsync("experiments/create", new { name = Guid.NewGuid().ToString("N") }))[
                "experiment_id"
            ]!;

    /// <summary>A fresh run; its id.</summary>
    public static async Task<string> NewRunAsync(this HttpClient http, string experimentId) =>
        (string)
            (await http.PostJsonAsync("runs/create", new { experiment_id = experimentId, start_time = 1 }))["run"]![
                "info"
            ]!["run_id"]!;
}
