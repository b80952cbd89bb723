using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Slipway.Foundation.Sql;
using Slipway.Tests.Kit;

namespace Slipway.Tests.Foundation.Http;

/// <summary>
/// Attacks D09, F02, F06 and F24 on every route that the program registers: a new route is tried without anybody writing
/// a test. What a route takes is not known here, so each is asked under ids that do not exist, and afterwards the store
/// has to hold what it held before.
/// </summary>
public sealed class EveryRouteTests(SharedServer server) : IClassFixture<SharedServer>
{
    /// <summary>Answered under any name, for the probes of load balancers.</summary>
    private static readonly string[] Probes = ["/health", "/version"];

    [Fact]
    public async Task No_route_is_answered_under_a_foreign_name()
    {
        var answers = await AskAsync(
            route => !Probes.Contains(route.Pattern),
            route => [Request(route, "{}", host: "rebound.evil.test")]
        );

        AssertAll(answers, answer => answer.Status == HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task No_route_lets_a_page_of_another_origin_change_anything()
    {
        var before = await RowsAsync();
        var answers = await AskAsync(
            route => route.Method is not ("GET" or "HEAD"),
            route =>
                new[] { "http://evil.example.com", "null" }.SelectMany(origin =>
                    new[] { "application/json", "text/plain" }.Select(type =>
                        Request(route, "{}", type, origin: origin)
                    )
                )
        );

        AssertAll(answers, answer => answer.Status == HttpStatusCode.Forbidden);
        Assert.Equal(before, await RowsAsync());
    }

    [Fact]
    public async Task No_route_sends_a_page_of_another_origin_the_permission_to_read_it()
    {
        var answers = await AskAsync(
            route => route.Method is "GET",
            route => [Request(route, "", origin: "http://evil.example.com")]
        );

        AssertAll(answers, answer => !answer.Head.Contains("Access-Control-", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task No_route_sets_a_cookie_but_those_that_sign_a_browser_in_and_out()
    {
        var answers = await AskAsync(route => route.Pattern != "/api/v1/session", route => [Request(route, "{}")]);

        AssertAll(answers, answer => !answer.Head.Contains("Set-Cookie", StringComparison.OrdinalIgnoreCase));
    }

    [Theory]
    [InlineData("OPTIONS")]
    [InlineData("TRACE")]
    [InlineData("CONNECT")]
    [InlineData("PROPFIND")]
    public async Task A_method_that_no_route_has_is_refused_on_every_path_and_echoes_nothing(string method)
    {
        var answers = new List<Answer>();
        foreach (var path in (await RoutesAsync()).Select(route => route.Path(_ => "1")).Distinct())
        {
            var raw = await RawHttp.SendAsync(
                server.Process.Address,
                $"{method} {path} HTTP/1.1\r\nHost: localhost\r\nX-Secret: keep-this\r\nConnection: close\r\n\r\n"
            );
            answers.Add(new Answer($"{method} {path}", First(raw), raw.Text, ""));
        }

        AssertAll(
            answers,
            answer =>
                ((int)answer.Status is 400 or 404 or 405 or 501 || IsListOfMethods(answer))
                && !answer.Head.Contains("keep-this", StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task The_head_of_every_readable_path_comes_without_a_body()
    {
        var answers = await AskAsync(
            route => route.Method == "GET",
            route => [new HttpRequestMessage(HttpMethod.Head, route.Path(_ => "1"))]
        );

        AssertAll(answers, answer => (int)answer.Status is < 500 or 501 or 503 && answer.Body.Length == 0);
    }

    [Fact]
    public async Task Bodies_that_are_no_JSON_are_the_senders_fault_in_the_form_of_the_route_and_change_nothing()
    {
        var before = await RowsAsync();
        var answers = await AskAsync(
            route => route.Method is "POST" or "PUT" or "PATCH" && !TakesStreams(route),
            route => Bodies().Select(body => Request(route, body.Bytes, body.Type, body.Encoding))
        );

        AssertAll(answers, answer => IsRefusal(answer) && (IsInForm(answer) || IsInMlflowsOwnWords(answer)));
        Assert.Equal(before, await RowsAsync());
        Assert.Equal("OK", await server.Http.GetStringAsync("/health"));
    }

    [Fact]
    public async Task A_body_announced_as_endless_is_refused_before_it_is_sent()
    {
        var answers = new List<Answer>();
        foreach (
            var route in (await RoutesAsync()).Where(route =>
                route.Method is "POST" or "PUT" or "PATCH" && !TakesStreams(route)
            )
        )
        {
            var raw = await RawHttp.SendAsync(
                server.Process.Address,
                $"{route.Method} {route.Path(_ => "1")} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                    + "Content-Length: 10000000000\r\n\r\n{"
            );
            answers.Add(new Answer($"{route.Method} {route.Pattern}", First(raw), raw.Text, ""));
        }

        AssertAll(answers, IsRefusal);
    }

    [Fact]
    public async Task No_route_takes_a_line_break_of_a_request_into_a_header_of_its_answer()
    {
        const string injected = "a%0d%0aSet-Cookie:%20stolen=1%0d%0a%0d%0a<script>";
        var answers = await AskAsync(
            _ => true,
            route =>
                [
                    new HttpRequestMessage(new HttpMethod(route.Method), route.Path(_ => injected)),
                    new HttpRequestMessage(
                        new HttpMethod(route.Method),
                        $"{route.Path(_ => "1")}?path={injected}&name={injected}&run_id={injected}&filename={injected}"
                    ),
                ]
        );

        AssertAll(
            answers,
            answer => !answer.Head.Contains("stolen", StringComparison.Ordinal) && (int)answer.Status is not 500
        );
    }

    private static IEnumerable<(byte[] Bytes, string Type, string? Encoding)> Bodies()
    {
        const string json = "application/json";
        yield return (Text(new string('[', 10_000) + new string(']', 10_000)), json, null);
        yield return (Text(string.Concat(Enumerable.Repeat("{\"a\":", 10_000))), json, null);
        yield return (Text("{\"name\": \"a\""), json, null);
        yield return (Text("{\"name\": \"a\"} {}"), json, null);
        yield return (Text("{\"name\": \"a\", \"name\": \"b\", \"run_id\": \"a\", \"run_id\": \"b\"}"), json, null);
        yield return (Text("[1, 2]"), json, null);
        yield return (Text("{\"\\ud800\": \"\\ud800\", \"name\": \"\\udfff\", \"run_id\": \"\\ud800\"}"), json, null);
        yield return ([.. Text("{\"name\": \""), 0xC3, 0x28, .. Text("\"}")], json, null);
        yield return (Encoding.Unicode.GetBytes("{\"name\": \"a\"}"), json, null);
        yield return (Text("{}"), "text/plain", null);
        yield return (Text("a=b"), "application/x-www-form-urlencoded", null);
        yield return (Zipped(1 << 20), json, "gzip");
    }

    /// <summary>The first status that came, or none at all.</summary>
    private static HttpStatusCode First(RawAnswer raw) =>
        raw.Statuses is [var status, ..] ? (HttpStatusCode)status : default;

    private static byte[] Text(string text) => Encoding.UTF8.GetBytes(text);

    private static byte[] Zipped(int zeros)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
            gzip.Write(new byte[zeros]);
        return packed.ToArray();
    }

    private static HttpRequestMessage Request(
        Route route,
        string body,
        string type = "application/json",
        string? host = null,
        string? origin = null
    )
    {
        var request = Request(route, Text(body), type, null);
        request.Headers.Host = host;
        if (origin is not null)
            request.Headers.Add("Origin", origin);
        return request;
    }

    private static HttpRequestMessage Request(Route route, byte[] body, string type, string? encoding)
    {
        var request = new HttpRequestMessage(new HttpMethod(route.Method), route.Path(_ => "1"));
        if (route.Method is "GET" or "HEAD")
            return request;
        // Without it the calls that take spans look no further.
        request.Headers.Add("X-Mlflow-Experiment-Id", "99999");
        request.Content = new ByteArrayContent(body);
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(type);
        if (encoding is not null)
            request.Content.Headers.ContentEncoding.Add(encoding);
        return request;
    }

    /// <summary>Bodies that are stored as they come, whatever they hold.</summary>
    private static bool TakesStreams(Route route) =>
        route.Pattern.Contains("artifact", StringComparison.Ordinal)
        && route.Pattern.Contains('*', StringComparison.Ordinal);

    /// <summary>The form of the native API or of MLflow; a route that takes no body may have done what it does.</summary>
    private static bool IsInForm(Answer answer) =>
        answer.Status == HttpStatusCode.NoContent
        || (
            answer.Request.Contains(" /api/v1/", StringComparison.Ordinal)
                ? answer.Body.Contains("\"code\":", StringComparison.Ordinal)
                : answer.Body.Contains("\"error_code\":", StringComparison.Ordinal)
                    || answer.Body.Contains("\"code\":", StringComparison.Ordinal)
        );

    /// <summary>The sender's fault, or something that this server does not do at all; a route without a body does what it does.</summary>
    private static bool IsRefusal(Answer answer) => (int)answer.Status is >= 400 and < 500 or 501 or 503 or 204;

    private static bool IsInMlflowsOwnWords(Answer answer) =>
        answer.Request.Contains("/mlflow/users/create", StringComparison.Ordinal)
        || answer.Request.Contains("/mlflow/workspaces", StringComparison.Ordinal)
        || answer.Request.Contains(" /v1/traces", StringComparison.Ordinal);

    /// <summary>What OPTIONS gives: the methods of the path and nothing else, least of all a permission for other origins.</summary>
    private static bool IsListOfMethods(Answer answer) =>
        answer.Status == HttpStatusCode.OK
        && answer.Head.Contains("\r\nAllow: ", StringComparison.Ordinal)
        && answer.Head.Contains("\r\nContent-Length: 0\r\n", StringComparison.Ordinal)
        && !answer.Head.Contains("Access-Control-", StringComparison.OrdinalIgnoreCase);

    private static async Task<IReadOnlyList<Route>> RoutesAsync()
    {
        var routes = await RouteTable.ReadAsync();
        Assert.True(routes.Count > 100, $"{routes.Count} routes");
        return [.. routes.Where(route => !route.Pattern.Contains("testing/reset", StringComparison.Ordinal))];
    }

    private async Task<List<Answer>> AskAsync(
        Func<Route, bool> isAsked,
        Func<Route, IEnumerable<HttpRequestMessage>> requests
    )
    {
        var answers = new List<Answer>();
        foreach (var route in (await RoutesAsync()).Where(isAsked))
        foreach (var (request, number) in requests(route).Select((request, number) => (request, number)))
        {
            using var asked = request;
            using var answer = await server.Http.SendAsync(asked, HttpCompletionOption.ResponseHeadersRead);
            answers.Add(
                new Answer(
                    $"{asked.Method} {route.Pattern} ({number})",
                    answer.StatusCode,
                    $"{answer.Headers}{answer.Content.Headers}",
                    answer.Content.Headers.ContentType?.MediaType == "text/event-stream"
                        ? ""
                        : await answer.Content.ReadAsStringAsync()
                )
            );
        }
        Assert.NotEmpty(answers);
        return answers;
    }

    private void AssertAll(List<Answer> answers, Func<Answer, bool> isRight)
    {
        var wrong = answers.Where(answer => !isRight(answer)).ToList();
        Assert.True(
            wrong.Count == 0,
            $"{wrong.Count} of {answers.Count}:\n{string.Join('\n', wrong.Take(40).Select(Line))}\n{server.Process.Log}"
        );
    }

    private static string Line(Answer answer)
    {
        var body = answer.Body.Length > 0 ? answer.Body : answer.Head;
        return $"{answer.Request}: {(int)answer.Status} {body[..Math.Min(body.Length, 160)].ReplaceLineEndings(" ")}";
    }

    /// <summary>How many rows each table has, but for the count of commits and the record of refusals.</summary>
    private async Task<string> RowsAsync()
    {
        using var dialect = new SqliteDialect(Path.Combine(server.Process.DataPath, "slipway.db"));
        return await Task.Run(() =>
            Db.ReadOnce(
                dialect,
                tx =>
                    string.Join(
                        '\n',
                        tx.Many("select name from sqlite_master where type = 'table' order by name", row => row.Text(0))
                            // The server puts its own recurring work among the jobs when it first looks for some.
                            .Where(table =>
                                !table.StartsWith("sqlite_", StringComparison.Ordinal) && table != "foundation_jobs"
                            )
                            .Select(table => $"{table} {tx.One($"select count(*) from {table}", row => row.Long(0))}")
                    )
            )
        );
    }

    private sealed record Answer(string Request, HttpStatusCode Status, string Head, string Body);
}
