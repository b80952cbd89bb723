using System.Security.Cryptography;

namespace Slipway.Foundation.Blobs;

/// <summary>
/// Reads a blob while checking it: the last stretch is held back until the whole content has matched its digest, so a
/// reader either gets everything right or never gets the end. What fits into the stretch is checked before its first
/// byte.
/// </summary>
internal sealed class VerifyingStream(Stream source, BlobPath path, long sizeBytes, string sha256) : ReadingStream
{
    private const int HeldBytes = 256 * 1024;

    private readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private long remaining = sizeBytes;
    private Memory<byte>? held;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (buffer.IsEmpty)
            return 0;
        if (remaining > HeldBytes)
        {
            var want = (int)Math.Min(buffer.Length, remaining - HeldBytes);
            var read = await source.ReadAsync(buffer[..want], cancellationToken);
            if (read == 0)
                throw BlobFaults.Damaged(path);
            hash.AppendData(buffer.Span[..read]);
            remaining -= read;
            return read;
        }
        var rest = held ?? await ReadEndAsync(cancellationToken);
        var count = Math.Min(buffer.Length, rest.Length);
        rest[..count].CopyTo(buffer);
        held = rest[count..];
        return count;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            hash.Dispose();
            source.Dispose();
        }
        base.Dispose(disposing);
    }

    private async Task<Memory<byte>> ReadEndAsync(CancellationToken cancellation)
    {
        var end = new byte[remaining];
        var read = await source.ReadAtLeastAsync(end, end.Length, throwOnEndOfStream: false, cancellation);
        hash.AppendData(end.AsSpan(0, read));
        if (read != end.Length || !Matches())
            throw BlobFaults.Damaged(path);
        return end;
    }

    private bool Matches() => Convert.ToHexStringLower(hash.GetHashAndReset()) == sha256;
}
