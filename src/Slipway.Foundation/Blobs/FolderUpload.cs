using System.Buffers;
using System.ComponentModel;
using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;
using Slipway.Natives;

namespace Slipway.Foundation.Blobs;

/// <summary>
/// A blob on its way into the folder: a file in the uploads folder, locked while its process lives, which becomes the
/// blob by a rename once it is whole and durable. Whatever happens before, disposing removes it; after a crash the lock
/// is gone and the sweep does.
/// </summary>
internal sealed class FolderUpload : IDisposable
{
    private const int BufferBytes = 128 * 1024;
    private const int PublishAttempts = 8;

    private readonly SafeFileHandle uploads;
    private readonly string name = Guid.NewGuid().ToString("n");
    private readonly SafeFileHandle file;
    private bool published;

    public FolderUpload(SafeFileHandle uploads)
    {
        this.uploads = uploads;
        file = LinuxFiles.CreateFile(uploads, name);
        LinuxFiles.TryLock(file);
    }

    public long SizeBytes { get; private set; }

    /// <summary>Takes the whole stream and returns the digest of what it took.</summary>
    public async Task<string> WriteAsync(Stream content, CancellationToken cancellation)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            int read;
            do
            {
                read = await content.ReadAtLeastAsync(buffer, BufferBytes, throwOnEndOfStream: false, cancellation);
                hash.AppendData(buffer, 0, read);
                Append(buffer.AsSpan(0, read));
            } while (read >= BufferBytes);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>Fails where files cannot carry a seal.</summary>
    public void Probe() => new FolderSeal(new string('0', 64), new string('0', 32)).Write(file);

    /// <summary>Makes the file durable, then the blob; nothing of it can be seen before.</summary>
    public FileFacts Publish(FolderTree tree, BlobPath path, string sha256)
    {
        FolderSeal.Of(path, sha256).Write(file);
        LinuxFiles.Sync(file);
        for (var attempt = 1; ; attempt++)
        {
            using var parent = tree.CreateParent(path);
            try
            {
                LinuxFiles.Rename(uploads, name, parent, path.Name);
                published = true;
                LinuxFiles.Sync(parent);
                return LinuxFiles.Describe(file);
            }
            catch (Win32Exception e) when (e.NativeErrorCode is LinuxFiles.IsAFolder)
            {
                throw BlobFaults.IsFolder(path);
            }
            catch (Win32Exception e) when (e.NativeErrorCode is LinuxFiles.NoSuchEntry && attempt < PublishAttempts)
            {
                // The folder was emptied and removed in between; make it again.
            }
        }
    }

    public void Dispose()
    {
        try
        {
            if (!published)
                LinuxFiles.RemoveFile(uploads, name);
        }
        catch (Win32Exception)
        {
            // The sweep will find it.
        }
        file.Dispose();
    }

    private void Append(ReadOnlySpan<byte> bytes)
    {
        try
        {
            RandomAccess.Write(file, bytes, SizeBytes);
            SizeBytes += bytes.Length;
        }
        catch (IOException e)
        {
            throw BlobFaults.OnDisk(e.HResult);
        }
    }
}
