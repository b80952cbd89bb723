using System.ComponentModel;
using System.IO.Enumeration;
using Microsoft.Win32.SafeHandles;
using Slipway.Natives;

namespace Slipway.Foundation.Blobs;

/// <summary>
/// The folder of a store as a tree of handles. Every path is walked one component at a time from a handle on the root,
/// and no component is followed if it is a link, so that nothing planted in the tree leads out of it.
/// </summary>
internal sealed class FolderTree(SafeFileHandle root) : IDisposable
{
    private readonly Lock creating = new();

    /// <summary>The folder, or null where there is none.</summary>
    public SafeFileHandle? Open(BlobPath folder) => Walk(folder.Segments, folder, create: false);

    /// <summary>The folder that holds a blob, or null where there is none.</summary>
    public SafeFileHandle? OpenParent(BlobPath blob) => Walk(blob.Segments.SkipLast(1), blob, create: false);

    /// <summary>The folder that is to hold a blob, made durable where it is new.</summary>
    public SafeFileHandle CreateParent(BlobPath blob) => Walk(blob.Segments.SkipLast(1), blob, create: true)!;

    /// <summary>The file of a blob; null where there is none or a folder of that name. Links are refused.</summary>
    public (SafeFileHandle File, FileFacts Facts)? OpenFile(BlobPath blob)
    {
        using var parent = OpenParent(blob);
        if (parent is null || Find(parent, blob.Name) is not { } seen || seen.Kind == FileKind.Folder)
            return null;
        if (seen.Kind != FileKind.File)
            throw BlobFaults.IsLink(blob);
        if (TryOpen(parent, blob.Name) is not { } file)
            return null;
        var facts = LinuxFiles.Describe(file);
        if (facts is { Kind: FileKind.File, Links: <= 1 })
            return (file, facts);
        file.Dispose();
        throw BlobFaults.IsLink(blob);
    }

    /// <summary>Null where the file has gone since it was seen.</summary>
    private static SafeFileHandle? TryOpen(SafeFileHandle parent, string name)
    {
        try
        {
            return LinuxFiles.OpenForReading(parent, name);
        }
        catch (Win32Exception e) when (e.NativeErrorCode == LinuxFiles.NoSuchEntry)
        {
            return null;
        }
    }

    public static FileFacts? Find(SafeFileHandle parent, string name)
    {
        try
        {
            return LinuxFiles.Describe(parent, name);
        }
        catch (Win32Exception e) when (e.NativeErrorCode == LinuxFiles.NoSuchEntry)
        {
            return null;
        }
    }

    /// <summary>The names in a folder, unordered.</summary>
    public static IEnumerable<string> Names(SafeFileHandle folder)
    {
        // The kernel's own name for an open handle: the folder meant, wherever its path leads by now.
        var path = $"/proc/self/fd/{folder.DangerousGetHandle()}";
        var all = new EnumerationOptions { AttributesToSkip = FileAttributes.None, IgnoreInaccessible = false };
        return new FileSystemEnumerable<string>(path, (ref FileSystemEntry entry) => entry.FileName.ToString(), all);
    }

    /// <summary>Takes away the folders above a path that hold nothing any more.</summary>
    public void PruneAbove(BlobPath path)
    {
        for (var depth = path.Segments.Count - 1; depth > 0; depth--)
        {
            using var parent = Walk(path.Segments.Take(depth - 1), path, create: false);
            if (parent is null)
                return;
            try
            {
                LinuxFiles.RemoveFolder(parent, path.Segments[depth - 1]);
            }
            catch (Win32Exception)
            {
                return; // it holds something, or somebody else was faster
            }
        }
    }

    /// <summary>Removes a folder with all that it holds; links in it are removed, not followed.</summary>
    public static void RemoveTree(SafeFileHandle parent, string name)
    {
        try
        {
            using (var folder = LinuxFiles.OpenFolder(parent, name))
            {
                foreach (var entry in Names(folder).ToList())
                {
                    if (Find(folder, entry) is { Kind: FileKind.Folder })
                        RemoveTree(folder, entry);
                    else
                        LinuxFiles.RemoveFile(folder, entry);
                }
            }
            LinuxFiles.RemoveFolder(parent, name);
        }
        catch (Win32Exception e) when (e.NativeErrorCode is LinuxFiles.NoSuchEntry or LinuxFiles.NotEmpty)
        {
            // Somebody else is at it as well; the next sweep takes what remains.
        }
    }

    public void Dispose() => root.Dispose();

    private SafeFileHandle? Walk(IEnumerable<string> segments, BlobPath whole, bool create)
    {
        var folder = LinuxFiles.OpenFolder(root, ".");
        foreach (var segment in segments)
        {
            var above = folder;
            try
            {
                if (create)
                    EnsureFolder(above, segment);
                if (Step(above, segment, whole, create) is not { } next)
                    return null;
                folder = next;
            }
            finally
            {
                above.Dispose();
            }
        }
        return folder;
    }

    /// <summary>Under a lock, so that nobody builds on a folder that another call made and has not yet made durable.</summary>
    private void EnsureFolder(SafeFileHandle parent, string name)
    {
        lock (creating)
        {
            if (LinuxFiles.CreateFolder(parent, name))
                LinuxFiles.Sync(parent);
        }
    }

    private static SafeFileHandle? Step(SafeFileHandle folder, string name, BlobPath whole, bool create)
    {
        try
        {
            return LinuxFiles.OpenFolder(folder, name);
        }
        catch (Win32Exception e) when (e.NativeErrorCode is LinuxFiles.NotAFolder or LinuxFiles.TooManyLinks)
        {
            if (Find(folder, name) is { Kind: FileKind.Link })
                throw BlobFaults.IsLink(whole);
            return create ? throw BlobFaults.IsNotFolder(whole) : null;
        }
        catch (Win32Exception e) when (e.NativeErrorCode == LinuxFiles.NoSuchEntry && !create)
        {
            return null;
        }
    }
}
