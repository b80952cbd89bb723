namespace Slipway.Foundation.Blobs;

/// <summary>Reads what people write after <c>--blobs</c>: a folder.</summary>
public static class BlobsAddress
{
    public static IBlobs Open(string address, TimeProvider clock) => FolderBlobs.Open(address, clock);
}
