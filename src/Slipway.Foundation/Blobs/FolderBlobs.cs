using System.ComponentModel;
using System.Runtime.CompilerServices;
using Microsoft.Win32.SafeHandles;
using Slipway.Natives;

namespace Slipway.Foundation.Blobs;

/// <summary>
/// Blobs as plain files in a folder, under their own names, so that a person finds them without Slipway. The digest of
/// each is an extended attribute of its file (docs/decisions has why). A file that was put there by other means gets
/// its digest when it is first read. One server owns the folder at a time.
/// </summary>
public sealed class FolderBlobs : IBlobs
{
    private const string Uploads = "uploads";
    private const string Trash = "trash";
    private const int PublishAttempts = 8;

    // Up to here a blob is checked before its first byte goes out; beyond, that would keep the reader waiting for
    // seconds, so it is checked on the way and its end held back.
    private const long CheckedBeforehandBytes = 1L << 30;

    private readonly FolderTree tree;
    private readonly Spool uploads;
    private readonly SafeFileHandle trash;
    private readonly FolderDigests digests;

    private FolderBlobs(SafeFileHandle root, TimeProvider clock)
    {
        tree = new FolderTree(root);
        digests = new FolderDigests(clock);
        LinuxFiles.CreateFolder(root, BlobPath.Reserved);
        using var own = LinuxFiles.OpenFolder(root, BlobPath.Reserved);
        LinuxFiles.CreateFolder(own, Uploads);
        LinuxFiles.CreateFolder(own, Trash);
        uploads = new Spool(LinuxFiles.OpenFolder(own, Uploads), clock);
        trash = LinuxFiles.OpenFolder(own, Trash);
    }

    public DirectTransfers? Direct => null;

    public TimeSpan SweepInterval { get; } = TimeSpan.FromSeconds(30);

    /// <summary>Opens the store in a folder, which is made where it is missing.</summary>
    public static FolderBlobs Open(string folder, TimeProvider clock) =>
        BlobFaults.OnDisk(() =>
        {
            LinuxFiles.EnsureFolder(folder);
            var blobs = new FolderBlobs(LinuxFiles.OpenFolder(folder), clock);
            blobs.RequireAttributes(folder);
            return blobs;
        });

    public async Task<Blob> PutAsync(BlobPath path, Stream content, CancellationToken cancellation = default)
    {
        if (path.IsRoot)
            throw BlobFaults.IsFolder(path);
        using var upload = BlobFaults.OnDisk(uploads.Begin);
        var sha256 = await upload.WriteAsync(content, cancellation);
        var facts = await OnDiskAsync(() => Publish(upload, path, sha256));
        return new Blob(path, upload.SizeBytes, facts.ModifiedMs, sha256);
    }

    public async Task<Blob?> FindAsync(BlobPath path, CancellationToken cancellation = default)
    {
        if (BlobFaults.OnDisk(() => tree.OpenFile(path)) is not var (file, facts))
            return null;
        using (file)
        {
            var sha256 = await digests.OfAsync(file, path, cancellation);
            return new Blob(path, facts.SizeBytes, facts.ModifiedMs, sha256);
        }
    }

