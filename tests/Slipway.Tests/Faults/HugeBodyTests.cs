using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Slipway.Tests.Kit;

namespace Slipway.Tests.Faults;

/// <summary>Fault F24: bodies without end, depth or honest size.</summary>
public sealed class HugeBodyTests
{
    private const string Call = "/api/2.0/mlflow/experiments/create";
    private const long MemoryAllowed = 128 << 20;

    [Fact]
    public async Task A_body_in_chunks_without_end_is_refused_with_flat_memory()
    {
        await using var server = await SlipwayProcess.StartAsync();
        await server.Http.GetStringAsync("/health");
        var before = PeakMemory(server);

        var refused = 0;
        for (var i = 0; i < 5; i++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, Call) { Content = new Endless() };
            request.Headers.TransferEncodingChunked = true;
            try
            {
                using var answer = await server.Http.SendAsync(request);
                Assert.True((int)answer.StatusCode is 400 or 413, $"{(int)answer.StatusCode}");
                refused++;
            }
            catch (HttpRequestException)
            {
                refused++; // cut while still sending
            }
        }

        Assert.Equal(5, refused);
        Assert.Equal("OK", await server.Http.GetStringAsync("/health"));
        var grown = PeakMemory(server) - before;
        Assert.True(grown < MemoryAllowed, $"The server took {grown >> 20} MiB more.");
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("deflate")]
    [InlineData("br")]
    public async Task A_compressed_body_is_not_unpacked(string encoding)
    {
        await using var server = await SlipwayProcess.StartAsync();
        using var packed = new MemoryStream();
        await using (
            Stream bomb = encoding switch
            {
                "gzip" => new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true),
                "deflate" => new ZLibStream(packed, CompressionLevel.Fastest, leaveOpen: true),
                _ => new BrotliStream(packed, CompressionLevel.Fastest, leaveOpen: true),
            }
        )
        {
            await bomb.WriteAsync(Encoding.UTF8.GetBytes("{\"name\": \""));
            for (var i = 0; i < 256; i++)
                await bomb.WriteAsync(new byte[1 << 20]);
        }
        var before = PeakMemory(server);
        using var content = new ByteArrayContent(packed.ToArray());
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        content.Headers.ContentEncoding.Add(encoding);

        using var answer = await server.Http.PostAsync(Call, content);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.True(PeakMemory(server) - before < MemoryAllowed);
    }

    private static long PeakMemory(SlipwayProcess server)
    {
        using var process = System.Diagnostics.Process.GetProcessById(server.Id);
        return process.PeakWorkingSet64;
    }

    /// <summary>A JSON string that goes on for ten gigabytes, or until somebody stops reading.</summary>
    private sealed class Endless : HttpContent
    {
        public Endless() => Headers.ContentType = new MediaTypeHeaderValue("application/json");

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            await stream.WriteAsync(Encoding.UTF8.GetBytes("{\"name\": \""));
            var piece = Encoding.UTF8.GetBytes(new string('a', 1 << 20));
            for (var i = 0; i < 10_240; i++)
                await stream.WriteAsync(piece);
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
