using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;

namespace Slipway.Sdk.Tracking.Artifacts;

/// <summary>Sends one file, and compares what the server stored with what was read here.</summary>
internal sealed class ArtifactUpload(
    Connection connection,
    string url,
    string path,
    IProgress<ArtifactProgress>? progress
)
{
    public async Task<ArtifactResource> SendAsync(Stream content, CancellationToken cancellation)
    {
        using var body = new HashedContent(content, path, progress);
        using var request = new HttpRequestMessage(HttpMethod.Put, url) { Content = body };
        // A refusal is heard before a gigabyte was sent in vain.
        request.Headers.ExpectContinue = true;
        using var answer = await connection.OpenAsync(request, cancellation);
        var stored = await answer.Content.ReadFromJsonAsync(TrackingJson.Default.ArtifactResource, cancellation);
        if (stored?.Sha256 is not null && stored.Sha256 != body.Sha256)
            throw new Fault(
                FaultKind.Unavailable,
                "artifact.not_as_sent",
                $"The server stored another content for '{path}' than it was sent."
            );
        return stored!;
    }

    /// <summary>A stream as a request's body, hashed as it goes out.</summary>
    private sealed class HashedContent : HttpContent
    {
        private const int BufferBytes = 128 * 1024;

        private readonly Stream source;
        private readonly string path;
        private readonly IProgress<ArtifactProgress>? progress;
        private readonly long? length;

        public HashedContent(Stream source, string path, IProgress<ArtifactProgress>? progress)
        {
            this.source = source;
            this.path = path;
            this.progress = progress;
            length = source.CanSeek ? source.Length - source.Position : null;
        }

        public string? Sha256 { get; private set; }

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
            SerializeToStreamAsync(stream, context, CancellationToken.None);

        protected override async Task SerializeToStreamAsync(
            Stream stream,
            TransportContext? context,
            CancellationToken cancellationToken
        )
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            var buffer = new byte[BufferBytes];
            for (long sent = 0; ; )
            {
                var read = await source.ReadAsync(buffer, cancellationToken);
                if (read == 0)
                    break;
                hash.AppendData(buffer, 0, read);
                await stream.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
                sent += read;
                progress?.Report(new ArtifactProgress(path, sent, length));
            }
            Sha256 = Convert.ToHexStringLower(hash.GetHashAndReset());
        }

        protected override bool TryComputeLength(out long bytes)
        {
            bytes = length ?? 0;
            return length is not null;
        }
    }
}
