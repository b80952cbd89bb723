using System.ComponentModel;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Slipway.Natives;

/// <summary>What kind of thing a directory entry is.</summary>
public enum FileKind
{
    File,
    Folder,
    Link,
    Other,
}

/// <summary>What the kernel knows about a file; two equal values mean that nobody touched it in between.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct FileFacts(
    FileKind Kind,
    uint Links,
    long SizeBytes,
    ulong Inode,
    ulong Device,
    long ModifiedNs,
    long ChangedNs
)
{
    public long ModifiedMs => ModifiedNs / 1_000_000;
}

/// <summary>
/// The calls on files that .NET does not offer and a store of blobs cannot do without: opening one path component at a
/// time without following links, attributes that travel with a file, syncing a directory. Failures are
/// <see cref="Win32Exception"/>s that carry the errno. Linux only.
/// </summary>
public static partial class LinuxFiles
{
    public const int NoSuchEntry = 2;
    public const int AlreadyExists = 17;
    public const int NotAFolder = 20;
    public const int IsAFolder = 21;
    public const int NoSpace = 28;
    public const int ReadOnly = 30;
    public const int NotEmpty = 39;
    public const int TooManyLinks = 40;
    public const int NoAttribute = 61;
    public const int AttributesUnsupported = 95;
    public const int QuotaExceeded = 122;

    private const int Writable = 0x2;
    private const int Create = 0x40;
    private const int Exclusive = 0x80;
    private const int NonBlocking = 0x800;
    private const int CloseOnExec = 0x80000;

    private const uint BasicFields = 0x7FF; // of statx: all that stat would tell
    private const uint FolderMode = 0x1C0; // rwx------
    private const uint FileMode = 0x180; // rw-------

    // These two traded places between architectures.
    private static readonly bool Arm = RuntimeInformation.ProcessArchitecture is Architecture.Arm64 or Architecture.Arm;
    private static readonly int FolderOnly = Arm ? 0x4000 : 0x10000;
    private static readonly int NoFollow = Arm ? 0x8000 : 0x20000;

    /// <summary>Opens the folder a store lives in; links on the way to it are the operator's choice and are followed.</summary>
    public static SafeFileHandle OpenFolder(string path) => Checked(open(path, FolderOnly | CloseOnExec, 0));

