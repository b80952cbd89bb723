using System.Globalization;

namespace Slipway.Sdk.Tracking.Outgoing;

/// <summary>
/// What a run could not send yet, on disk: a folder with numbered files of one parcel a line, read in the order they
/// were written. A file is removed when all of it was sent; a process that dies in between leaves it, and whoever goes
/// on sends it whole, which does no harm. The folder belongs to one process at a time by a lock that ends with it.
/// </summary>
internal sealed class Spool : IDisposable
{
    private const string LockFile = "lock";
    private const int SegmentBytes = 1 << 20;

    // Room for files in front of the first: what waited in memory is older than what went to the disk before it.
    private const int FirstSegment = 1_000_000;

    private readonly string folder;
    private readonly FileStream held;
    private readonly List<(int Number, long Bytes)> segments = [];
    private readonly Queue<Parcel> head = new();
    private FileStream? tail;

    private Spool(string folder, FileStream held)
    {
        this.folder = folder;
        this.held = held;
        foreach (var file in new DirectoryInfo(folder).EnumerateFiles("*.jsonl"))
        {
            if (int.TryParse(file.Name.AsSpan(0, file.Name.Length - 6), CultureInfo.InvariantCulture, out var number))
                segments.Add((number, file.Length));
        }
        segments.Sort();
    }

    public bool IsEmpty => segments.Count == 0;

    public long SizeBytes => segments.Sum(segment => segment.Bytes);

    /// <summary>The spool of a run for this server; null while another process has it.</summary>
    public static Spool? TryOpen(string root, string runId, Uri server)
    {
        var place = Path.Combine(root, runId);
        CreatePrivately(place);
        if (TryLock(Path.Combine(place, LockFile)) is not { } taken)
            return null;
        if (OwnsServer(taken, server))
            return new Spool(place, taken);
        taken.Dispose();
        return null;
    }

    /// <summary>The ids of runs that left something behind.</summary>
    public static IReadOnlyList<string> Leftovers(string root) =>
        Directory.Exists(root) ? [.. new DirectoryInfo(root).EnumerateDirectories().Select(d => d.Name).Order()] : [];

    public void Append(Parcel parcel)
    {
        var line = parcel.ToLine();
        if (tail is null || segments[^1].Bytes >= SegmentBytes)
            StartTail();
        tail!.Write(line);
        tail.Flush(flushToDisk: true);
        segments[^1] = (segments[^1].Number, segments[^1].Bytes + line.Length);
    }

    /// <summary>Puts parcels in front of everything else, as long as nothing was taken out yet.</summary>
    public void Prepend(IEnumerable<Parcel> parcels)
    {
        byte[] lines = [.. parcels.SelectMany(parcel => parcel.ToLine())];
        if (lines.Length == 0)
            return;
        if (segments.Count == 0)
        {
            StartTail();
            tail!.Write(lines);
            tail.Flush(flushToDisk: true);
            segments[^1] = (segments[^1].Number, lines.Length);
            return;
        }
        var number = segments[0].Number - 1;
        using (var file = new FileStream(FileOf(number), FileMode.Create, FileAccess.Write))
        {
            file.Write(lines);
            file.Flush(flushToDisk: true);
        }
        segments.Insert(0, (number, lines.Length));
    }

    /// <summary>The parcel that is next, which stays so until it is removed; null when there is none.</summary>
    public Parcel? Peek()
    {
        while (head.Count == 0 && segments.Count > 0)
        {
            if (segments.Count == 1)
                CloseTail();
            foreach (var line in File.ReadLines(FileOf(segments[0].Number)))
            {
                if (Parcel.FromLine(line) is { } parcel)
                    head.Enqueue(parcel);
            }
            if (head.Count == 0)
                DropSegment();
        }
        return head.TryPeek(out var next) ? next : null;
    }

    public void Remove()
    {
        head.Dequeue();
        if (head.Count == 0)
            DropSegment();
    }

    /// <summary>Leaves what is there for whoever opens the spool next; a spool with nothing in it goes.</summary>
    public void Dispose()
    {
        CloseTail();
        if (IsEmpty)
        {
            File.Delete(Path.Combine(folder, LockFile));
            held.Dispose();
            TryRemoveFolder();
        }
        held.Dispose();
    }

    private static FileStream? TryLock(string file)
    {
        try
        {
            return new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException)
        {
            return null;
        }
    }

    /// <summary>The lock says for which server the spool is, so that nothing reaches another one.</summary>
    private static bool OwnsServer(FileStream held, Uri server)
    {
        using var reader = new StreamReader(held, leaveOpen: true);
        var written = reader.ReadToEnd();
        if (written.Length > 0)
            return written == server.AbsoluteUri;
        using var writer = new StreamWriter(held, leaveOpen: true);
        writer.Write(server.AbsoluteUri);
        return true;
    }

    private static void CreatePrivately(string folder)
    {
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(folder);
        else
            Directory.CreateDirectory(
                folder,
                UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
            );
    }

    private void StartTail()
    {
        CloseTail();
        var number = segments.Count > 0 ? segments[^1].Number + 1 : FirstSegment;
        tail = new FileStream(FileOf(number), FileMode.Create, FileAccess.Write, FileShare.Read, bufferSize: 0);
        segments.Add((number, 0));
    }

    private void CloseTail()
    {
        tail?.Dispose();
        tail = null;
    }

    private void DropSegment()
    {
        File.Delete(FileOf(segments[0].Number));
        segments.RemoveAt(0);
    }

    private void TryRemoveFolder()
    {
        try
        {
            Directory.Delete(folder);
        }
        catch (IOException)
        {
            // Another process has begun to use it.
        }
    }

    private string FileOf(int number) =>
        Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{number:0000000}.jsonl"));
}
