using System.Net.Http.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Slipway.Foundation.Sql;
using Slipway.Host;
using Slipway.Tests.Identity.Http;
using Slipway.Tests.Kit;

namespace Slipway.Tests.Doors.Mlflow;

/// <summary>
/// Whatever is sent to any route of MLflow's door: it never breaks inside, tells nothing of the inside, and a request that
/// is refused leaves every table as it was.
/// </summary>
public sealed partial class AnythingSentTests : IAsyncLifetime
{
    /// <summary>Failures of the server that MLflow's interface means as answers: not there yet, away for now, disk full.</summary>
    private static readonly HashSet<int> Meant = [501, 503, 507];

    /// <summary>The log of metrics is folded, and models are scanned, in the background, whoever asks.</summary>
    private static readonly HashSet<string> Moving =
    [
        "tracking_metric_log",
        "tracking_metric_chunks",
        "governance_scans",
    ];

    /// <summary>SQL, and traces of the stack.</summary>
    private static readonly string[] Inside =
    [
        "sqlite",
        "npgsql",
        "constraint failed",
        "exception",
        " at slipway.",
        "select ",
        "insert into",
        "delete from",
        "update tracking_",
        "update tracing_",
        "update registry_",
    ];

    private ServerInside server = null!;
    private HttpClient http = null!;
    private IReadOnlyList<(string Method, RouteEndpoint Route)> routes = [];
    private Dictionary<string, string> made = [];

    public async ValueTask InitializeAsync()
    {
        server = await ServerInside.StartAsync(login: false);
        http = server.Client();
        routes =
        [
            .. server
                .Routes.Where(route => MlflowPath().IsMatch(route.RoutePattern.RawText!))
                .SelectMany(route =>
                    route.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods.Select(method => (method, route))
                ),
        ];
        made = await MakeOneOfEachAsync();
    }

    public async ValueTask DisposeAsync()
    {
        http.Dispose();
        await server.DisposeAsync();
    }

    [Fact]
    public async Task Nothing_that_is_sent_breaks_the_door_or_changes_anything_when_it_is_refused()
    {
        Assert.True(routes.Count > 150, $"There are {routes.Count} routes.");
        var failures = new List<string>();
        for (var seed = 0; seed < Seeds.Count(4, 200); seed++)
        {
            var before = await StoreAsync();
            foreach (var (method, route) in routes)
            {
                var sent = new AnythingSent((seed * 1000) + failures.Count, made);
                var path = AnyRequest.PathOf(route, sent.Place);
                using var request = sent.To(method, path);
                var body = request.Content is null ? "" : await request.Content.ReadAsStringAsync();
                using var answer = await http.SendAsync(request);
                var text = await answer.Content.ReadAsStringAsync();
                var told = $"seed {seed}, {method} {request.RequestUri} {body}: {(int)answer.StatusCode} {text}";
                if (IsBroken((int)answer.StatusCode, text))
                    failures.Add(told);
                var after = await StoreAsync();
                if ((int)answer.StatusCode >= 400 && after != before)
                    failures.Add($"changed something: {told}");
                before = after;
            }
        }
        Assert.True(failures.Count == 0, string.Join("\n\n", failures.Take(20)));
    }

    private static bool IsBroken(int status, string text) =>
        (status >= 500 && !Meant.Contains(status) && !IsMlflowsOwn(text))
        || (status >= 400 && Array.Exists(Inside, word => text.Contains(word, StringComparison.OrdinalIgnoreCase)));

    /// <summary>What clients of MLflow are used to get as a 500, and nothing else.</summary>
    private static bool IsMlflowsOwn(string text) =>
        text.Contains("\"INVALID_STATE\"", StringComparison.Ordinal)
        || text.Contains("\"FEATURE_DISABLED\"", StringComparison.Ordinal);

    private async Task<Dictionary<string, string>> MakeOneOfEachAsync()
    {
        var experiment = (string)
            (await PostAsync("2.0/mlflow/experiments/create", new { name = "e" }))["experiment_id"]!;
        var run = await PostAsync("2.0/mlflow/runs/create", new { experiment_id = experiment });
        var model = await PostAsync("2.0/mlflow/logged-models", new { experiment_id = experiment, name = "m" });
        var dataset = await PostAsync(
            "3.0/mlflow/datasets/create",
            new { name = "d", experiment_ids = new[] { experiment } }
        );
        var trace = await PostAsync("2.0/mlflow/traces", new { experiment_id = experiment, timestamp_ms = 1 });
        await PostAsync("2.0/mlflow/registered-models/create", new { name = "r" });
        await PostAsync("2.0/mlflow/model-versions/create", new { name = "r", source = "s3://bucket/model" });
        var (runId, traceId) = ((string)run["run"]!["info"]!["run_id"]!, (string)trace["trace_info"]!["request_id"]!);
        return new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["experiment_id"] = experiment,
            ["experiment_name"] = "e",
            ["run_id"] = runId,
            ["run_uuid"] = runId,
            ["model_id"] = (string)model["model"]!["info"]!["model_id"]!,
            ["dataset_id"] = (string)dataset["dataset"]!["dataset_id"]!,
            ["registered_model"] = "r",
            ["trace_id"] = traceId,
            ["request_id"] = traceId,
        };
    }

    private async Task<JsonNode> PostAsync<T>(string path, T body)
    {
        using var answer = await http.PostAsJsonAsync($"/api/{path}", body);
        answer.EnsureSuccessStatusCode();
        return (await answer.Content.ReadFromJsonAsync<JsonNode>())!;
    }

    /// <summary>Every row of every table of the product, as one text.</summary>
    private Task<string> StoreAsync() =>
        server
            .Services.GetRequiredService<Db>()
            .ReadAsync(
                tx =>
                    string.Join(
                        '\n',
                        Tables.Select(table =>
                        {
                            var columns = tx.Many(
                                $"select name from pragma_table_info('{table}')",
                                r => $"quote({r.Text(0)})"
                            );
                            return tx.One(
                                $"select group_concat({string.Join(" || ',' || ", columns)}, ';') from {table}",
                                r => r.TextOrNull(0) ?? ""
                            );
                        })
                    ),
                CancellationToken.None
            );

    private static IReadOnlyList<string> Tables { get; } =
    [
        .. Rooms
            .All.SelectMany(room => room.Migrations?.Tables() ?? [])
            .Where(table => !table.StartsWith("foundation_", StringComparison.Ordinal) && !Moving.Contains(table)),
    ];

    [GeneratedRegex(
        "^/(api/[23]|get-artifact|model-versions|v1/traces)|^/ajax-api/.*(upload-artifact|get-trace-artifact|search-datasets|bulk)",
        RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex MlflowPath();
}
