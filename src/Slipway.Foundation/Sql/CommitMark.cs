using Slipway.Sdk;

namespace Slipway.Foundation.Sql;

/// <summary>
/// The number of the last durable commit, in a small file beside a SQLite database. SQLite takes a log that is cut off
/// or gone for the normal end of a killed process, and a missing database for a new one; acknowledged writes would
/// vanish without a word. The mark tells: it is written after each commit and never synced, so it can be older than the
/// database after a power failure, and is never newer unless something was lost.
/// </summary>
internal sealed class CommitMark(string databaseFile) : IDisposable
{
    private readonly string path = FileOf(databaseFile);
    private FileStream? file;

    public static string FileOf(string databaseFile) => databaseFile + "-mark";

    public void Write(long number)
    {
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        BitConverter.TryWriteBytes(bytes, number);
        try
        {
            file ??= new FileStream(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
            RandomAccess.Write(file.SafeFileHandle, bytes, 0);
        }
        catch (IOException)
        {
            // An older mark is as true as this one.
        }
    }

    /// <summary>Refuses a database file that is missing or empty although commits were acknowledged.</summary>
    public void RefuseMissing()
    {
        var found = new FileInfo(databaseFile);
        if (found is not { Exists: true, Length: > 0 } && Read() > 0)
            throw Lost($"The database {databaseFile} is {(found.Exists ? "empty" : "gone")}, but it held data before.");
    }

    /// <summary>Refuses a database that ends before what was acknowledged.</summary>
    public void RefuseOlder(long number)
    {
        if (Read() is var acknowledged && number < acknowledged)
            throw Lost(
                $"The database {databaseFile} ends at commit {number}, but commit {acknowledged} was acknowledged: its -wal file is cut off or missing, or an older copy was put in its place."
            );
    }

    public void Dispose() => file?.Dispose();

    private long Read()
    {
        try
        {
            var bytes = File.ReadAllBytes(path);
            return bytes.Length == sizeof(long) ? BitConverter.ToInt64(bytes) : 0;
        }
        catch (FileNotFoundException)
        {
            return 0;
        }
    }

    private Fault Lost(string sentence) =>
        new(
            FaultKind.Internal,
            "store.lost",
            sentence,
            $"Bring back a backup with: slipway restore BACKUP --replace. To go on with what is there, and without what was acknowledged after it, delete {path}."
        );
}
