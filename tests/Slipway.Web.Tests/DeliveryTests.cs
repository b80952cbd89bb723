using System.Net;
using System.Net.Http.Headers;
using System.Text.RegularExpressions;

namespace Slipway.Web.Tests;

/// <summary>How the pages come to the browser.</summary>
public sealed partial class DeliveryTests(WebServer server)
{
    private const int FirstPageLimit = 300 * 1024;

    [Theory]
    [InlineData("/")]
    [InlineData("/experiments/1?q=a")]
    [InlineData("/runs/abc")]
    public async Task Every_address_of_a_page_gets_the_document_which_is_asked_for_again_each_time(string path)
    {
        using var answer = await server.Http.GetAsync(path);

        Assert.Equal("text/html", answer.Content.Headers.ContentType?.MediaType);
        Assert.True(answer.Headers.CacheControl!.NoCache);
        using var again = new HttpRequestMessage(HttpMethod.Get, path);
        again.Headers.IfNoneMatch.Add(answer.Headers.ETag!);
        using var second = await server.Http.SendAsync(again);
        Assert.Equal(HttpStatusCode.NotModified, second.StatusCode);
    }

    [Fact]
    public async Task The_content_policy_allows_no_inline_script_or_style_and_nothing_from_elsewhere()
    {
        using var answer = await server.Http.GetAsync("/");

        var policy = answer.Headers.GetValues("Content-Security-Policy").Single();
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("http", policy, StringComparison.Ordinal);
        Assert.Contains("default-src 'none'", policy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Scripts_and_styles_are_kept_for_ever_and_come_squeezed_within_the_limit_of_the_first_page()
    {
        var document = await server.Http.GetStringAsync("/");
        var total = 0L;
        foreach (Match asset in Assets().Matches(document))
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, asset.Value);
            request.Headers.AcceptEncoding.Add(new StringWithQualityHeaderValue("gzip"));
            using var answer = await server.Http.SendAsync(request);

            Assert.Equal(["gzip"], answer.Content.Headers.ContentEncoding);
            Assert.Contains("immutable", answer.Headers.CacheControl!.ToString(), StringComparison.Ordinal);
            total += (await answer.Content.ReadAsByteArrayAsync()).Length;
        }
        Assert.InRange(total, 10_000, FirstPageLimit);
    }

    [Theory]
    [InlineData("page.html", "<script>alert(document.domain)</script>")]
    [InlineData("drawing.svg", "<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>")]
    public async Task A_file_that_somebody_logged_is_never_a_page_of_this_server(string name, string content)
    {
        var run = await server.RunAsync(await server.ExperimentAsync($"files {name}"), "run");
        await server.UploadAsync(run, name, content);

        foreach (
            var path in new[] { $"/get-artifact?run_uuid={run}&path={name}", $"/api/v1/runs/{run}/artifacts/{name}" }
        )
        {
            using var answer = await server.Http.GetAsync(path);

            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            Assert.Equal("attachment", answer.Content.Headers.ContentDisposition?.DispositionType);
            Assert.Equal(["nosniff"], answer.Headers.GetValues("X-Content-Type-Options"));
            Assert.Contains(
                "sandbox",
                answer.Headers.GetValues("Content-Security-Policy").Single(),
                StringComparison.Ordinal
            );
        }
    }

    [GeneratedRegex("/assets/[^\"]+\\.(js|css)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Assets();
}
