using Amazon.S3.Model;

namespace Slipway.Foundation.Blobs;

/// <summary>
/// Reads an object, and goes on where it stopped when the connection breaks: the same version of it, by its ETag, so
/// that two contents never mix.
/// </summary>
internal sealed class S3Download(S3Bucket bucket, BlobPath path, GetObjectResponse first, long offset, long lengthBytes)
    : ReadingStream
{
    private const int MostBreaks = 3;

    private readonly string version = first.ETag;
    private GetObjectResponse? response = first;
    private long position;
    private int breaks;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var wanted = (int)Math.Min(buffer.Length, lengthBytes - position);
        while (wanted > 0)
        {
            response ??= await ReopenAsync(cancellationToken);
            try
            {
                var read = await response.ResponseStream.ReadAsync(buffer[..wanted], cancellationToken);
                position += read;
                if (read > 0)
                    return read;
            }
            catch (Exception e) when (e is IOException or HttpRequestException or OperationCanceledException)
            {
                cancellationToken.ThrowIfCancellationRequested();
            }
            response.Dispose();
            response = null;
            if (++breaks > MostBreaks)
                throw BlobFaults.Unreachable("The bucket breaks off while it is read.");
        }
        return 0;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            response?.Dispose();
        base.Dispose(disposing);
    }

    private Task<GetObjectResponse> ReopenAsync(CancellationToken cancellation)
    {
        var request = new GetObjectRequest
        {
            BucketName = bucket.Name,
            Key = bucket.Key(path),
            EtagToMatch = version,
            ByteRange = new Amazon.S3.Model.ByteRange(offset + position, offset + lengthBytes - 1),
        };
        return bucket.CallAsync(s3 => s3.GetObjectAsync(request, cancellation), cancellation);
    }
}
