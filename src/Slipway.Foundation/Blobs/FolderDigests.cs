using System.Buffers;
using System.Collections.Concurrent;
using System.ComponentModel;
using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;
using Slipway.Natives;

namespace Slipway.Foundation.Blobs;

/// <summary>
/// Holds files of the folder store against their digests. Which files matched is remembered for a while, so that
/// reading a large blob in ranges does not hash all of it for each; a file that anybody touched since is unknown again.
/// </summary>
internal sealed class FolderDigests(TimeProvider clock)
{
    private const int ReadError = 5;
    private const int BufferBytes = 256 * 1024;
    private const int Limit = 4096;
    private static readonly TimeSpan Trust = TimeSpan.FromMinutes(10);

    private readonly ConcurrentDictionary<BlobPath, (FileFacts Facts, long At)> verified = new();

    /// <summary>The digest the file should have. A file put here by other means is given the one it has.</summary>
    public async Task<string> OfAsync(SafeFileHandle file, BlobPath path, CancellationToken cancellation)
    {
        if (FolderSeal.Read(file) is { } seal)
            return seal.IsFor(path) ? seal.Sha256 : throw BlobFaults.Damaged(path);
        var sha256 = await HashAsync(file, path, cancellation);
        try
        {
            FolderSeal.Of(path, sha256).Write(file);
        }
        catch (Win32Exception)
        {
            // A disk that cannot be written to: the file stays without, and can be read.
        }
        return sha256;
    }

    /// <summary>Refuses a file whose content is not what the digest says.</summary>
    public async Task CheckAsync(
        SafeFileHandle file,
        BlobPath path,
        FileFacts facts,
        string sha256,
        CancellationToken cancellation
    )
    {
        if (verified.TryGetValue(path, out var last) && last.Facts == facts && clock.GetElapsedTime(last.At) < Trust)
            return;
        if (await HashAsync(file, path, cancellation) != sha256)
            throw BlobFaults.Damaged(path);
        if (verified.Count >= Limit)
            verified.Clear();
        verified[path] = (facts, clock.GetTimestamp());
    }

    private static async Task<string> HashAsync(SafeFileHandle file, BlobPath path, CancellationToken cancellation)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            long offset = 0;
            int read;
            while ((read = await RandomAccess.ReadAsync(file, buffer, offset, cancellation)) > 0)
            {
                hash.AppendData(buffer, 0, read);
                offset += read;
            }
        }
        catch (IOException e)
        {
            throw e.HResult == ReadError ? BlobFaults.Damaged(path) : BlobFaults.OnDisk(e.HResult);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
