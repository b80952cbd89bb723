using System.Globalization;
using System.Runtime.CompilerServices;
using Amazon.S3.Model;
using Slipway.Foundation.Basics;
using Slipway.Sdk;

namespace Slipway.Foundation.Blobs;

/// <summary>
/// Blobs as objects of a bucket, under their own names behind a prefix. An upload waits in a local spool until it is
/// whole, so that its digest can go up with it and a broken upload never reaches the bucket.
/// </summary>
internal sealed class S3Blobs : IBlobs
{
    private const int DeletionsAtOnce = 16;

    // Far longer than any upload takes; S3 tells neither who began one nor whether parts still come.
    private static readonly TimeSpan AbandonedAfter = TimeSpan.FromDays(1);
    private static readonly TimeSpan AbandonedCheck = TimeSpan.FromHours(1);

    private readonly S3Bucket bucket;
    private readonly S3Upload upload;
    private readonly Spool spool;
    private readonly TimeProvider clock;
    private readonly ClockWatch watch;
    private long? checkedAt;

    public S3Blobs(S3Location location, string spoolFolder, TimeProvider clock)
    {
        this.clock = clock;
        watch = new ClockWatch(clock);
        bucket = new S3Bucket(location, clock);
        upload = new S3Upload(bucket);
        spool = Spool.Open(spoolFolder, clock);
        Direct = new DirectTransfers(bucket, clock);
    }

    public DirectTransfers? Direct { get; }

    public TimeSpan SweepInterval { get; } = TimeSpan.FromSeconds(30);

    public async Task<Blob> PutAsync(BlobPath path, Stream content, CancellationToken cancellation = default)
    {
        if (path.IsRoot)
            throw BlobFaults.IsFolder(path);
        await bucket.RequireFreeAsync(path, cancellation);
        using var file = BlobFaults.OnDisk(spool.Begin);
        var sha256 = await file.WriteAsync(content, cancellation);
        await upload.PutAsync(path, file, sha256, cancellation);
        bucket.RememberFolder(path);
        return new Blob(path, file.SizeBytes, clock.GetUtcNow().ToUnixTimeMilliseconds(), sha256);
    }

    public async Task<Blob?> FindAsync(BlobPath path, CancellationToken cancellation = default) =>
        await bucket.HeadAsync(path, cancellation) is { } head
            ? new Blob(path, head.ContentLength, Ms(head.LastModified), Digest(head.Metadata))
            : null;

    public async Task<BlobContent> OpenAsync(
        BlobPath path,
        ByteRange? range = null,
        CancellationToken cancellation = default
    )
    {
        // The whole is asked for as a range too: the answer then tells both sizes, and the client leaves the hashing to us.
        var request = new GetObjectRequest
        {
            BucketName = bucket.Name,
            Key = bucket.Key(path),
            ByteRange = new Amazon.S3.Model.ByteRange(Header(range ?? new ByteRange(0, null))),
        };
        GetObjectResponse answer;
        try
        {
            answer = await bucket.CallAsync(s3 => s3.GetObjectAsync(request, cancellation), cancellation);
        }
        catch (Fault fault) when (fault.Code == S3Bucket.Missing)
        {
            throw BlobFaults.NotFound(path);
        }
        catch (Fault fault) when (fault.Code == BlobFaults.RangeCode && range is null)
        {
            return await OpenEmptyAsync(path, cancellation);
        }
        var (offset, size) = Extent(answer);
        var blob = new Blob(path, size, Ms(answer.LastModified), Digest(answer.Metadata));
        Stream stream = new S3Download(bucket, path, answer, offset, answer.ContentLength);
        if (range is null && blob.Sha256 is not null)
            stream = new VerifyingStream(stream, path, size, blob.Sha256);
        return new BlobContent(blob, offset, answer.ContentLength, stream);
    }

    public async IAsyncEnumerable<BlobEntry> ListAsync(
        BlobPath folder,
        [EnumeratorCancellation] CancellationToken cancellation = default
    )
    {
        await foreach (var page in PagesAsync(folder, "/", cancellation))
        {
            var entries = new List<BlobEntry>();
            foreach (var prefix in page.CommonPrefixes ?? [])
            {
                if (bucket.Path(prefix) is { } path)
                    entries.Add(new BlobEntry(path, null));
            }
            entries.AddRange(Files(page));
            entries.Sort(BlobEntry.InKeyOrder);
            foreach (var entry in entries)
                yield return entry;
        }
    }

