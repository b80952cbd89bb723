using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Slipway.Tests.Kit;

/// <summary>Speaks HTTP by hand, for requests that no client library would send.</summary>
public static class RawHttp
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>Sends the bytes and reads until the server closes or, after an answer, falls silent.</summary>
    public static async Task<RawAnswer> SendAsync(Uri server, string request)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(server.Host, server.Port);
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.Latin1.GetBytes(request));
        var text = new StringBuilder();
        var closed = await ReadAsync(stream, text);
        return new RawAnswer(text.ToString(), closed);
    }

    private static async Task<bool> ReadAsync(NetworkStream stream, StringBuilder text)
    {
        var buffer = new byte[64 * 1024];
        try
        {
            while (true)
            {
                using var silence = new CancellationTokenSource(
                    text.Length == 0 ? Patience : TimeSpan.FromMilliseconds(500)
                );
                var read = await stream.ReadAsync(buffer, silence.Token);
                if (read == 0)
                    return true;
                text.Append(Encoding.Latin1.GetString(buffer, 0, read));
            }
        }
        catch (OperationCanceledException)
        {
            return false;
        }
        catch (IOException)
        {
            return true;
        }
    }
}

public sealed record RawAnswer(string Text, bool Closed)
{
    /// <summary>The status of each answer that came, in order.</summary>
    public IReadOnlyList<int> Statuses =>
        [
            .. Text.Split("\r\n")
                .Where(line => line.StartsWith("HTTP/1.1 ", StringComparison.Ordinal))
                .Select(line => int.Parse(line.AsSpan(9, 3), CultureInfo.InvariantCulture)),
        ];
}
