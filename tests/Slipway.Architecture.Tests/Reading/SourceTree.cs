using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Slipway.Architecture.Tests.Reading;

/// <summary>A file of the tree; the path is relative to its root, with forward slashes.</summary>
internal sealed class SourceFile(string path, string text)
{
    private SyntaxNode? root;

    public string Path { get; } = path;

    public string Text { get; } = text;

    public string Name { get; } = System.IO.Path.GetFileName(path);

    public string Folder { get; } = path.LastIndexOf('/') is var slash and >= 0 ? path[..slash] : "";

    public bool IsCode => Path.EndsWith(".cs", StringComparison.Ordinal);

    /// <summary>The syntax of a C# file, read once.</summary>
    public SyntaxNode Root => root ??= CSharpSyntaxTree.ParseText(Text, path: Path).GetRoot();

    public int LineCount => Text.AsSpan().Count('\n') + (Text.EndsWith('\n') || Text.Length == 0 ? 0 : 1);

    public bool IsUnder(string folder) => Path.StartsWith(folder + "/", StringComparison.Ordinal);

    public int LineOf(SyntaxNode node) => node.GetLocation().GetLineSpan().StartLinePosition.Line + 1;
}

/// <summary>The files of the working tree, found without asking git, so that an unpacked archive will do.</summary>
internal static class SourceTree
{
    private static readonly HashSet<string> NotOurs =
    [
        ".git",
        ".slipway",
        ".vs",
        ".vscode",
        ".idea",
        "bin",
        "obj",
        "artifacts",
        "node_modules",
        "dist",
        "TestResults",
        "slipway-data",
        "BenchmarkDotNet.Artifacts",
    ];

    public static string Root { get; } = FindRoot();

    public static IReadOnlyList<SourceFile> Read() => [.. Files(new DirectoryInfo(Root)).Select(Read)];

    private static IEnumerable<FileInfo> Files(DirectoryInfo folder) =>
        folder
            .EnumerateFiles()
            .Where(file => file.LinkTarget is null && !NotOurs.Contains(file.Name))
            .Concat(
                folder
                    .EnumerateDirectories()
                    .Where(inner => inner.LinkTarget is null && !NotOurs.Contains(inner.Name))
                    .SelectMany(Files)
            );

    /// <summary>What is not text, such as a picture, is there and says nothing.</summary>
    private static SourceFile Read(FileInfo file)
    {
        var text = File.ReadAllText(file.FullName);
        return new SourceFile(
            Path.GetRelativePath(Root, file.FullName).Replace('\\', '/'),
            text.Contains('\0') ? "" : text
        );
    }

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(System.IO.Path.Combine(folder.FullName, "Slipway.slnx")))
                return folder.FullName;
        }
        throw new InvalidOperationException(
            "The tests have to be built inside the repository: no Slipway.slnx above them."
        );
    }
}