    public async IAsyncEnumerable<BlobEntry> WalkAsync(
        BlobPath folder,
        [EnumeratorCancellation] CancellationToken cancellation = default
    )
    {
        await foreach (var page in PagesAsync(folder, null, cancellation))
        {
            foreach (var entry in Files(page))
                yield return entry;
        }
    }

    /// <summary>Object by object: not every S3 has the call that deletes many, and not every one means the same by it.</summary>
    public async Task<bool> DeleteAsync(BlobPath path, CancellationToken cancellation = default)
    {
        var any = 0;
        if (!path.IsRoot && await bucket.HeadAsync(path, cancellation) is not null)
        {
            await DeleteObjectAsync(path, cancellation);
            any = 1;
        }
        var limits = new ParallelOptions { MaxDegreeOfParallelism = DeletionsAtOnce, CancellationToken = cancellation };
        await Parallel.ForEachAsync(
            WalkAsync(path, cancellation),
            limits,
            async (entry, stop) =>
            {
                await DeleteObjectAsync(entry.Path, stop);
                Interlocked.Exchange(ref any, 1);
            }
        );
        bucket.ForgetFolders();
        return any == 1;
    }

    public async Task<int> SweepAsync(CancellationToken cancellation = default)
    {
        var removed = BlobFaults.OnDisk(spool.Sweep);
        // By a clock that jumped, an upload that goes on would look abandoned.
        if (!watch.IsSteady || (checkedAt is { } last && clock.GetElapsedTime(last) < AbandonedCheck))
            return removed;
        checkedAt = clock.GetTimestamp();
        return removed + await bucket.AbortUploadsAsync(clock.GetUtcNow() - AbandonedAfter, cancellation);
    }

    public ValueTask DisposeAsync()
    {
        spool.Dispose();
        bucket.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>No range of an empty object has a byte.</summary>
    private async Task<BlobContent> OpenEmptyAsync(BlobPath path, CancellationToken cancellation) =>
        await FindAsync(path, cancellation) is { SizeBytes: 0 } blob
            ? new BlobContent(blob, 0, 0, Stream.Null)
            : throw BlobFaults.Unreachable("The artifact is being replaced.");

    private Task<DeleteObjectResponse> DeleteObjectAsync(BlobPath path, CancellationToken cancellation) =>
        bucket.CallAsync(s3 => s3.DeleteObjectAsync(bucket.Name, bucket.Key(path), cancellation), cancellation);

    private IEnumerable<BlobEntry> Files(ListObjectsV2Response page) =>
        from file in page.S3Objects ?? []
        where !file.Key.EndsWith('/') // what some tools leave to mark a folder
        let path = bucket.Path(file.Key)
        where path is not null
        select new BlobEntry(path, file.Size ?? 0);

    private async IAsyncEnumerable<ListObjectsV2Response> PagesAsync(
        BlobPath folder,
        string? delimiter,
        [EnumeratorCancellation] CancellationToken cancellation
    )
    {
        var request = new ListObjectsV2Request
        {
            BucketName = bucket.Name,
            Prefix = bucket.KeyPrefix(folder),
            Delimiter = delimiter,
        };
        do
        {
            var page = await bucket.CallAsync(s3 => s3.ListObjectsV2Async(request, cancellation), cancellation);
            yield return page;
            request.ContinuationToken = page.NextContinuationToken;
        } while (request.ContinuationToken is not null);
    }

    private static string Header(ByteRange range) =>
        range.Last < (range.First ?? 1)
            ? throw BlobFaults.NoSuchRange()
            : string.Create(CultureInfo.InvariantCulture, $"bytes={range.First}-{range.Last}");

    /// <summary>Where the part starts and how large the whole is, from "bytes 3-5/10".</summary>
    private static (long Offset, long SizeBytes) Extent(GetObjectResponse answer)
    {
        var text = answer.ContentRange ?? throw BlobFaults.Unreachable("The bucket does not know ranges.");
        var numbers = text["bytes ".Length..].Split('-', '/');
        return (
            long.Parse(numbers[0], CultureInfo.InvariantCulture),
            long.Parse(numbers[2], CultureInfo.InvariantCulture)
        );
    }

    private static string? Digest(MetadataCollection metadata) => metadata[S3Upload.DigestField];

    private static long Ms(DateTime? utc) => utc is { } time ? new DateTimeOffset(time).ToUnixTimeMilliseconds() : 0;
}
