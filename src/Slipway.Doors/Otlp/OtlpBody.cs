using System.IO.Compression;
using Microsoft.AspNetCore.Http;
using Slipway.Sdk;

namespace Slipway.Doors.Otlp;

/// <summary>The body of an export, unpacked, up to a limit that holds for what comes out as well as for what comes in.</summary>
internal static class OtlpBody
{
    public const int Limit = 32 << 20;

    public static async Task<byte[]> ReadAsync(HttpContext http)
    {
        var packed = await ReadAllAsync(http.Request.Body, http.RequestAborted);
        var encoding = http.Request.Headers.ContentEncoding.ToString().ToLowerInvariant();
        if (encoding is "" or "identity")
            return packed;
        try
        {
            await using var stream = Unpacked(packed, encoding);
            return await ReadAllAsync(stream, http.RequestAborted);
        }
        catch (InvalidDataException)
        {
            throw Fault.Invalid("otlp.encoding", $"Failed to decompress {encoding} payload");
        }
    }

    private static async Task<byte[]> ReadAllAsync(Stream stream, CancellationToken cancellation)
    {
        using var all = new MemoryStream();
        var part = new byte[32 << 10];
        for (int read; (read = await stream.ReadAsync(part, cancellation)) > 0; )
        {
            if (all.Length + read > Limit)
                throw Fault.Invalid("otlp.too_long", $"The export exceeds {Limit} bytes.");
            all.Write(part.AsSpan(0, read));
        }
        return all.ToArray();
    }

    private static Stream Unpacked(byte[] packed, string encoding) =>
        encoding switch
        {
            "gzip" => new GZipStream(new MemoryStream(packed), CompressionMode.Decompress),
            // By the standard "deflate" has a zlib header; some senders leave it out.
            "deflate"
                when packed is [var first, var second, ..] && (first & 15) == 8 && (first * 256 + second) % 31 == 0 =>
                new ZLibStream(new MemoryStream(packed), CompressionMode.Decompress),
            "deflate" => new DeflateStream(new MemoryStream(packed), CompressionMode.Decompress),
            _ => throw Fault.Invalid("otlp.encoding", "Unsupported Content-Encoding. Expected: gzip, deflate or none"),
        };
}
