namespace Slipway.Foundation.Blobs;

/// <summary>Reads what people write after <c>--blobs</c>: a folder, or <c>s3://bucket/prefix?endpoint=…</c>.</summary>
public static class BlobsAddress
{
    /// <summary>Uploads to a bucket wait in the spool folder until they are whole.</summary>
    public static IBlobs Open(string address, string spoolFolder, TimeProvider clock) =>
        address.StartsWith(S3Location.Scheme, StringComparison.Ordinal)
            ? new S3Blobs(S3Location.Parse(address), spoolFolder, clock)
            : FolderBlobs.Open(address, clock);
}
