using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;

namespace Slipway.Sdk.Tracking.Artifacts;

/// <summary>
/// Fetches one file. A transfer that breaks off goes on from where it was, as long as the server still has the same
/// content, and everything is compared with the digest that the server names.
/// </summary>
internal sealed class ArtifactFetch(
    Connection connection,
    string url,
    string path,
    IProgress<ArtifactProgress>? progress
)
{
    private const int BufferBytes = 128 * 1024;

    private EntityTagHeaderValue? tag;
    private long done;

    public async Task ReadAsync(Stream target, CancellationToken cancellation)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        await connection.RepeatAsync(
            async () =>
            {
                await ReadOnAsync(target, hash, cancellation);
                return true;
            },
            cancellation
        );
        if (tag is not null && tag.Tag.Trim('"') != Convert.ToHexStringLower(hash.GetHashAndReset()))
            throw Fault.Internal("artifact.digest", $"What arrived of '{path}' does not match its digest.");
    }

    private async Task ReadOnAsync(Stream target, IncrementalHash hash, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, url);
        if (done > 0)
        {
            request.Headers.Range = new RangeHeaderValue(done, null);
            request.Headers.IfRange = new RangeConditionHeaderValue(tag ?? throw Changed());
        }
        using var answer = await connection.OpenAsync(request, cancellation);
        if (done > 0 && answer.StatusCode != HttpStatusCode.PartialContent)
            throw Changed();
        tag = answer.Headers.ETag;
        var total = done + answer.Content.Headers.ContentLength;
        try
        {
            await using var source = await answer.Content.ReadAsStreamAsync(cancellation);
            var buffer = new byte[BufferBytes];
            int read;
            while ((read = await source.ReadAsync(buffer, cancellation)) > 0)
            {
                hash.AppendData(buffer, 0, read);
                await target.WriteAsync(buffer.AsMemory(0, read), cancellation);
                done += read;
                progress?.Report(new ArtifactProgress(path, done, total));
            }
        }
        catch (HttpIOException e)
        {
            throw Faults.Unreachable(connection.Address, e.Message);
        }
    }

    private Fault Changed() =>
        Fault.Conflict(
            "artifact.changed",
            $"'{path}' changed while it was fetched, and what came first is in the stream."
        );
}
