using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Slipway.Sdk;
using Slipway.Sdk.Tracking;
using Slipway.Tests.Kit;

namespace Slipway.Tests.Tracking.Http;

/// <summary>
/// Attacks A01, A02 and A05 on every route that takes the path of an artifact, as the program registers them: a new
/// route is tried by being there.
/// </summary>
public sealed class ArtifactRoutesTests : IAsyncLifetime
{
    private const string Canary = "slipway-canary";

    private readonly TestFolder outside = new();
    private ServerInside server = null!;
    private string run = "";
    private string model = "";

    public static TheoryData<string> Paths =>
        [
            .. new[]
            {
                "../",
                "%2e%2e%2f",
                "%2e%2e/",
                "..%2f",
                "%252e%252e%252f",
                "%25252e%25252e%25252f",
                "..%5c",
                "..;/",
                "....//",
                "..%00/",
                "%c0%ae%c0%ae/",
                "%ef%bc%8e%ef%bc%8e/",
                "..%ef%bc%8f",
                "./../",
            }.Select(up => string.Concat(Enumerable.Repeat(up, 12)) + "TARGET"),
            "%2Fetc%2Fpasswd",
            "C:%5Cx",
            "file:%2F%2Fx%2Fy",
            "%5C%5Chost%5Cshare",
            "..",
            "%2e",
            "a/..",
            "a%2F%2Fb",
            "a%00.txt",
            "a%0d%0aSet-Cookie:%20a=b",
            "CON",
            "name.",
            "invoice%E2%80%AEgpj.exe",
            "%ff",
            ".slipway/uploads/x",
            new string('n', 5000),
        ];

    public async ValueTask InitializeAsync()
    {
        await File.WriteAllTextAsync(outside.At("outside.txt"), Canary);
        server = await ServerInside.StartAsync(login: false);
        await using var client = new SlipwayClient(server.Address);
        var made = await client.Runs.EnsureAsync(RunsClient.NewId(), new RunCreate { Experiment = "attacked" });
        run = made.Id;
        using var http = server.Client();
        using var body = Json(new { experiment_id = made.ExperimentId, name = "m" });
        using var answer = await http.PostAsync("/api/2.0/mlflow/logged-models", body);
        using var document = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        model = document.RootElement.GetProperty("model").GetProperty("info").GetProperty("model_id").GetString()!;
    }

    public async ValueTask DisposeAsync()
    {
        await server.DisposeAsync();
        outside.Dispose();
    }

    [Fact]
    public void The_routes_under_attack_are_those_of_all_three_ways_to_artifacts()
    {
        var routes = Routes().Select(route => $"/{route.RoutePattern.RawText!.TrimStart('/')}").ToList();
        foreach (
            var known in new[]
            {
                "/api/2.0/mlflow-artifacts/artifacts/{**path}",
                "/ajax-api/2.0/mlflow-artifacts/artifacts/{**path}",
                "/api/2.0/mlflow/artifacts/list",
                "/get-artifact",
                "/ajax-api/2.0/mlflow/upload-artifact",
                "/api/v1/runs/{id}/artifacts/{**path}",
                "/api/v1/logged-models/{id}/artifacts/{**path}",
            }
        )
            Assert.Contains(known, routes);
    }

    [Theory]
    [MemberData(nameof(Paths))]
    public async Task No_route_takes_a_path_that_means_another_place(string path)
    {
        path = path.Replace("TARGET", outside.At("outside.txt").TrimStart('/'), StringComparison.Ordinal);
        var before = Snapshot();
        var wrong = new List<string>();
        foreach (var route in Routes())
        foreach (var method in route.Metadata.GetMetadata<IHttpMethodMetadata>()!.HttpMethods)
        {
            var answer = await RawHttp.SendAsync(server.Address, Request(route, method, path));
            var refused = answer.Statuses is [400 or 308 or 501];
            if (!refused || answer.Text.Contains(Canary, StringComparison.Ordinal) || Leaks(answer.Text))
                wrong.Add($"{method} {route.RoutePattern.RawText}: {answer.Text}");
        }
        Assert.Empty(wrong);
        Assert.Equal(before, Snapshot());
    }

    /// <summary>All but those of traces and registered models, which take no path of the caller's or are not there yet.</summary>
    private IEnumerable<RouteEndpoint> Routes() =>
        server.Routes.Where(route =>
            route.RoutePattern.RawText is { } text
            && text.Contains("artifact", StringComparison.Ordinal)
            && !text.Contains("trace", StringComparison.Ordinal)
            // Scripts of the web pages, one of which bears that name.
            && !text.StartsWith("/assets/", StringComparison.Ordinal)
        );

    private string Request(RouteEndpoint route, string method, string path)
    {
        var target = new StringBuilder();
        var takesPath = false;
        foreach (var segment in route.RoutePattern.PathSegments)
        {
            target.Append('/');
            foreach (var part in segment.Parts)
            {
                takesPath |= part is RoutePatternParameterPart { IsCatchAll: true };
                target.Append(
                    part switch
                    {
                        RoutePatternLiteralPart literal => literal.Content,
                        RoutePatternParameterPart { IsCatchAll: true } => path,
                        RoutePatternParameterPart { Name: "model_id" } => model,
                        RoutePatternParameterPart when target.ToString().Contains("models", StringComparison.Ordinal) =>
                            model,
                        RoutePatternParameterPart => run,
                        _ => "",
                    }
                );
            }
        }
        if (!takesPath)
            target.Append(
                $"?run_id={run}&run_uuid={run}&path={path}&artifact_file_path={path}&artifact_directory_path={path}"
            );
        var decoded = Uri.UnescapeDataString(path);
        var body =
            method is "GET" or "HEAD" or "DELETE" ? ""
            : takesPath ? """{"path":"x","num_parts":1,"upload_id":"u","parts":[]}"""
            : JsonSerializer.Serialize(new { run_id = run, path = decoded });
        return $"{method} {target} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
            + $"Content-Length: {Encoding.UTF8.GetByteCount(body)}\r\nConnection: close\r\n\r\n{body}";
    }

    private bool Leaks(string answer) =>
        answer.Contains("   at ", StringComparison.Ordinal)
        || answer.Contains(server.DataPath, StringComparison.Ordinal)
        || answer.Contains("\nSet-Cookie", StringComparison.Ordinal);

    /// <summary>Everything an attack could have touched: what lies outside, and the artifacts inside.</summary>
    private List<string> Snapshot()
    {
        var blobs = Path.Combine(server.DataPath, "blobs");
        var inside = Directory.Exists(blobs) ? Directory.GetFiles(blobs, "*", SearchOption.AllDirectories) : [];
        return
        [
            .. inside
                .Concat(Directory.GetFiles(outside.Path))
                .Select(file => $"{file} {File.ReadAllText(file)}")
                .Order(StringComparer.Ordinal),
        ];
    }

    private static StringContent Json(object record) =>
        new(JsonSerializer.Serialize(record), Encoding.UTF8, "application/json");
}