    /// <summary>Makes the folder a store lives in, for its owner alone, unless something of that name is there.</summary>
    public static void EnsureFolder(string path)
    {
        if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } above)
            Directory.CreateDirectory(above);
        if (mkdir(path, FolderMode) != 0 && Marshal.GetLastPInvokeError() != AlreadyExists)
            throw Failure();
    }

    public static SafeFileHandle OpenFolder(SafeFileHandle parent, string name) =>
        Checked(openat(parent, name, FolderOnly | NoFollow | CloseOnExec, 0));

    /// <summary>False where something of that name is there already.</summary>
    public static bool CreateFolder(SafeFileHandle parent, string name)
    {
        if (mkdirat(parent, name, FolderMode) == 0)
            return true;
        return Marshal.GetLastPInvokeError() == AlreadyExists ? false : throw Failure();
    }

    /// <summary>Never waits, not even on a pipe that somebody planted.</summary>
    public static SafeFileHandle OpenForReading(SafeFileHandle parent, string name) =>
        Checked(openat(parent, name, NoFollow | NonBlocking | CloseOnExec, 0));

    public static SafeFileHandle CreateFile(SafeFileHandle parent, string name) =>
        Checked(openat(parent, name, Writable | Create | Exclusive | NoFollow | CloseOnExec, FileMode));

    public static void Rename(SafeFileHandle fromFolder, string fromName, SafeFileHandle toFolder, string toName) =>
        Check(renameat(fromFolder, fromName, toFolder, toName));

    public static void RemoveFile(SafeFileHandle parent, string name) => Check(unlinkat(parent, name, 0));

    public static void RemoveFolder(SafeFileHandle parent, string name) => Check(unlinkat(parent, name, 0x200));

    /// <summary>Returns once the file, or the entries of the folder, would survive a loss of power.</summary>
    public static void Sync(SafeFileHandle handle) => Check(fsync(handle));

    public static FileFacts Describe(SafeFileHandle handle) =>
        Facts(statx(handle, "", 0x1000, BasicFields, out var s), s);

    /// <summary>A link is described itself, not what it points to.</summary>
    public static FileFacts Describe(SafeFileHandle parent, string name) =>
        Facts(statx(parent, name, 0x100, BasicFields, out var s), s);

    /// <summary>Takes the file's lock, which the kernel drops when the process ends; false where another holds it.</summary>
    public static bool TryLock(SafeFileHandle handle) => flock(handle, 0x2 | 0x4) == 0;

    /// <summary>The length of the attribute, or -1 where the file has none.</summary>
    public static int GetAttribute(SafeFileHandle handle, string name, Span<byte> value)
    {
        var length = (int)fgetxattr(handle, name, value, (nuint)value.Length);
        if (length >= 0)
            return length;
        return Marshal.GetLastPInvokeError() == NoAttribute ? -1 : throw Failure();
    }

    public static void SetAttribute(SafeFileHandle handle, string name, ReadOnlySpan<byte> value) =>
        Check(fsetxattr(handle, name, value, (nuint)value.Length, 0));

    private static FileFacts Facts(int result, in StatX s)
    {
        Check(result);
        var kind = (s.Mode & 0xF000) switch
        {
            0x8000 => FileKind.File,
            0x4000 => FileKind.Folder,
            0xA000 => FileKind.Link,
            _ => FileKind.Other,
        };
        var device = ((ulong)s.DeviceMajor << 32) | s.DeviceMinor;
        return new FileFacts(kind, s.Links, (long)s.Size, s.Inode, device, s.Modified.Ns, s.Changed.Ns);
    }

    private static SafeFileHandle Checked(SafeFileHandle handle) => handle.IsInvalid ? throw Failure() : handle;

    private static void Check(int result)
    {
        if (result != 0)
            throw Failure();
    }

    private static Win32Exception Failure() => new(Marshal.GetLastPInvokeError());

    [StructLayout(LayoutKind.Sequential)]
    private struct Time
    {
        private readonly long seconds;
        private readonly uint nanoseconds;
        private readonly int reserved;

        public readonly long Ns => seconds * 1_000_000_000 + nanoseconds;
    }

    /// <summary>The kernel's struct statx: the same on every architecture, unlike stat.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private struct StatX
    {
        [FieldOffset(16)]
        public uint Links;

        [FieldOffset(28)]
        public ushort Mode;

        [FieldOffset(32)]
        public ulong Inode;

        [FieldOffset(40)]
        public ulong Size;

        [FieldOffset(96)]
        public Time Changed;

        [FieldOffset(112)]
        public Time Modified;

        [FieldOffset(136)]
        public uint DeviceMajor;

        [FieldOffset(140)]
        public uint DeviceMinor;
    }

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial SafeFileHandle open(string path, int flags, uint mode);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial SafeFileHandle openat(SafeFileHandle folder, string name, int flags, uint mode);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int mkdir(string path, uint mode);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int mkdirat(SafeFileHandle folder, string name, uint mode);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int renameat(SafeFileHandle fromFolder, string from, SafeFileHandle toFolder, string to);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int unlinkat(SafeFileHandle folder, string name, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int fsync(SafeFileHandle handle);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int flock(SafeFileHandle handle, int operation);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int statx(SafeFileHandle folder, string name, int flags, uint mask, out StatX facts);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint fgetxattr(SafeFileHandle handle, string name, Span<byte> value, nuint size);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int fsetxattr(
        SafeFileHandle handle,
        string name,
        ReadOnlySpan<byte> value,
        nuint size,
        int flags
    );
}
