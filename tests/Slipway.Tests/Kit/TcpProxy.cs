using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Slipway.Tests.Kit;

/// <summary>
/// A proxy for bytes of any protocol: it passes them on until it is told to swallow them (a network that drops packets
/// and sends no reset) or to reset every connection.
/// </summary>
public sealed class TcpProxy : IDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentBag<Socket> sockets = [];
    private readonly string host;
    private readonly int port;
    private volatile TaskCompletionSource passing = Open();

    private TcpProxy(string host, int port)
    {
        this.host = host;
        this.port = port;
        listener.Start();
        _ = AcceptAsync();
    }

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    public static TcpProxy Start(string host, int port) => new(host, port);

    /// <summary>From now on bytes are held, in both directions and also of new connections.</summary>
    public void Hold() => passing = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The bytes that were held go on.</summary>
    public void Release() => passing.TrySetResult();

    /// <summary>Resets every connection there is.</summary>
    public void Reset()
    {
        while (sockets.TryTake(out var socket))
        {
            socket.LingerState = new LingerOption(enable: true, seconds: 0);
            socket.Dispose();
        }
    }

    public void Dispose()
    {
        listener.Dispose();
        Reset();
        Release();
    }

    private static TaskCompletionSource Open()
    {
        var way = new TaskCompletionSource();
        way.SetResult();
        return way;
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await listener.AcceptSocketAsync();
                var server = new Socket(SocketType.Stream, ProtocolType.Tcp);
                sockets.Add(client);
                sockets.Add(server);
                _ = ConnectAsync(client, server);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The proxy has ended.
        }
    }

    private async Task ConnectAsync(Socket client, Socket server)
    {
        try
        {
            await passing.Task;
            await server.ConnectAsync(host, port);
            await Task.WhenAll(PumpAsync(client, server), PumpAsync(server, client));
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            client.Dispose();
            server.Dispose();
        }
    }

    private async Task PumpAsync(Socket from, Socket to)
    {
        var buffer = new byte[64 * 1024];
        int read;
        while ((read = await from.ReceiveAsync(buffer)) > 0)
        {
            await passing.Task;
            for (var sent = 0; sent < read; )
                sent += await to.SendAsync(buffer.AsMemory(sent, read - sent));
        }
        await passing.Task;
        to.Shutdown(SocketShutdown.Send);
    }
}
