using System.Net;
using Slipway.Foundation.Http;
using Slipway.Tests.Kit;

namespace Slipway.Tests.Foundation.Http;

/// <summary>Attacks D09 and D12: pages of others in a browser that can reach this server, and headers only a proxy may set.</summary>
public sealed class BrowserGuardTests(SharedServer server) : IClassFixture<SharedServer>
{
    private const string Search = "/api/2.0/mlflow/experiments/search";

    [Theory]
    [InlineData("localhost", true)]
    [InlineData("LOCALHOST", true)]
    [InlineData("127.0.0.1", true)]
    [InlineData("127.8.9.1", true)]
    [InlineData("0.0.0.0", true)]
    [InlineData("10.1.2.3", true)]
    [InlineData("172.16.0.1", true)]
    [InlineData("172.31.255.255", true)]
    [InlineData("172.32.0.1", false)]
    [InlineData("192.168.7.7", true)]
    [InlineData("192.169.0.1", false)]
    [InlineData("169.254.169.254", false)]
    [InlineData("8.8.8.8", false)]
    [InlineData("[::1]", true)]
    [InlineData("[fd12::1]", true)]
    [InlineData("[fe80::1]", true)]
    [InlineData("[::ffff:10.0.0.1]", true)]
    [InlineData("[2001:db8::1]", false)]
    [InlineData("localhost.evil.test", false)]
    [InlineData("127.0.0.1.evil.test", false)]
    [InlineData("evil.test", false)]
    [InlineData("", false)]
    public void Only_this_machine_and_its_own_network_are_local(string host, bool local) =>
        Assert.Equal(local, BrowserGuard.IsLocalName(host));

    [Theory]
    [InlineData("evil.test")]
    [InlineData("evil.test:5000")]
    [InlineData("127.0.0.1.evil.test")]
    public async Task A_foreign_host_name_is_refused_and_changes_nothing(string host)
    {
        var (status, body) = await SendAsync(HttpMethod.Post, Search, host: host);

        Assert.Equal(
            (HttpStatusCode.Forbidden, "Invalid Host header - possible DNS rebinding attack detected"),
            (status, body)
        );
    }

    [Theory]
    [InlineData("/health")]
    [InlineData("/version")]
    public async Task Probes_are_answered_under_any_name(string path)
    {
        var (status, _) = await SendAsync(HttpMethod.Get, path, host: "probe.example.org");

        Assert.Equal(HttpStatusCode.OK, status);
    }

    [Theory]
    [InlineData("http://evil.example.com")]
    [InlineData("https://localhost.evil.test")]
    [InlineData("null")]
    [InlineData("file://")]
    [InlineData("http://10.0.0.7:5000")]
    public async Task A_page_of_somebody_else_changes_nothing(string origin)
    {
        foreach (
            var method in new[]
            {
                HttpMethod.Post,
                HttpMethod.Put,
                HttpMethod.Delete,
                HttpMethod.Patch,
                HttpMethod.Options,
            }
        )
        {
            var (status, body) = await SendAsync(method, Search, origin: origin);

            Assert.Equal((HttpStatusCode.Forbidden, "Cross-origin request blocked"), (status, body));
        }
    }

    [Theory]
    [InlineData("http://localhost:3000")]
    [InlineData("http://127.0.0.1:8080")]
    [InlineData("http://[::1]:8080")]
    [InlineData("self")]
    public async Task A_page_of_this_machine_may_change_things(string origin)
    {
        var own = origin == "self" ? server.Process.Address.GetLeftPart(UriPartial.Authority) : origin;

        var (status, _) = await SendAsync(HttpMethod.Post, Search, origin: own);

        Assert.Equal(HttpStatusCode.OK, status);
    }

    [Fact]
    public async Task Every_answer_says_how_a_browser_has_to_treat_it()
    {
        foreach (var path in new[] { "/health", "/no-such-path", Search, "/api/v1/health" })
        {
            using var answer = await server.Http.GetAsync(path);

            Assert.Equal("nosniff", answer.Headers.GetValues("X-Content-Type-Options").Single());
            Assert.Equal("SAMEORIGIN", answer.Headers.GetValues("X-Frame-Options").Single());
            Assert.Equal("same-origin", answer.Headers.GetValues("Referrer-Policy").Single());
            Assert.Contains(
                "object-src 'none'",
                answer.Headers.GetValues("Content-Security-Policy").Single(),
                StringComparison.Ordinal
            );
            Assert.False(answer.Headers.Contains("Access-Control-Allow-Origin"), path);
            Assert.False(answer.Headers.Contains("Server"), path);
        }
    }

    [Fact]
    public async Task Forwarding_headers_of_a_client_count_for_nothing()
    {
        var (refused, _) = await SendAsync(HttpMethod.Post, Search, host: "evil.test", forwardedHost: "localhost");
        var (taken, _) = await SendAsync(HttpMethod.Post, Search, forwardedHost: "evil.test");

        Assert.Equal(HttpStatusCode.Forbidden, refused);
        Assert.Equal(HttpStatusCode.OK, taken);
    }

    [Fact]
    public async Task Names_and_origins_that_the_operator_allows_are_taken()
    {
        await using var named = await SlipwayProcess.StartAsync(
            "--allow-host",
            "lab.example.org",
            "--allow-origin",
            "https://notebook.example.org"
        );
        using var request = Request(HttpMethod.Post, Search);
        request.Headers.Host = "lab.example.org";
        request.Headers.Add("Origin", "https://notebook.example.org");

        using var answer = await named.Http.SendAsync(request);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    private static HttpRequestMessage Request(HttpMethod method, string path) =>
        new(method, path) { Content = new StringContent("""{"max_results": 5}""", null, "application/json") };

    private async Task<(HttpStatusCode, string)> SendAsync(
        HttpMethod method,
        string path,
        string? host = null,
        string? origin = null,
        string? forwardedHost = null
    )
    {
        using var request = Request(method, path);
        request.Headers.Host = host;
        if (origin is not null)
            request.Headers.Add("Origin", origin);
        if (forwardedHost is not null)
        {
            request.Headers.Add("X-Forwarded-Host", forwardedHost);
            request.Headers.Add("X-Forwarded-For", "8.8.8.8");
            request.Headers.Add("X-Forwarded-Proto", "https");
            request.Headers.Add("X-Forwarded-User", "admin");
        }
        using var answer = await server.Http.SendAsync(request);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }
}
