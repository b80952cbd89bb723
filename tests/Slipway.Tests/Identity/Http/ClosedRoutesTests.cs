using System.Net;
using System.Net.Http.Headers;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;
using Slipway.Tests.Kit;

namespace Slipway.Tests.Identity.Http;

/// <summary>
/// Attacks D01, D03, D08 and G11, on every route that the program registers: a new route is closed, or this class says
/// that it is open.
/// </summary>
public sealed class ClosedRoutesTests(PeopledServer server) : IClassFixture<PeopledServer>
{
    private const string Search = "/api/2.0/mlflow/experiments/search?max_results=5";

    // All the same document, which holds nothing secret; what it asks for is closed.
    private static readonly string[] Pages =
    [
        "GET /",
        "GET /audit",
        "GET /compare",
        "GET /experiments/{**rest}",
        "GET /models/{**rest}",
        "GET /runs/{**rest}",
        "GET /settings/{**rest}",
        "GET /traces/{**rest}",
    ];

    [Fact]
    public void Open_to_everybody_are_health_version_and_the_files_of_the_web_pages()
    {
        var open = server.Server.Routes.Where(IsOpen).Select(route => $"{Methods(route)[0]} {Path(route)}").Distinct();
        Assert.Equal(
            ["GET /health", "GET /version"],
            open.Where(route => !IsWebFile(route)).Order(StringComparer.Ordinal)
        );
    }

    [Fact]
    public async Task Every_other_route_asks_who_is_there()
    {
        using var anybody = server.As(null);
        var answers = new List<string>();
        foreach (var route in server.Server.Routes.Where(route => !IsOpen(route)))
        foreach (var method in Methods(route))
        {
            using var answer = await SendAsync(anybody, method, AnyRequest.PathOf(route));
            if (answer.StatusCode != HttpStatusCode.Unauthorized || answer.Headers.WwwAuthenticate.Count == 0)
                answers.Add($"{method} {Path(route)}: {answer.StatusCode}");
        }
        Assert.Empty(answers);
    }

    [Theory]
    [InlineData("Basic bm9ib2R5Om5vYm9keQ==")]
    [InlineData("Basic")]
    [InlineData("Bearer slw_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("Bearer null")]
    public async Task Nobodys_credentials_are_as_good_as_none(string authorization)
    {
        using var anybody = server.As(null);
        anybody.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", authorization);
        using var answer = await anybody.GetAsync(Search);
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
    }

    [Theory]
    [InlineData("/metrics")]
    [InlineData("/debug")]
    [InlineData("/swagger")]
    [InlineData("/api/v1/health")]
    [InlineData("/api/v1/testing/reset")]
    [InlineData("/no/such/path")]
    public async Task What_is_not_said_to_be_open_is_closed_also_where_nothing_is(string path)
    {
        using var anybody = server.As(null);
        using var answer = await anybody.GetAsync(path);
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
    }

    [Theory]
    [InlineData("//api/2.0/mlflow/experiments/search?max_results=5")]
    [InlineData("/api//2.0/mlflow/experiments/search?max_results=5")]
    [InlineData("/API/2.0/MLFLOW/Experiments/Search?max_results=5")]
    [InlineData("/api/2.0/mlflow/experiments/search/?max_results=5")]
    [InlineData("/api/2.0/mlflow/../mlflow/experiments/search?max_results=5")]
    [InlineData("/health/../api/2.0/mlflow/experiments/search?max_results=5")]
    [InlineData("/health/..%2fapi/2.0/mlflow/experiments/search?max_results=5")]
    [InlineData("/health%2f..%2fapi%2f2.0%2fmlflow%2fexperiments%2fsearch")]
    [InlineData("/api%2f2.0/mlflow/experiments/search?max_results=5")]
    [InlineData("/api/2.0/mlflow/experiments/search;/health?max_results=5")]
    [InlineData("/api/2.0/mlflow/experiments/search%00/health")]
    [InlineData("/api/2.0/mlflow/%65xperiments/search?max_results=5")]
    [InlineData("/health/x")]
    [InlineData("/Health/../metrics")]
    public async Task A_path_spelled_otherwise_opens_nothing(string path)
    {
        var answer = await RawHttp.SendAsync(
            server.Server.Address,
            $"GET {path} HTTP/1.1\r\nHost: {server.Server.Address.Authority}\r\nConnection: close\r\n\r\n"
        );
        Assert.True(answer.Statuses is [400 or 401 or 404], $"{path}: {answer.Text}");
    }

    [Theory]
    [InlineData("X-HTTP-Method-Override", "GET")]
    [InlineData("X-Method-Override", "GET")]
    [InlineData("X-Original-URL", "/health")]
    [InlineData("X-Rewrite-URL", "/health")]
    [InlineData("X-Forwarded-User", "root")]
    [InlineData("X-Forwarded-For", "127.0.0.1")]
    [InlineData("X-Forwarded-Prefix", "/health")]
    [InlineData("Remote-User", "root")]
    public async Task A_header_opens_nothing(string name, string value)
    {
        using var anybody = server.As(null);
        anybody.DefaultRequestHeaders.Add(name, value);
        using var answer = await anybody.GetAsync(Search);
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
    }

    [Fact]
    public async Task A_method_in_a_header_is_not_the_method()
    {
        using var viewer = server.As(PeopledServer.Viewer);
        viewer.DefaultRequestHeaders.Add("X-HTTP-Method-Override", "DELETE");
        using var answer = await viewer.GetAsync(Search);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Theory]
    [InlineData("access_token")]
    [InlineData("token")]
    [InlineData("api_key")]
    [InlineData("authorization")]
    public async Task A_token_in_the_address_signs_nobody_in(string name)
    {
        var token = await server.NewTokenAsync(PeopledServer.Viewer);
        using var anybody = server.As(null);
        using var inAddress = await anybody.GetAsync($"{Search}&{name}={token}");
        Assert.Equal(HttpStatusCode.Unauthorized, inAddress.StatusCode);
        anybody.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var inHeader = await anybody.GetAsync(Search);
        Assert.Equal(HttpStatusCode.OK, inHeader.StatusCode);
    }

    [Fact]
    public async Task Mlflows_clients_are_asked_in_their_way_and_ours_without_a_window_of_the_browser()
    {
        using var anybody = server.As(null);
        using var theirs = await anybody.GetAsync(Search);
        Assert.Equal("Basic realm=\"mlflow\"", theirs.Headers.WwwAuthenticate.ToString());
        Assert.Equal("text/html", theirs.Content.Headers.ContentType!.MediaType);
        using var ours = await anybody.GetAsync("/api/v1/users");
        Assert.Equal("Bearer realm=\"slipway\"", ours.Headers.WwwAuthenticate.ToString());
        Assert.Equal("application/problem+json", ours.Content.Headers.ContentType!.MediaType);
    }

    private static Task<HttpResponseMessage> SendAsync(HttpClient client, string method, string path) =>
        client.SendAsync(new HttpRequestMessage(new HttpMethod(method), path));

    private static bool IsOpen(RouteEndpoint route) => route.Metadata.GetMetadata<IAllowAnonymous>() is not null;

    private static bool IsWebFile(string route) =>
        Pages.Contains(route)
        || (route.StartsWith("GET /", StringComparison.Ordinal) && System.IO.Path.HasExtension(route));

    private static IReadOnlyList<string> Methods(RouteEndpoint route) =>
        route.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? ["GET"];

    private static string Path(RouteEndpoint route) => "/" + route.RoutePattern.RawText!.TrimStart('/');
}
