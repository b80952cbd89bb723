using System.Collections.Concurrent;
using System.Net;
using Amazon;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using Slipway.Sdk;

namespace Slipway.Foundation.Blobs;

/// <summary>
/// A bucket as the rest of the store sees it: keys for paths, and faults for what can go wrong. Calls that may be sent
/// twice are repeated by the client; those that may not (beginning and completing an upload in parts) go through
/// <see cref="OnceAsync"/>.
/// </summary>
internal sealed class S3Bucket : IDisposable
{
    private const int Retries = 3;
    private const int FoldersRemembered = 10_000;
    private static readonly TimeSpan FolderTrust = TimeSpan.FromMinutes(1);

    private readonly AmazonS3Client patient;
    private readonly AmazonS3Client once;
    private readonly string keyPrefix;
    private readonly TimeProvider clock;
    private readonly ConcurrentDictionary<BlobPath, long> folders = new();

    public S3Bucket(S3Location location, TimeProvider clock)
    {
        this.clock = clock;
        Name = location.Bucket;
        keyPrefix = location.Prefix.Length == 0 ? "" : $"{location.Prefix}/";
        patient = Client(location, Retries);
        once = Client(location, 0);
        UsesPlainHttp = patient.Config.ServiceURL?.StartsWith("http://", StringComparison.Ordinal) ?? false;
    }

    public string Name { get; }

    public bool UsesPlainHttp { get; }

    public string Key(BlobPath path) => keyPrefix + path.Value;

    /// <summary>What the keys of all blobs beneath the folder begin with.</summary>
    public string KeyPrefix(BlobPath folder) => folder.IsRoot ? keyPrefix : $"{keyPrefix}{folder.Value}/";

    /// <summary>Null for keys that are no path of ours.</summary>
    public BlobPath? Path(string key) => BlobPath.TryParse(key[keyPrefix.Length..].TrimEnd('/'));

    public Task<T> CallAsync<T>(Func<IAmazonS3, Task<T>> call, CancellationToken cancellation) =>
        GuardAsync(() => call(patient), cancellation);

    public Task<T> OnceAsync<T>(Func<IAmazonS3, Task<T>> call, CancellationToken cancellation) =>
        GuardAsync(() => call(once), cancellation);

    /// <summary>The object's head; null where there is none.</summary>
    public async Task<GetObjectMetadataResponse?> HeadAsync(BlobPath path, CancellationToken cancellation)
    {
        try
        {
            return await CallAsync(s3 => s3.GetObjectMetadataAsync(Name, Key(path), cancellation), cancellation);
        }
        catch (Fault fault) when (fault.Code == Missing)
        {
            return null;
        }
    }

    /// <summary>The code of the fault for an object that is not there, for callers that know which it was.</summary>
    public const string Missing = "blob.not_found";

    /// <summary>
    /// Refuses a path that is a folder already or lies beneath a file; a bucket itself would take it. Where the folder
    /// was written to a moment ago, what lies above it is not asked for again.
    /// </summary>
    public async Task RequireFreeAsync(BlobPath path, CancellationToken cancellation)
    {
        var inside = FirstKeyAsync(KeyPrefix(path), cancellation);
        var above = new List<string>();
        if (!folders.TryGetValue(path.Parent, out var seen) || clock.GetElapsedTime(seen) > FolderTrust)
        {
            for (var folder = path.Parent; !folder.IsRoot; folder = folder.Parent)
                above.Add(Key(folder));
        }
        foreach (var key in above)
        {
            if (await FirstKeyAsync(key, cancellation) == key)
                throw BlobFaults.IsNotFolder(path);
        }
        if (await inside is not null)
            throw BlobFaults.IsFolder(path);
    }

    /// <summary>Says that the folder of this path holds a blob now.</summary>
    public void RememberFolder(BlobPath path)
    {
        if (folders.Count >= FoldersRemembered)
            folders.Clear();
        folders[path.Parent] = clock.GetTimestamp();
    }

    public void ForgetFolders() => folders.Clear();

