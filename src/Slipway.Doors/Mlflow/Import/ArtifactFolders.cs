using Slipway.Foundation.Blobs;

namespace Slipway.Doors.Mlflow.Import;

/// <summary>
/// Folders of this machine in which artifacts may be found. An address in foreign data may name any file here, so
/// nothing outside these folders is opened, and no link is followed, wherever it leads.
/// </summary>
internal sealed class ArtifactFolders(IReadOnlyList<string> roots)
{
    private const string Proxied = "mlflow-artifacts:";

    // <experiment>/<run>/artifacts, or <experiment>/models/<model>/artifacts.
    private const int LongestTail = 4;

    private readonly IReadOnlyList<string> roots = [.. roots.Select(Path.GetFullPath)];

    public ForeignFiles At(string address)
    {
        if (address.Length == 0)
            return ForeignFiles.None;
        if (LocalPath(address) is not { } path)
            return ForeignFiles.Elsewhere($"they stay where they are, at {Scheme(address)}");
        foreach (var folder in Candidates(path))
        {
            if (PlainTree.Holds(roots, folder))
                return new ForeignFiles(FilesIn(folder).ToAsyncEnumerable());
        }
        return Directory.Exists(path)
            ? ForeignFiles.Refused("they lie outside the folders to read from; name theirs with --artifacts DIR")
            : ForeignFiles.None;
    }

    /// <summary>Where the files may lie: as the address says, or under one of the folders, moved here from elsewhere.</summary>
    private IEnumerable<string> Candidates(string path)
    {
        if (Path.IsPathRooted(path))
            yield return Path.GetFullPath(path);
        var segments = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        if (segments.Any(segment => segment is "." or ".."))
            yield break;
        for (var length = Math.Min(LongestTail, segments.Length); length > 0; length--)
        {
            foreach (var root in roots)
                yield return Path.Combine([root, .. segments[^length..]]);
        }
    }

    private static IEnumerable<ForeignFile> FilesIn(string folder) =>
        PlainTree
            .Files(folder)
            .Select(name => new ForeignFile(name, _ => Task.FromResult(PlainTree.Open(Path.Combine(folder, name)))));

    private static string? LocalPath(string address)
    {
        if (address.StartsWith(Proxied, StringComparison.Ordinal))
            return AfterAuthority(address[Proxied.Length..]).TrimStart('/');
        if (address.StartsWith("file:", StringComparison.Ordinal))
            return Uri.UnescapeDataString(AfterAuthority(address["file:".Length..]));
        return address.Contains("://", StringComparison.Ordinal) || address.Contains(":/", StringComparison.Ordinal)
            ? null
            : address;
    }

    private static string AfterAuthority(string rest) =>
        !rest.StartsWith("//", StringComparison.Ordinal) ? rest
        : rest.IndexOf('/', 2) is var slash and > 0 ? rest[slash..]
        : "";

    private static string Scheme(string address) => address[..address.IndexOf(':')] + "://…";
}
