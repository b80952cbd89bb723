using System.Net;
using System.Text;
using System.Text.Json;
using Slipway.Tests.Kit;

namespace Slipway.Tests.Foundation.Http;

/// <summary>
/// Attack G12: malformed input to every route of the program. No answer may tell how the server is built or where it
/// lies, and none may be a failure of the server: bad input is the sender's fault.
/// </summary>
public sealed class ErrorProbingTests(SharedServer server) : IClassFixture<SharedServer>
{
    // Fields that calls take, so that the probes get past the first check and meet the ones behind it.
    private static readonly string[] Fields =
    [
        "experiment_id",
        "experiment_ids",
        "run_id",
        "run_uuid",
        "run_ids",
        "name",
        "key",
        "value",
        "timestamp",
        "step",
        "metrics",
        "params",
        "tags",
        "filter",
        "filter_string",
        "order_by",
        "max_results",
        "page_token",
        "view_type",
        "run_view_type",
        "status",
        "start_time",
        "end_time",
        "artifact_location",
        "path",
        "model_id",
        "models",
        "datasets",
        "model_json",
        "username",
        "password",
        "permission",
        "role",
        "request_id",
        "trace_ids",
        "locations",
        "experiment",
        "trace_info",
        "assessment",
        "workspace",
        "digest",
        "ids",
        "page_size",
        "view",
        "older_than_ms",
    ];

    private static readonly object?[] Values =
    [
        new Dictionary<string, object> { ["a"] = new[] { 1 } },
        new object[] { new object[] { "x" }, 7, new Dictionary<string, object>() },
        "'; drop table runs; --",
        "..%2f..%2f..%2fetc/passwd",
        "\u0000\u202E\r\nSet-Cookie: a=b",
        new string('x', 20_000),
        long.MaxValue,
        -1,
        1e308,
        true,
        null,
        "",
    ];

    private static readonly string[] Paths =
    [
        "x",
        "-1",
        "%00",
        "%2e%2e%2f%2e%2e%2f",
        "'",
        "99999999999999999999",
        "%ff%fe",
    ];

    private static readonly string[] Telltales =
    [
        "   at ",
        "Slipway.",
        "System.",
        "Microsoft.",
        "Exception",
        "SQLite",
        "sqlite3",
        "Npgsql",
        "SqlState",
        "/var/",
        "/tmp/",
        "/home/",
        "/root/",
        "/usr/",
        "tracking_",
        "identity_",
        "foundation_",
        "tracing_",
        "Connection string",
        ".cs:line",
    ];

    [Fact]
    public async Task No_route_fails_on_malformed_input_or_tells_what_is_behind_it()
    {
        var routes = await RouteTable.ReadAsync();
        Assert.True(routes.Count > 50, $"{routes.Count} routes");
        var complaints = new List<string>();
        foreach (var route in routes.Where(route => !route.Pattern.Contains("testing/reset", StringComparison.Ordinal)))
        {
            foreach (var (request, what) in Probes(route))
            {
                using var asked = request;
                using var answer = await server.Http.SendAsync(asked);
                var text = answer.Headers + await answer.Content.ReadAsStringAsync();
                if (Complaint(answer.StatusCode, text) is { } complaint)
                    complaints.Add(
                        $"{route.Method} {route.Pattern} with {what}: {(int)answer.StatusCode}, {complaint}"
                    );
            }
        }
        Assert.Equal("OK", await server.Http.GetStringAsync("/health"));
        Assert.True(
            complaints.Count == 0,
            $"{complaints.Count} answers:\n{string.Join('\n', complaints.Take(60))}\n{server.Process.Log}"
        );
    }

    private static string? Complaint(HttpStatusCode status, string text)
    {
        // MLflow answers some states with 500, and clients know them by the name.
        if ((int)status is 500 or 502 or 504 or > 505 && !text.Contains("INVALID_STATE", StringComparison.Ordinal))
            return $"a failure: {text[^Math.Min(text.Length, 200)..].ReplaceLineEndings(" ")}";
        if ((int)status < 400)
            return null;
        var told = Telltales.FirstOrDefault(tale => text.Contains(tale, StringComparison.Ordinal));
        return told is null ? null : $"tells '{told}': {text[^Math.Min(text.Length, 300)..].ReplaceLineEndings(" ")}";
    }

    private static IEnumerable<(HttpRequestMessage, string)> Probes(Route route)
    {
        foreach (var value in Paths)
            yield return (Request(route, value, "{}"), $"the path value {value}");
        yield return (Request(route, "1", "{"), "half a document");
        yield return (Request(route, "1", "[]"), "a list");
        yield return (Request(route, "1", "{}", "text/plain"), "plain text");
        foreach (var value in Values)
        {
            var fields = Fields.ToDictionary(field => field, _ => value, StringComparer.Ordinal);
            var query = value is string or long or int ? "?" + Query(value) : "";
            yield return (
                Request(route, "1", JsonSerializer.Serialize(fields), query: query),
                $"every field {Short(value)}"
            );
            var lists = Fields.ToDictionary(field => field, _ => new[] { value, fields }, StringComparer.Ordinal);
            yield return (
                Request(route, "1", JsonSerializer.Serialize(lists)),
                $"every field a list of {Short(value)}"
            );
        }
    }

    private static string Query(object value) =>
        string.Join(
            '&',
            Fields
                .Take(12)
                .Select(field =>
                    $"{field}={Uri.EscapeDataString(Convert.ToString(value, null)![..Math.Min(500, value.ToString()!.Length)])}"
                )
        );

    private static string Short(object? value)
    {
        var text = JsonSerializer.Serialize(value);
        return text[..Math.Min(text.Length, 40)];
    }

    private static HttpRequestMessage Request(
        Route route,
        string pathValue,
        string body,
        string type = "application/json",
        string query = ""
    )
    {
        var request = new HttpRequestMessage(new HttpMethod(route.Method), route.Path(_ => pathValue) + query);
        if (route.Method is not ("GET" or "HEAD"))
            request.Content = new StringContent(body, Encoding.UTF8, type);
        return request;
    }
}
