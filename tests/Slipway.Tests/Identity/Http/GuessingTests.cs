using System.Net;
using System.Net.Sockets;
using Slipway.Tests.Kit;

namespace Slipway.Tests.Identity.Http;

/// <summary>Attacks D10 and D12: passwords guessed by the thousand, and a lie about where the guesses come from.</summary>
public sealed class GuessingTests
{
    private const string Path = "/api/v1/workspaces";

    [Fact]
    public async Task A_thousand_guesses_end_in_429_and_keep_nobody_else_out()
    {
        var server = new PeopledServer();
        await server.InitializeAsync();
        await using var _ = server;
        using var working = server.As(PeopledServer.Viewer);
        using (var answer = await working.GetAsync(Path))
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);

        var refused = 0;
        for (var i = 0; i < 1000; i++)
        {
            using var guesser = server.Server.Client($"name-{i % 50}", $"guess number {i}");
            // An attacker who is refused changes what the request says about its origin.
            guesser.DefaultRequestHeaders.Add("X-Forwarded-For", $"203.0.113.{i % 250}");
            guesser.DefaultRequestHeaders.Add("Forwarded", $"for=203.0.113.{i % 250}");
            using var answer = await guesser.GetAsync(Path);
            if (answer.StatusCode == HttpStatusCode.TooManyRequests)
            {
                Assert.InRange(answer.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 60);
                refused++;
            }
            else
                Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        }
        Assert.True(refused >= 900, $"{refused} of 1000 guesses were refused.");

        using (var answer = await working.GetAsync(Path))
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        using var elsewhere = From("127.0.0.2", server);
        using (var answer = await elsewhere.GetAsync(Path))
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    /// <summary>The outsider signs in for the first time, from another address of this machine.</summary>
    private static HttpClient From(string address, PeopledServer server)
    {
        var handler = new SocketsHttpHandler
        {
            ConnectCallback = async (context, cancellation) =>
            {
                var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                socket.Bind(new IPEndPoint(IPAddress.Parse(address), 0));
                await socket.ConnectAsync(context.DnsEndPoint, cancellation);
                return new NetworkStream(socket, ownsSocket: true);
            },
        };
        return new HttpClient(handler)
        {
            BaseAddress = server.Server.Address,
            DefaultRequestHeaders =
            {
                Authorization = ServerInside.Basic(PeopledServer.Outsider, PeopledServer.Password),
            },
        };
    }
}
