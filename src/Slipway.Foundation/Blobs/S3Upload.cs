using System.Buffers;
using System.Security.Cryptography;
using Amazon.S3;
using Amazon.S3.Model;
using Slipway.Sdk;

// S3's ETags and its Content-MD5 are MD5 by definition; what Slipway itself trusts is the SHA-256.
#pragma warning disable CA5351

namespace Slipway.Foundation.Blobs;

/// <summary>
/// Brings a spooled file into the bucket and vouches for it: S3 is told the MD5 of every piece and refuses another, and
/// the ETag it answers has to be the one that these pieces give. The digest goes along as metadata, so that it appears
/// in the same instant as the content.
/// </summary>
internal sealed class S3Upload(S3Bucket bucket)
{
    private const long SinglePutBytes = 16L << 20;
    private const long SmallestPartBytes = 8L << 20;
    private const int MostParts = 10_000;
    private const int PartsAtOnce = 4;
    private const int HashedAtOnceBytes = 128 << 10;

    public const string DigestField = "x-amz-meta-sha256";

    public Task PutAsync(BlobPath path, SpooledUpload file, string sha256, CancellationToken cancellation) =>
        file.SizeBytes <= SinglePutBytes
            ? PutWholeAsync(path, file, sha256, cancellation)
            : PutInPartsAsync(path, file, sha256, cancellation);

    private async Task PutWholeAsync(BlobPath path, SpooledUpload file, string sha256, CancellationToken cancellation)
    {
        var md5 = await Md5Async(file, 0, file.SizeBytes, cancellation);
        var request = new PutObjectRequest
        {
            BucketName = bucket.Name,
            Key = bucket.Key(path),
            InputStream = file.Read(0, file.SizeBytes),
            ContentType = "application/octet-stream",
            MD5Digest = Convert.ToBase64String(md5),
            UseChunkEncoding = false,
            DisablePayloadSigning = !bucket.UsesPlainHttp,
        };
        request.Metadata[DigestField] = sha256;
        var answer = await bucket.CallAsync(s3 => s3.PutObjectAsync(request, cancellation), cancellation);
        RequireETag(answer.ETag, Convert.ToHexStringLower(md5), answer.ServerSideEncryptionMethod);
    }

    private async Task PutInPartsAsync(BlobPath path, SpooledUpload file, string sha256, CancellationToken cancellation)
    {
        var begin = new InitiateMultipartUploadRequest
        {
            BucketName = bucket.Name,
            Key = bucket.Key(path),
            ContentType = "application/octet-stream",
        };
        begin.Metadata[DigestField] = sha256;
        var begun = await bucket.OnceAsync(s3 => s3.InitiateMultipartUploadAsync(begin, cancellation), cancellation);
        try
        {
            var parts = await PutPartsAsync(path, file, begun, cancellation);
            await CompleteAsync(path, begun.UploadId, parts, begun.ServerSideEncryptionMethod, cancellation);
        }
        catch
        {
            await AbortAsync(path, begun.UploadId);
            throw;
        }
    }

    private async Task<(PartETag Tag, byte[] Md5)[]> PutPartsAsync(
        BlobPath path,
        SpooledUpload file,
        InitiateMultipartUploadResponse begun,
        CancellationToken cancellation
    )
    {
        var partBytes = Math.Max(SmallestPartBytes, file.SizeBytes / MostParts + 1);
        var parts = new (PartETag, byte[])[(file.SizeBytes + partBytes - 1) / partBytes];
        var limits = new ParallelOptions { MaxDegreeOfParallelism = PartsAtOnce, CancellationToken = cancellation };
        await Parallel.ForEachAsync(
            Enumerable.Range(0, parts.Length),
            limits,
            async (i, stop) =>
            {
                var offset = i * partBytes;
                var length = Math.Min(partBytes, file.SizeBytes - offset);
                var md5 = await Md5Async(file, offset, length, stop);
                var request = new UploadPartRequest
                {
                    BucketName = bucket.Name,
                    Key = bucket.Key(path),
                    UploadId = begun.UploadId,
                    PartNumber = i + 1,
                    InputStream = file.Read(offset, length),
                    PartSize = length,
                    MD5Digest = Convert.ToBase64String(md5),
                    UseChunkEncoding = false,
                    DisablePayloadSigning = !bucket.UsesPlainHttp,
                };
                var answer = await bucket.CallAsync(s3 => s3.UploadPartAsync(request, stop), stop);
                RequireETag(answer.ETag, Convert.ToHexStringLower(md5), begun.ServerSideEncryptionMethod);
                parts[i] = (new PartETag(i + 1, answer.ETag), md5);
            }
        );
        return parts;
    }

    /// <summary>
    /// Completing may not be repeated, and its answer may get lost (or, with Ceph, not name the ETag): whether it took is
    /// then seen from the object itself.
    /// </summary>
    private async Task CompleteAsync(
        BlobPath path,
        string uploadId,
        (PartETag Tag, byte[] Md5)[] parts,
        ServerSideEncryptionMethod? encryption,
        CancellationToken cancellation
    )
    {
        var ofParts = Convert.ToHexStringLower(MD5.HashData(parts.SelectMany(part => part.Md5).ToArray()));
        var expected = $"{ofParts}-{parts.Length}";
        var request = new CompleteMultipartUploadRequest
        {
            BucketName = bucket.Name,
            Key = bucket.Key(path),
            UploadId = uploadId,
            PartETags = [.. parts.Select(part => part.Tag)],
        };
        string? etag = null;
        Fault? failure = null;
        try
        {
            var answer = await bucket.OnceAsync(
                s3 => s3.CompleteMultipartUploadAsync(request, cancellation),
                cancellation
            );
            etag = answer.ETag;
        }
        catch (Fault fault)
        {
            failure = fault;
        }
        if (string.IsNullOrEmpty(etag))
            etag = (await bucket.HeadAsync(path, cancellation))?.ETag;
        if (failure is not null && etag?.Trim('"') != expected)
            throw BlobFaults.Unreachable(failure.Message);
        RequireETag(etag, expected, encryption);
    }

    /// <summary>Left to the sweep where it fails.</summary>
    private async Task AbortAsync(BlobPath path, string uploadId)
    {
        try
        {
            await bucket.CallAsync(
                s3 => s3.AbortMultipartUploadAsync(bucket.Name, bucket.Key(path), uploadId),
                CancellationToken.None
            );
        }
        catch (Fault)
        {
            // Its parts cost space until then, and nothing else.
        }
    }

    /// <summary>With keys of its own key service S3 answers ETags that are not digests, and says so.</summary>
    private static void RequireETag(string? etag, string expected, ServerSideEncryptionMethod? encryption)
    {
        if (encryption?.Value?.StartsWith("aws:kms", StringComparison.Ordinal) == true)
            return;
        if (etag?.Trim('"') != expected)
            throw BlobFaults.Unreachable("The bucket confirmed another content than it was sent.");
    }

    /// <summary>In large pieces: each read leaves a little garbage, and a gigabyte has many small ones.</summary>
    private static async Task<byte[]> Md5Async(
        SpooledUpload file,
        long offset,
        long length,
        CancellationToken cancellation
    )
    {
        using var md5 = IncrementalHash.CreateHash(HashAlgorithmName.MD5);
        var buffer = ArrayPool<byte>.Shared.Rent(HashedAtOnceBytes);
        try
        {
            await using var slice = file.Read(offset, length);
            int read;
            while ((read = await slice.ReadAsync(buffer, cancellation)) > 0)
                md5.AppendData(buffer, 0, read);
            return md5.GetHashAndReset();
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
