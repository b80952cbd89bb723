namespace Slipway.Foundation.Blobs;

/// <summary>
/// A file in the store. The digest is that of its content, in lower-case hexadecimal; it is null only for what a client
/// sent straight to S3, past the server.
/// </summary>
public sealed record Blob(BlobPath Path, long SizeBytes, long ModifiedMs, string? Sha256);

/// <summary>One line of a listing: a blob with its size, or a folder without one.</summary>
public sealed record BlobEntry(BlobPath Path, long? SizeBytes)
{
    public bool IsFolder => SizeBytes is null;

    /// <summary>The order of every listing: by the bytes of the path, that of a folder ending in a slash.</summary>
    internal static Comparison<BlobEntry> InKeyOrder { get; } = (a, b) => CompareBytes(a.Key, b.Key);

    private string Key { get; } = SizeBytes is null ? $"{Path}/" : Path.Value;

    /// <summary>The order of the UTF-8 bytes, in which surrogates (characters past U+FFFF) come last.</summary>
    private static int CompareBytes(string a, string b)
    {
        var i = a.AsSpan().CommonPrefixLength(b);
        if (i == a.Length || i == b.Length)
            return a.Length.CompareTo(b.Length);
        return char.IsSurrogate(a[i]) == char.IsSurrogate(b[i]) ? a[i].CompareTo(b[i])
            : char.IsSurrogate(a[i]) ? 1
            : -1;
    }
}

/// <summary>
/// A blob, or a part of it, open for reading. Bytes that do not match the digest are never handed out to the end: a
/// damaged blob ends in the fault <c>blob.damaged</c>, and a small one before its first byte.
/// </summary>
public sealed class BlobContent(Blob blob, long offset, long lengthBytes, Stream stream) : IAsyncDisposable
{
    public Blob Blob { get; } = blob;

    public long Offset { get; } = offset;

    public long LengthBytes { get; } = lengthBytes;

    public Stream Stream { get; } = stream;

    public ValueTask DisposeAsync() => Stream.DisposeAsync();
}

/// <summary>
/// Where files are kept: a folder or a bucket. A blob appears whole and durable or not at all, keeps the digest of its
/// content, and is read back as it was written or refused. Folders exist by holding blobs; there are no empty ones. A
/// name is either a blob or a folder: the second of the two to come is a conflict.
/// </summary>
public interface IBlobs : IAsyncDisposable
{
    /// <summary>Transfers between a client and the store past the server; null where the store cannot.</summary>
    DirectTransfers? Direct { get; }

    /// <summary>How often <see cref="SweepAsync"/> is worth a look.</summary>
    TimeSpan SweepInterval { get; }

    /// <summary>Stores the stream under the name, in place of what was there. Durable once it returns.</summary>
    Task<Blob> PutAsync(BlobPath path, Stream content, CancellationToken cancellation = default);

    /// <summary>The blob of that name without its content; null where there is none.</summary>
    Task<Blob?> FindAsync(BlobPath path, CancellationToken cancellation = default);

    /// <summary>Opens a blob; faults with <c>blob.not_found</c>, or <c>blob.range</c> where no byte of the range exists.</summary>
    Task<BlobContent> OpenAsync(BlobPath path, ByteRange? range = null, CancellationToken cancellation = default);

    /// <summary>What lies directly in the folder, by name; nothing where there is no such folder.</summary>
    IAsyncEnumerable<BlobEntry> ListAsync(BlobPath folder, CancellationToken cancellation = default);

    /// <summary>Every blob beneath the folder, with its size.</summary>
    IAsyncEnumerable<BlobEntry> WalkAsync(BlobPath folder, CancellationToken cancellation = default);

    /// <summary>Removes the blob, or the folder with all that it holds; false where there was neither.</summary>
    Task<bool> DeleteAsync(BlobPath path, CancellationToken cancellation = default);

    /// <summary>Removes what interrupted uploads and deletions left behind; the answer is how many pieces.</summary>
    Task<int> SweepAsync(CancellationToken cancellation = default);
}
