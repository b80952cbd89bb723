using System.Text;
using Microsoft.AspNetCore.Connections;

namespace Slipway.Foundation.Http;

/// <summary>
/// Answers connections beyond the cap with 503 and closes them, so that a client learns what happened and file handles
/// remain for the work of those inside.
/// </summary>
public sealed class ConnectionCap(int limit)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private static readonly ReadOnlyMemory<byte> Answer = Encoding.ASCII.GetBytes(
        "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 1\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
    );

    private int open;

    public int Open => Volatile.Read(ref open);

    public void Use(IConnectionBuilder connections) =>
        connections.Use(next =>
            async connection =>
            {
                try
                {
                    await (Interlocked.Increment(ref open) <= limit ? next(connection) : TurnAwayAsync(connection));
                }
                finally
                {
                    Interlocked.Decrement(ref open);
                }
            }
        );

    private static async Task TurnAwayAsync(ConnectionContext connection)
    {
        using var timeout = new CancellationTokenSource(Patience);
        try
        {
            // What the client sent has to be read, or closing the connection would take the answer back.
            var request = await connection.Transport.Input.ReadAsync(timeout.Token);
            connection.Transport.Input.AdvanceTo(request.Buffer.End);
            await connection.Transport.Output.WriteAsync(Answer, timeout.Token);
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or ConnectionResetException)
        {
            // Nobody waits for the answer.
        }
    }
}
