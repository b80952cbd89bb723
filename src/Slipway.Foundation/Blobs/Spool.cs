using System.Buffers;
using System.ComponentModel;
using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;
using Slipway.Natives;

namespace Slipway.Foundation.Blobs;

/// <summary>
/// The folder in which uploads wait until they are whole. Each file there is locked while the process that writes it
/// lives, so whatever is found unlocked was left behind by a crash.
/// </summary>
internal sealed class Spool(SafeFileHandle folder, TimeProvider clock) : IDisposable
{
    // A file is not locked in the instant in which it is made.
    private static readonly TimeSpan YoungestLeftover = TimeSpan.FromSeconds(5);

    public static Spool Open(string path, TimeProvider clock)
    {
        LinuxFiles.EnsureFolder(path);
        return new Spool(LinuxFiles.OpenFolder(path), clock);
    }

    public SpooledUpload Begin() => new(folder);

    /// <summary>Removes what crashes left; the answer is how many files.</summary>
    public int Sweep() => FolderTree.Names(folder).ToList().Count(Remove);

    public void Dispose() => folder.Dispose();

    private bool Remove(string name)
    {
        if (FolderTree.Find(folder, name) is not { Kind: FileKind.File } facts)
            return false;
        if (clock.GetUtcNow().ToUnixTimeMilliseconds() - facts.ModifiedMs < YoungestLeftover.TotalMilliseconds)
            return false;
        using var file = LinuxFiles.OpenForReading(folder, name);
        if (!LinuxFiles.TryLock(file))
            return false;
        LinuxFiles.RemoveFile(folder, name);
        return true;
    }
}

/// <summary>One upload in the spool. Unless it is moved to its place, disposing removes it.</summary>
internal sealed class SpooledUpload : IDisposable
{
    private const int BufferBytes = 128 * 1024;

    private readonly SafeFileHandle folder;
    private readonly string name = Guid.NewGuid().ToString("n");
    private bool moved;

    internal SpooledUpload(SafeFileHandle folder)
    {
        this.folder = folder;
        File = LinuxFiles.CreateFile(folder, name);
        LinuxFiles.TryLock(File);
    }

    public SafeFileHandle File { get; }

    public long SizeBytes { get; private set; }

    /// <summary>A part of what was taken, to be read again.</summary>
    public Stream Read(long offset, long length) => new FolderSlice(File, offset, length, ownsFile: false);

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

    public void MoveTo(SafeFileHandle parent, string newName)
    {
        LinuxFiles.Rename(folder, name, parent, newName);
        moved = true;
    }

    public void Dispose()
    {
        try
        {
            if (!moved)
                LinuxFiles.RemoveFile(folder, name);
        }
        catch (Win32Exception)
        {
            // The sweep will find it.
        }
        File.Dispose();
    }

    private void Append(ReadOnlySpan<byte> bytes)
    {
        try
        {
            RandomAccess.Write(File, bytes, SizeBytes);
            SizeBytes += bytes.Length;
        }
        catch (IOException e)
        {
            throw BlobFaults.OnDisk(e.HResult);
        }
    }
}
