using System.Net;
using System.Text;
using Slipway.Tests.Kit;

namespace Slipway.Tests.Foundation.Http;

/// <summary>Attack F02 on a call that reads its body as a document and on one that reads it as a stream.</summary>
public sealed class MalformedJsonTests(SharedServer server) : IClassFixture<SharedServer>
{
    private static readonly string[] Calls = ["/api/2.0/mlflow/experiments/create", "/api/2.0/mlflow/runs/log-batch"];

    public static TheoryData<string, byte[]> Bodies =>
        new()
        {
            { "nothing at all", [] },
            { "ten thousand levels", Text(new string('[', 10_000) + new string(']', 10_000)) },
            { "ten thousand objects", Text(string.Concat(Enumerable.Repeat("{\"a\":", 10_000))) },
            { "half a document", Text("{\"name\": \"a\"") },
            { "garbage after the document", Text("{\"name\": \"a\"} {}") },
            { "a document that is a list", Text("[1, 2]") },
            { "a document that is a number", Text("12") },
            { "NaN", Text("{\"name\": NaN}") },
            { "invalid UTF-8", [.. Text("{\"name\": \""), 0xC3, 0x28, .. Text("\"}")] },
            { "an overlong slash", [.. Text("{\"name\": \""), 0xC0, 0xAF, .. Text("\"}")] },
            { "half a surrogate pair", Text("{\"name\": \"\\ud800\"}") },
            { "an escape that is none", Text("{\"name\": \"\\x41\"}") },
            { "a comment", Text("{\"name\": /* */ \"a\"}") },
            { "UTF-16", Encoding.Unicode.GetBytes("{\"name\": \"a\"}") },
        };

    [Theory]
    [MemberData(nameof(Bodies))]
    public async Task Is_a_refusal_and_not_a_failure(string what, byte[] body)
    {
        foreach (var call in Calls)
        {
            using var answer = await PostAsync(call, body);
            var text = await answer.Content.ReadAsStringAsync();

            Assert.True(
                answer.StatusCode == HttpStatusCode.BadRequest,
                $"{what} to {call}: {(int)answer.StatusCode} {text}"
            );
            Assert.Contains("error_code", text, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("a number of a megabyte", '1', 1_000_000)]
    [InlineData("a string of twenty megabytes", 'a', 20_000_000)]
    public async Task What_is_merely_large_is_refused_in_time_and_memory(string what, char filler, int length)
    {
        var value = filler == '1' ? new string('1', length) : $"\"{new string(filler, length)}\"";
        foreach (var call in Calls)
        {
            using var answer = await PostAsync(call, Text($"{{\"name\": {value}, \"run_id\": {value}}}"));

            Assert.True((int)answer.StatusCode is 400 or 413, $"{what} to {call}: {(int)answer.StatusCode}");
        }
    }

    [Fact]
    public async Task A_hundred_thousand_keys_are_read_in_no_more_than_linear_time()
    {
        var keys = string.Join(',', Enumerable.Range(0, 100_000).Select(i => $"\"k{i}\": 1"));

        using var answer = await PostAsync(Calls[0], Text($"{{{keys}}}"));

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    [Fact]
    public async Task A_body_over_the_limit_is_refused_before_it_is_sent()
    {
        var answer = await RawHttp.SendAsync(
            server.Process.Address,
            "POST /api/2.0/mlflow/experiments/create HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                + "Content-Length: 10000000000\r\n\r\n{"
        );

        Assert.True(answer.Statuses is [400 or 413], answer.Text);
    }

    private static byte[] Text(string text) => Encoding.UTF8.GetBytes(text);

    private Task<HttpResponseMessage> PostAsync(string call, byte[] body)
    {
        var content = new ByteArrayContent(body);
        content.Headers.ContentType = new("application/json");
        return server.Http.PostAsync(call, content);
    }
}
