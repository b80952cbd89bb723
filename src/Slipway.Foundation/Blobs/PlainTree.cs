using System.Text;
using Slipway.Natives;
using Slipway.Sdk;

namespace Slipway.Foundation.Blobs;

/// <summary>
/// Plain files and folders of a tree that a stranger made, for an importer: links, pipes and devices are as if they were
/// not there, and a text is read no further than whoever asks has room for.
/// </summary>
public static class PlainTree
{
    private static readonly EnumerationOptions All = new()
    {
        AttributesToSkip = FileAttributes.None,
        IgnoreInaccessible = false,
    };

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);

    /// <summary>Whether a folder is one of the roots or lies beneath one, with no link on the way.</summary>
    public static bool Holds(IEnumerable<string> roots, string folder) =>
        roots.FirstOrDefault(root =>
            folder == root || folder.StartsWith(root.TrimEnd('/') + "/", StringComparison.Ordinal)
        )
            is { } root
        && Directory.Exists(folder)
        && Between(root, folder).All(part => KindOf(part) == FileKind.Folder);

    public static IEnumerable<string> Folders(string folder) =>
        Directory.Exists(folder)
            ? Directory
                .EnumerateDirectories(folder, "*", All)
                .Where(inner => KindOf(inner) == FileKind.Folder)
                .Order(StringComparer.Ordinal)
            : [];

    /// <summary>The names of all files beneath a folder, with slashes.</summary>
    public static IEnumerable<string> Files(string folder, string prefix = "")
    {
        if (!Directory.Exists(folder))
            yield break;
        foreach (var file in Directory.EnumerateFiles(folder, "*", All).Order(StringComparer.Ordinal))
        {
            if (KindOf(file) == FileKind.File)
                yield return prefix + Path.GetFileName(file);
        }
        foreach (var inner in Folders(folder))
        {
            foreach (var name in Files(inner, $"{prefix}{Path.GetFileName(inner)}/"))
                yield return name;
        }
    }

    /// <summary>Opens a plain file; a fault where something else is there by now.</summary>
    public static Stream Open(string file)
    {
        using var folder = LinuxFiles.OpenFolder(Path.GetDirectoryName(file)!);
        return new FileStream(LinuxFiles.OpenForReading(folder, Path.GetFileName(file)), FileAccess.Read);
    }

    /// <summary>The text of a file; null where there is no such plain file. Bytes that are no text become the sign for that.</summary>
    public static string? ReadText(string file, int limitBytes)
    {
        if (!File.Exists(file) || KindOf(file) != FileKind.File)
            return null;
        using var stream = Open(file);
        if (stream.Length > limitBytes)
            throw Fault.Invalid("import.file_size", $"The file has more than the {limitBytes} bytes that it may have.");
        using var reader = new StreamReader(stream, Utf8);
        return reader.ReadToEnd();
    }

    /// <summary>The lines of a text file, however long it is; of a line that is too long, as much as it may have.</summary>
    public static IEnumerable<string> Lines(string file, int limitChars)
    {
        using var reader = new StreamReader(Open(file), Utf8, detectEncodingFromByteOrderMarks: false, 1 << 16);
        var line = new StringBuilder();
        for (var next = reader.Read(); next >= 0; next = reader.Read())
        {
            if (next != '\n')
            {
                if (line.Length < limitChars)
                    line.Append((char)next);
                continue;
            }
            yield return line.ToString();
            line.Clear();
        }
        if (line.Length > 0)
            yield return line.ToString();
    }

    private static FileKind KindOf(string path)
    {
        using var folder = LinuxFiles.OpenFolder(Path.GetDirectoryName(path)!);
        return LinuxFiles.Describe(folder, Path.GetFileName(path)).Kind;
    }

    private static IEnumerable<string> Between(string root, string folder)
    {
        for (var part = folder; part.Length > root.TrimEnd('/').Length; part = Path.GetDirectoryName(part)!)
            yield return part;
    }
}
