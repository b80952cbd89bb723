using Slipway.Foundation.Basics;

namespace Slipway.Foundation.Blobs;

/// <summary>
/// Reads what people write after <c>--blobs</c>: nothing (a folder in the server's own), another folder, or
/// <c>s3://bucket/prefix?endpoint=…</c>.
/// </summary>
public static class BlobsAddress
{
    public static IBlobs Open(string? address, string serverFolder, TimeProvider clock) =>
        address?.StartsWith(S3Location.Scheme, StringComparison.Ordinal) == true
            ? new S3Blobs(S3Location.Parse(address), Path.Combine(serverFolder, "uploads"), clock)
            : FolderBlobs.Open(address ?? ServerFolder.BlobFolderIn(serverFolder), clock);

    /// <summary>The address as it may be shown and logged: what follows the question mark can hold a key.</summary>
    public static string WithoutSecrets(string address) =>
        address.StartsWith(S3Location.Scheme, StringComparison.Ordinal) ? address.Split('?')[0] : address;
}