    public async Task<BlobContent> OpenAsync(
        BlobPath path,
        ByteRange? range = null,
        CancellationToken cancellation = default
    )
    {
        var (file, facts) = BlobFaults.OnDisk(() => tree.OpenFile(path)) ?? throw BlobFaults.NotFound(path);
        try
        {
            var size = facts.SizeBytes;
            var (offset, length) = range is null ? (0, size) : range.Value.In(size) ?? throw BlobFaults.NoSuchRange();
            var sha256 = await digests.OfAsync(file, path, cancellation);
            Stream stream = new FolderSlice(file, offset, length);
            if (range is null && size > CheckedBeforehandBytes)
                stream = new VerifyingStream(stream, path, size, sha256);
            else
                await digests.CheckAsync(file, path, facts, sha256, cancellation);
            return new BlobContent(new Blob(path, size, facts.ModifiedMs, sha256), offset, length, stream);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    public async IAsyncEnumerable<BlobEntry> ListAsync(
        BlobPath folder,
        [EnumeratorCancellation] CancellationToken cancellation = default
    )
    {
        foreach (var entry in await Task.Run(() => BlobFaults.OnDisk(() => Entries(folder)), cancellation))
            yield return entry;
    }

    public async IAsyncEnumerable<BlobEntry> WalkAsync(
        BlobPath folder,
        [EnumeratorCancellation] CancellationToken cancellation = default
    )
    {
        var ahead = new Stack<BlobEntry>([new BlobEntry(folder, null)]);
        while (ahead.TryPop(out var next))
        {
            if (!next.IsFolder)
            {
                yield return next;
                continue;
            }
            var entries = await Task.Run(() => BlobFaults.OnDisk(() => Entries(next.Path)), cancellation);
            for (var i = entries.Count - 1; i >= 0; i--)
                ahead.Push(entries[i]);
        }
    }

    public async Task<bool> DeleteAsync(BlobPath path, CancellationToken cancellation = default)
    {
        if (!path.IsRoot)
            return await OnDiskAsync(() => Delete(path));
        var any = false;
        foreach (var entry in BlobFaults.OnDisk(() => Entries(path)))
            any |= await DeleteAsync(entry.Path, cancellation);
        return any;
    }

    public Task<int> SweepAsync(CancellationToken cancellation = default) =>
        OnDiskAsync(() =>
        {
            var removed = uploads.Sweep();
            foreach (var name in FolderTree.Names(trash).ToList())
            {
                FolderTree.RemoveTree(trash, name);
                removed++;
            }
            return removed;
        });

    public ValueTask DisposeAsync()
    {
        uploads.Dispose();
        trash.Dispose();
        tree.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>Digests live in attributes, so a file system without them is refused at the start, not at a write.</summary>
    private void RequireAttributes(string folder)
    {
        try
        {
            using var probe = uploads.Begin();
            new FolderSeal(new string('0', 64), new string('0', 32)).Write(probe.File);
        }
        catch (Win32Exception e) when (e.NativeErrorCode == LinuxFiles.AttributesUnsupported)
        {
            throw BlobFaults.NoAttributes(folder);
        }
        catch (Win32Exception e) when (e.NativeErrorCode is LinuxFiles.ReadOnly or LinuxFiles.NoSpace)
        {
            // Reading works all the same.
        }
    }

    /// <summary>Makes the file durable, then the blob; nothing of it can be seen before.</summary>
    private FileFacts Publish(SpooledUpload upload, BlobPath path, string sha256)
    {
        FolderSeal.Of(path, sha256).Write(upload.File);
        LinuxFiles.Sync(upload.File);
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                using var parent = tree.CreateParent(path);
                upload.MoveTo(parent, path.Name);
                LinuxFiles.Sync(parent);
                return LinuxFiles.Describe(upload.File);
            }
            catch (Win32Exception e) when (e.NativeErrorCode is LinuxFiles.IsAFolder)
            {
                throw BlobFaults.IsFolder(path);
            }
            catch (Win32Exception e) when (e.NativeErrorCode is LinuxFiles.NoSuchEntry && attempt < PublishAttempts)
            {
                // A folder on the way was emptied and removed in between; make it again.
            }
        }
    }

    private bool Delete(BlobPath path)
    {
        using var parent = tree.OpenParent(path);
        if (parent is null || FolderTree.Find(parent, path.Name) is not { } facts)
            return false;
        try
        {
            Remove(parent, path.Name, facts.Kind);
        }
        catch (Win32Exception e) when (e.NativeErrorCode == LinuxFiles.NoSuchEntry)
        {
            return false; // somebody else was faster
        }
        tree.PruneAbove(path);
        return true;
    }

    private void Remove(SafeFileHandle parent, string name, FileKind kind)
    {
        if (kind == FileKind.Folder)
        {
            // Gone in one step for everybody else, however long the removal takes.
            var doomed = Guid.NewGuid().ToString("n");
            LinuxFiles.Rename(parent, name, trash, doomed);
            LinuxFiles.Sync(parent);
            FolderTree.RemoveTree(trash, doomed);
        }
        else
        {
            LinuxFiles.RemoveFile(parent, name);
            LinuxFiles.Sync(parent);
        }
    }

    private List<BlobEntry> Entries(BlobPath folder)
    {
        using var handle = tree.Open(folder);
        var entries = new List<BlobEntry>();
        if (handle is null)
            return entries;
        foreach (var name in FolderTree.Names(handle))
        {
            // What has no valid path was not put here by us, cannot be asked for, and is not shown; so are links.
            if (folder.TryAppend(name) is not { } path || FolderTree.Find(handle, name) is not { } facts)
                continue;
            if (facts.Kind == FileKind.Folder)
                entries.Add(new BlobEntry(path, null));
            else if (facts is { Kind: FileKind.File, Links: 1 })
                entries.Add(new BlobEntry(path, facts.SizeBytes));
        }
        entries.Sort(BlobEntry.InKeyOrder);
        return entries;
    }

    /// <summary>On a thread of its own: the work waits for the disk, and requests must not wait with it.</summary>
    private static Task<T> OnDiskAsync<T>(Func<T> work) =>
        Task.Factory.StartNew(
            () => BlobFaults.OnDisk(work),
            CancellationToken.None,
            TaskCreationOptions.LongRunning | TaskCreationOptions.DenyChildAttach,
            TaskScheduler.Default
        );
}
