using System.Globalization;
using Slipway.Sdk;

namespace Slipway.Foundation.Basics;

/// <summary>
/// The folder that holds everything one server stores, for one server at a time. The lock is the operating system's,
/// so it goes with its process however that ends, and there is no stale lock to clean up. Who holds it stands in a file
/// beside it, because a locked file cannot be read by those it keeps out.
/// </summary>
public sealed class ServerFolder : IDisposable
{
    // What the lock call answers when another process has the file: EAGAIN on Linux, EWOULDBLOCK on macOS, sharing violation on Windows.
    private static readonly int[] LockedElsewhere = [11, 35, unchecked((int)0x80070020)];

    private readonly FileStream held;

    private ServerFolder(string path, FileStream held)
    {
        Path = path;
        this.held = held;
    }

    public string Path { get; }

    public string DatabaseFile => DatabaseFileIn(Path);

    public string BlobFolder => BlobFolderIn(Path);

    public string AnchorFile => AnchorFileIn(Path);

    public string BackupFolder => System.IO.Path.Combine(Path, "backups");

    public static string DatabaseFileIn(string path) => System.IO.Path.Combine(path, "slipway.db");

    public static string BlobFolderIn(string path) => System.IO.Path.Combine(path, "blobs");

    public static string AnchorFileIn(string path) => System.IO.Path.Combine(path, "audit-anchors.txt");

    /// <summary>Makes the folder where there is none, readable by its owner alone, and takes it for this process.</summary>
    public static ServerFolder Open(string path)
    {
        var full = System.IO.Path.GetFullPath(path);
        try
        {
            if (!Directory.Exists(full))
                CreatePrivately(full);
            var folder = new ServerFolder(full, TakeLock(full));
            folder.RefuseWithoutLocks();
            folder.NameHolder();
            return folder;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new Fault(
                FaultKind.Unavailable,
                "setup.data_folder",
                $"The data folder {full} cannot be written: {e.Message}",
                "Make it writable for the user who runs Slipway, or name another folder with --data DIR."
            );
        }
    }

    /// <summary>Who runs on the folder now; null where nobody does.</summary>
    public static string? HolderIfTaken(string path)
    {
        try
        {
            if (File.Exists(LockFile(path)))
                TakeLock(path).Dispose();
            return null;
        }
        catch (Fault)
        {
            return HolderOf(path) ?? "another process";
        }
    }

    /// <summary>Who has taken the folder, as "process 4711 on host"; null where nobody says so.</summary>
    public static string? HolderOf(string path)
    {
        try
        {
            var words = File.ReadAllText(HolderFile(path)).Split(' ', StringSplitOptions.TrimEntries);
            return words.Length == 2 ? $"process {words[0]} on {words[1]}" : null;
        }
        catch (IOException)
        {
            return null;
        }
    }

    public static void CreatePrivately(string path)
    {
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(path);
        else
            Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    public void Dispose()
    {
        File.Delete(HolderFile(Path));
        held.Dispose();
    }

    private static string LockFile(string path) => System.IO.Path.Combine(path, "slipway.lock");

    private static string HolderFile(string path) => System.IO.Path.Combine(path, "slipway.pid");

    private static FileStream TakeLock(string path)
    {
        try
        {
            return new FileStream(LockFile(path), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e) when (LockedElsewhere.Contains(e.HResult))
        {
            throw Fault.Conflict(
                "setup.data_folder_in_use",
                $"The data folder {path} is in use by {HolderOf(path) ?? "another process"}.",
                "Stop that server first, or start this one on another folder with --data DIR."
            );
        }
    }

    /// <summary>Some network shares take a lock call and keep no lock: two servers would then write one database.</summary>
    private void RefuseWithoutLocks()
    {
        try
        {
            new FileStream(LockFile(Path), FileMode.Open, FileAccess.ReadWrite, FileShare.None).Dispose();
        }
        catch (IOException)
        {
            return;
        }
        held.Dispose();
        throw new Fault(
            FaultKind.Unavailable,
            "setup.no_locks",
            $"The file system of {Path} does not keep locks, so a second server could not be kept out.",
            "Put the data folder on a local disk: --data DIR."
        );
    }

    private void NameHolder() =>
        File.WriteAllText(
            HolderFile(Path),
            string.Create(CultureInfo.InvariantCulture, $"{Environment.ProcessId} {Environment.MachineName}")
        );
}
