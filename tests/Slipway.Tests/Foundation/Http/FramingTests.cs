using Slipway.Tests.Kit;

namespace Slipway.Tests.Foundation.Http;

/// <summary>Attack F06: requests whose end a proxy and the server could see in different places.</summary>
public sealed class FramingTests(SharedServer server) : IClassFixture<SharedServer>
{
    private const string Post =
        "POST /api/2.0/mlflow/experiments/search HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n";

    private const string Smuggled = "GET /version HTTP/1.1\r\nHost: localhost\r\n\r\n";

    [Theory]
    [InlineData(
        "two lengths, one of them by chunks",
        "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
    )]
    [InlineData("an encoding that is none", "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n")]
    [InlineData("two encodings", "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n")]
    [InlineData("a space before the colon", "Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n")]
    [InlineData("two different lengths", "Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}")]
    [InlineData("a negative length", "Content-Length: -2\r\n\r\n{}")]
    [InlineData("a bare line feed in a chunk extension", "Transfer-Encoding: chunked\r\n\r\n2;a\nb\r\n{}\r\n0\r\n\r\n")]
    [InlineData("a bare line feed after a chunk size", "Transfer-Encoding: chunked\r\n\r\n2\n{}\r\n0\r\n\r\n")]
    [InlineData(
        "a chunk size beyond all numbers",
        "Transfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFFF\r\n{}\r\n0\r\n\r\n"
    )]
    [InlineData("a chunk size that is none", "Transfer-Encoding: chunked\r\n\r\nxyz\r\n{}\r\n0\r\n\r\n")]
    [InlineData("a second host", "Host: evil.test\r\nContent-Length: 2\r\n\r\n{}")]
    [InlineData("a NUL in a header", "X-Note: a\0b\r\nContent-Length: 2\r\n\r\n{}")]
    [InlineData("a folded header", "X-Note: a\r\n b\r\nContent-Length: 2\r\n\r\n{}")]
    public async Task Is_refused_and_what_follows_is_not_taken_for_a_request(string what, string rest)
    {
        var answer = await RawHttp.SendAsync(server.Process.Address, Post + rest + Smuggled);

        Assert.True(answer.Statuses is [400], $"{what}: {answer.Text}");
        Assert.True(answer.Closed, what);
    }

    [Fact]
    public async Task Lines_ended_by_a_bare_line_feed_are_refused()
    {
        var answer = await RawHttp.SendAsync(server.Process.Address, "GET /health HTTP/1.1\nHost: localhost\n\n");

        Assert.Equal([400], answer.Statuses);
        Assert.True(answer.Closed);
    }

    [Fact]
    public async Task A_body_in_chunks_with_a_trailer_leaves_the_connection_usable()
    {
        var body = "Transfer-Encoding: chunked\r\n\r\n10\r\n{\"max_results\":5}\r\n0\r\nX-Trailer: a\r\n\r\n";
        var answer = await RawHttp.SendAsync(
            server.Process.Address,
            Post + body.Replace("10\r\n", "11\r\n", StringComparison.Ordinal) + Smuggled
        );

        Assert.Equal([200, 200], answer.Statuses);
    }

    [Theory]
    [InlineData(431, "X-Big: ", 70_000)]
    [InlineData(431, "X-Many: 1\r\n", 150)]
    public async Task Headers_beyond_the_limit_are_refused(int status, string header, int times)
    {
        var headers = header.EndsWith('\n')
            ? string.Concat(Enumerable.Repeat(header, times))
            : header + new string('a', times) + "\r\n";

        var answer = await RawHttp.SendAsync(
            server.Process.Address,
            $"GET /health HTTP/1.1\r\nHost: localhost\r\n{headers}\r\n"
        );

        Assert.Equal([status], answer.Statuses);
        Assert.True(answer.Closed);
    }

    [Fact]
    public async Task A_request_line_beyond_the_limit_is_refused()
    {
        var answer = await RawHttp.SendAsync(
            server.Process.Address,
            $"GET /{new string('a', 40_000)} HTTP/1.1\r\nHost: localhost\r\n\r\n"
        );

        Assert.Equal([414], answer.Statuses);
    }
}
