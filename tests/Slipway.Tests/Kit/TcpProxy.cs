using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Slipway.Tests.Kit;

/// <summary>
/// A network between a server and what it talks to, whose cable can be cut in the ways that count: bytes vanish while
/// connections stay open, or all connections are reset. It can lead elsewhere from some moment on.
/// </summary>
public sealed class TcpProxy : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentDictionary<Socket, bool> open = [];
    private readonly CancellationTokenSource closing = new();
    private readonly Task accepting;
    private volatile int target;
    private volatile bool swallows;

    public TcpProxy(int port)
    {
        target = port;
        listener.Start();
        Port = ((IPEndPoint)listener.LocalEndpoint).Port;
        accepting = AcceptAsync();
    }

    public int Port { get; }

    /// <summary>From now on every byte vanishes, in both directions, and whoever connects hears nothing.</summary>
    public void Swallow() => swallows = true;

    /// <summary>Ends what is open as a router does that has forgotten it; what is opened from now on goes through.</summary>
    public void ResetAll()
    {
        swallows = false;
        foreach (var socket in open.Keys)
            Reset(socket);
    }

    /// <summary>New connections go there; those that are open are reset.</summary>
    public void LeadTo(int port)
    {
        target = port;
        ResetAll();
    }

    public async ValueTask DisposeAsync()
    {
        await closing.CancelAsync();
        listener.Stop();
        await accepting;
        foreach (var socket in open.Keys)
            socket.Dispose();
        closing.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
                _ = CarryAsync(await listener.AcceptSocketAsync(closing.Token));
        }
        catch (OperationCanceledException)
        {
            // The test is over.
        }
    }

    private async Task CarryAsync(Socket near)
    {
        open[near] = true;
        using var far = new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            while (swallows)
                await Task.Delay(20, closing.Token);
            await far.ConnectAsync(IPAddress.Loopback, target, closing.Token);
            open[far] = true;
            await Task.WhenAny(PumpAsync(near, far), PumpAsync(far, near));
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // One of both is gone, and so is the other.
        }
        open.TryRemove(near, out _);
        open.TryRemove(far, out _);
        Reset(near);
    }

    private async Task PumpAsync(Socket from, Socket to)
    {
        var buffer = new byte[64 << 10];
        int read;
        while ((read = await from.ReceiveAsync(buffer, closing.Token)) > 0)
        {
            if (!swallows)
                await to.SendAsync(buffer.AsMemory(0, read), closing.Token);
        }
    }

    private static void Reset(Socket socket)
    {
        try
        {
            socket.LingerState = new LingerOption(enable: true, seconds: 0);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // It is gone already.
        }
        socket.Dispose();
    }
}
