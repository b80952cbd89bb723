using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Slipway.Tests.Kit;

namespace Slipway.Tests.Faults;

/// <summary>Fault F12: more clients than the server may have files open.</summary>
public sealed class ManyConnectionsTests
{
    private const string Request = "GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n";

    [Fact]
    public async Task Connections_beyond_the_limit_are_told_so_and_leave_files_for_the_work()
    {
        await using var server = await SlipwayProcess.StartAsync(new SlipwayStart { Before = "ulimit -n 256" });
        var client = await LoggingClient.StartAsync(server);
        var before = await OpenFilesAsync(server);

        var answers = new ConcurrentBag<string>();
        var open = new ConcurrentBag<TcpClient>();
        await Parallel.ForAsync(
            0,
            1000,
            new ParallelOptions { MaxDegreeOfParallelism = 100 },
            async (_, _) =>
            {
                var connection = new TcpClient();
                open.Add(connection);
                answers.Add(await AskAsync(connection, server.Address));
            }
        );
        Assert.Contains(answers, answer => answer.StartsWith("HTTP/1.1 200", StringComparison.Ordinal));
        Assert.Contains(answers, answer => answer.StartsWith("HTTP/1.1 503", StringComparison.Ordinal));
        // Who had a connection before still gets its work done.
        Assert.Equal(HttpStatusCode.OK, await client.SendNextAsync(server));

        foreach (var connection in open)
            connection.Dispose();
        await SettlesAsync(server, before);
        Assert.Equal(HttpStatusCode.OK, await client.SendNextAsync(server));
        Assert.DoesNotContain("Unhandled", server.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Connections_that_come_and_go_leave_no_files_open()
    {
        await using var server = await SlipwayProcess.StartAsync();
        await server.Http.GetStringAsync("/health");
        var before = await OpenFilesAsync(server);

        for (var i = 0; i < Seeds.Count(2_000, 100_000); i++)
        {
            using var connection = new TcpClient();
            await connection.ConnectAsync(server.Address.Host, server.Address.Port);
            if (i % 3 != 0)
                await connection.GetStream().WriteAsync(Encoding.ASCII.GetBytes(i % 3 == 1 ? Request : Request[..20]));
        }
        await SettlesAsync(server, before);
    }

    private static async Task<string> AskAsync(TcpClient connection, Uri server)
    {
        try
        {
            await connection.ConnectAsync(server.Host, server.Port);
            await connection.GetStream().WriteAsync(Encoding.ASCII.GetBytes(Request));
            var buffer = new byte[128];
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
            var read = await connection.GetStream().ReadAsync(buffer, patience.Token);
            return Encoding.ASCII.GetString(buffer, 0, read);
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException)
        {
            return e.Message;
        }
    }

    private static async Task SettlesAsync(SlipwayProcess server, int before)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        int now;
        while ((now = await OpenFilesAsync(server)) > before + 5 && !patience.IsCancellationRequested)
            await Task.Delay(100);
        Assert.True(now <= before + 5, $"{before} files were open before and {now} after.");
    }

    /// <summary>As the kernel counts them, so that asking takes no connection.</summary>
    private static Task<int> OpenFilesAsync(SlipwayProcess server) =>
        Task.FromResult(
            Directory
                .EnumerateFileSystemEntries(string.Create(CultureInfo.InvariantCulture, $"/proc/{server.Id}/fd"))
                .Count()
        );
}
