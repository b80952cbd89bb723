namespace Slipway.Tests.Faults.Shim;

/// <summary>
/// What a disk holds whose power failed: all that was synced, and of each change since then either the change or
/// nothing, as chance has it, in whatever order.
/// </summary>
internal static class PowerFailure
{
    /// <summary>Writes the folder as it would be after a failure at this place of the trace.</summary>
    public static void Rebuild(
        IReadOnlyList<(long End, FileChange Change)> trace,
        long cut,
        string from,
        string to,
        Random random
    )
    {
        var before = trace.Where(t => t.End <= cut).Select(t => t.Change).ToList();
        var lastSync = new Dictionary<string, int>();
        for (var i = 0; i < before.Count; i++)
        {
            if (before[i].Kind == FileChange.Synced)
                lastSync[before[i].Path] = i;
        }
        var files = new Dictionary<string, MemoryStream>();
        for (var i = 0; i < before.Count; i++)
        {
            var change = before[i];
            // Names live in their folder: taking one away or moving it lasts once the folder is synced.
            var holder = change.Kind is FileChange.Renamed or FileChange.Removed
                ? Path.GetDirectoryName(change.Path)!
                : change.Path;
            var isDurable = i < lastSync.GetValueOrDefault(holder, -1);
            if (isDurable || random.Next(2) == 0)
                Apply(files, change);
        }
        Directory.CreateDirectory(to);
        foreach (var (path, content) in files)
        {
            var target = Path.Combine(to, Path.GetRelativePath(from, path));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.WriteAllBytes(target, content.ToArray());
        }
    }

    private static void Apply(Dictionary<string, MemoryStream> files, FileChange change)
    {
        switch (change.Kind)
        {
            case FileChange.Written:
                var file = FileOf(files, change.Path);
                file.Position = change.Offset;
                file.Write(change.Data);
                break;
            case FileChange.Truncated:
                FileOf(files, change.Path).SetLength(change.Offset);
                break;
            case FileChange.Renamed when files.Remove(change.Path, out var moved):
                files[System.Text.Encoding.UTF8.GetString(change.Data)] = moved;
                break;
            case FileChange.Removed:
                files.Remove(change.Path);
                break;
        }
    }

    private static MemoryStream FileOf(Dictionary<string, MemoryStream> files, string path)
    {
        if (!files.TryGetValue(path, out var file))
            files.Add(path, file = new MemoryStream());
        return file;
    }
}