    /// <summary>Gives up uploads in parts that were begun before that time; the answer is how many.</summary>
    public async Task<int> AbortUploadsAsync(DateTimeOffset before, CancellationToken cancellation)
    {
        var aborted = 0;
        var request = new ListMultipartUploadsRequest { BucketName = Name, Prefix = keyPrefix };
        while (true)
        {
            var page = await CallAsync(s3 => s3.ListMultipartUploadsAsync(request, cancellation), cancellation);
            foreach (var upload in page.MultipartUploads ?? [])
            {
                if (upload.Initiated > before.UtcDateTime)
                    continue;
                await CallAsync(
                    s3 => s3.AbortMultipartUploadAsync(Name, upload.Key, upload.UploadId, cancellation),
                    cancellation
                );
                aborted++;
            }
            if (page.IsTruncated != true)
                return aborted;
            request.KeyMarker = page.NextKeyMarker;
            request.UploadIdMarker = page.NextUploadIdMarker;
        }
    }

    /// <summary>The first of the keys that begin so. Asking for an object by its head would end in an exception for each that is not there.</summary>
    private async Task<string?> FirstKeyAsync(string prefix, CancellationToken cancellation)
    {
        var request = new ListObjectsV2Request
        {
            BucketName = Name,
            Prefix = prefix,
            MaxKeys = 1,
        };
        var page = await CallAsync(s3 => s3.ListObjectsV2Async(request, cancellation), cancellation);
        return page.S3Objects?.FirstOrDefault()?.Key;
    }

    public void Dispose()
    {
        patient.Dispose();
        once.Dispose();
    }

    private static AmazonS3Client Client(S3Location location, int retries)
    {
        var config = new AmazonS3Config
        {
            ForcePathStyle = true,
            // Each read of the client leaves a little garbage, and a gigabyte has many small ones.
            BufferSize = 64 << 10,
            RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
            ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
            RetryMode = RequestRetryMode.Standard,
            MaxErrorRetry = retries,
            MaxStaleConnectionRetries = retries,
            Timeout = location.Patience,
        };
        if (location.Endpoint is not null)
            config.ServiceURL = location.Endpoint;
        if (location.Region is not null && location.Endpoint is null)
            config.RegionEndpoint = RegionEndpoint.GetBySystemName(location.Region);
        else if (location.Endpoint is not null)
            config.AuthenticationRegion = location.Region ?? "us-east-1";
        return location.AccessKeyId is null
            ? new AmazonS3Client(config)
            : new AmazonS3Client(new BasicAWSCredentials(location.AccessKeyId, location.SecretAccessKey), config);
    }

    private static async Task<T> GuardAsync<T>(Func<Task<T>> call, CancellationToken cancellation)
    {
        try
        {
            return await call();
        }
        catch (Exception e) when (!cancellation.IsCancellationRequested && Explain(e) is { } fault)
        {
            throw fault;
        }
    }

    private static Fault? Explain(Exception e) =>
        e switch
        {
            AmazonS3Exception { ErrorCode: "NoSuchBucket" } => BlobFaults.Unreachable("The bucket does not exist."),
            AmazonS3Exception { StatusCode: HttpStatusCode.NotFound } => Fault.NotFound(Missing, "No such artifact."),
            AmazonS3Exception { StatusCode: HttpStatusCode.RequestedRangeNotSatisfiable } => BlobFaults.NoSuchRange(),
            AmazonS3Exception { ErrorCode: "InvalidPart" or "InvalidPartOrder" or "EntityTooSmall" } parts =>
                Fault.Invalid(
                    "blob.parts",
                    $"The parts of the upload do not fit together: {parts.ErrorCode}.",
                    "parts"
                ),
            AmazonS3Exception { StatusCode: HttpStatusCode.Forbidden or HttpStatusCode.Unauthorized } denied =>
                BlobFaults.Unreachable($"The bucket refuses this server: {denied.ErrorCode}."),
            AmazonS3Exception other => BlobFaults.Unreachable($"The bucket does not work: {other.ErrorCode}."),
            AmazonClientException
            or HttpRequestException
            or TimeoutException
            or OperationCanceledException
            or IOException => BlobFaults.Unreachable("The bucket does not answer."),
            _ => null,
        };
}
