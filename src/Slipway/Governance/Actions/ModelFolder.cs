using Slipway.Sdk;

namespace Slipway.Governance.Actions;

/// <summary>A model as a folder, or a single file, of this machine.</summary>
internal static class ModelFolder
{
    public static (IReadOnlyList<ScanSource> Sources, IReadOnlyList<string> Links) Sources(string path)
    {
        var sources = new List<ScanSource>();
        var links = new List<string>();
        if (File.Exists(path))
            sources.Add(Source(Path.GetFileName(path), new FileInfo(path)));
        else if (!Directory.Exists(path))
            throw Fault.NotFound("model.folder_not_found", $"There is no file or folder '{path}'.");
        else
            Walk(new DirectoryInfo(path), "", sources, links);
        return (sources, links);
    }

    private static void Walk(DirectoryInfo folder, string prefix, List<ScanSource> sources, List<string> links)
    {
        foreach (
            var entry in folder.EnumerateFileSystemInfos(
                "*",
                new EnumerationOptions { AttributesToSkip = FileAttributes.None }
            )
        )
        {
            var name = prefix + entry.Name;
            if (entry.LinkTarget is not null || entry.Attributes.HasFlag(FileAttributes.Device))
                links.Add(name);
            else if (entry is DirectoryInfo inner)
                Walk(inner, $"{name}/", sources, links);
            else
                sources.Add(Source(name, (FileInfo)entry));
        }
    }

    // A pipe or a device has no length and is never opened: reading it could wait for ever.
    private static ScanSource Source(string name, FileInfo file) =>
        new(
            name,
            file.Length,
            _ =>
                Task.FromResult<Stream>(
                    file.Length == 0
                        ? new MemoryStream()
                        : new FileStream(file.FullName, FileMode.Open, FileAccess.Read, FileShare.Read)
                )
        );
}
