using Amazon.S3;
using Amazon.S3.Model;
using Slipway.Sdk;

namespace Slipway.Foundation.Blobs;

/// <summary>One part of an upload that a client sends to the bucket itself.</summary>
public sealed record PartUrl(int Number, string Url);

/// <summary>What S3 answered for a part.</summary>
public sealed record SentPart(int Number, string ETag);

/// <summary>
/// Transfers between a client and a bucket that do not pass through the server: it signs addresses, each good for one
/// thing and for an hour. What comes in this way has no digest; S3 checks its parts.
/// </summary>
public sealed class DirectTransfers
{
    public const int MostParts = 10_000;
    private static readonly TimeSpan Validity = TimeSpan.FromHours(1);

    private readonly S3Bucket bucket;
    private readonly TimeProvider clock;

    internal DirectTransfers(S3Bucket bucket, TimeProvider clock)
    {
        this.bucket = bucket;
        this.clock = clock;
    }

    /// <summary>Begins an upload in parts and returns an address for each.</summary>
    public async Task<(string UploadId, IReadOnlyList<PartUrl> Parts)> CreateAsync(
        BlobPath path,
        int parts,
        CancellationToken cancellation = default
    )
    {
        if (parts is < 1 or > MostParts)
            throw Fault.Invalid("blob.parts", $"An upload has 1 to {MostParts} parts.", "num_parts");
        await bucket.RequireFreeAsync(path, cancellation);
        var begin = new InitiateMultipartUploadRequest { BucketName = bucket.Name, Key = bucket.Key(path) };
        var begun = await bucket.OnceAsync(s3 => s3.InitiateMultipartUploadAsync(begin, cancellation), cancellation);
        var urls = new List<PartUrl>(parts);
        for (var number = 1; number <= parts; number++)
        {
            var request = Presign(path, HttpVerb.PUT);
            request.UploadId = begun.UploadId;
            request.PartNumber = number;
            urls.Add(new PartUrl(number, await SignAsync(request, cancellation)));
        }
        return (begun.UploadId, urls);
    }

    /// <summary>Makes the parts one blob.</summary>
    public Task CompleteAsync(
        BlobPath path,
        string uploadId,
        IReadOnlyList<SentPart> parts,
        CancellationToken cancellation = default
    ) =>
        OfUploadAsync(
            async s3 =>
            {
                // Asked for first: to complete an upload that has ended, some servers answer that they are broken.
                var begun = new ListPartsRequest
                {
                    BucketName = bucket.Name,
                    Key = bucket.Key(path),
                    UploadId = uploadId,
                    MaxParts = 1,
                };
                await s3.ListPartsAsync(begun, cancellation);
                var request = new CompleteMultipartUploadRequest
                {
                    BucketName = bucket.Name,
                    Key = bucket.Key(path),
                    UploadId = uploadId,
                    PartETags = [.. parts.OrderBy(part => part.Number).Select(p => new PartETag(p.Number, p.ETag))],
                };
                return await s3.CompleteMultipartUploadAsync(request, cancellation);
            },
            cancellation
        );

    public Task AbortAsync(BlobPath path, string uploadId, CancellationToken cancellation = default) =>
        OfUploadAsync(
            s3 => s3.AbortMultipartUploadAsync(bucket.Name, bucket.Key(path), uploadId, cancellation),
            cancellation
        );

    /// <summary>An address from which the blob can be read.</summary>
    public Task<string> DownloadUrlAsync(BlobPath path, CancellationToken cancellation = default) =>
        SignAsync(Presign(path, HttpVerb.GET), cancellation);

    private GetPreSignedUrlRequest Presign(BlobPath path, HttpVerb verb) =>
        new()
        {
            BucketName = bucket.Name,
            Key = bucket.Key(path),
            Verb = verb,
            Expires = (clock.GetUtcNow() + Validity).UtcDateTime,
            Protocol = bucket.UsesPlainHttp ? Protocol.HTTP : Protocol.HTTPS,
        };

    private Task<string> SignAsync(GetPreSignedUrlRequest request, CancellationToken cancellation) =>
        bucket.CallAsync(s3 => s3.GetPreSignedURLAsync(request), cancellation);

    /// <summary>Here "not found" means the upload, and a refused request the parts it named.</summary>
    private async Task OfUploadAsync<T>(Func<IAmazonS3, Task<T>> call, CancellationToken cancellation)
    {
        try
        {
            await bucket.OnceAsync(call, cancellation);
        }
        catch (Fault fault) when (fault.Code == S3Bucket.Missing)
        {
            throw Fault.NotFound("blob.upload_not_found", "There is no such upload, or it has ended.");
        }
    }
}
