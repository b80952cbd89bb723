using System.Text.Json;

namespace Slipway.Numerics.Tests.Reference;

/// <summary>
/// The cases to be checked: those carried with the tests, and those of the folder that SLIPWAY_REFERENCE names (or
/// ../shared/data/reference beside the tree, where it exists). A file with the same text as one already read is read once.
/// </summary>
internal static class ReferenceCases
{
    private static readonly Lazy<IReadOnlyList<(string File, JsonElement Document)>> Files = new(ReadFiles);

    /// <summary>File and case number of every case in the formats given, for a theory.</summary>
    public static TheoryData<string, string, int> Of(string format, params string[] kinds)
    {
        var data = new TheoryData<string, string, int>();
        foreach (var (file, document) in Files.Value)
        {
            if (document.GetProperty("format").GetString() != format)
                continue;
            var number = 0;
            foreach (var item in document.GetProperty("cases").EnumerateArray())
            {
                if (kinds.Length == 0 || kinds.Contains(item.GetProperty("kind").GetString()))
                    data.Add(file, item.TryGetProperty("id", out var id) ? id.GetString()! : "", number);
                number++;
            }
        }
        return data;
    }

    public static JsonElement Read(string file, int number) =>
        Files.Value.First(f => f.File == file).Document.GetProperty("cases")[number];

    private static List<(string, JsonElement)> ReadFiles()
    {
        var files = new List<(string, JsonElement)>();
        var texts = new HashSet<string>(StringComparer.Ordinal);
        foreach (var folder in new[] { CarriedFolder, GivenFolder }.OfType<string>().Where(Directory.Exists))
        {
            foreach (var path in Directory.EnumerateFiles(folder, "*.json").Order(StringComparer.Ordinal))
            {
                var text = File.ReadAllText(path);
                if (!texts.Add(text))
                    continue;
                var document = JsonDocument.Parse(text).RootElement;
                if (document.ValueKind == JsonValueKind.Object && document.TryGetProperty("format", out _))
                    files.Add((folder == CarriedFolder ? Path.GetFileName(path) : path, document));
            }
        }
        return files;
    }

    private static string CarriedFolder => Path.Combine(AppContext.BaseDirectory, "Reference", "Cases");

    private static string? GivenFolder
    {
        get
        {
            if (Environment.GetEnvironmentVariable("SLIPWAY_REFERENCE") is { Length: > 0 } given)
                return Directory.Exists(given)
                    ? given
                    : throw new DirectoryNotFoundException($"SLIPWAY_REFERENCE names {given}, which is no folder.");
            var root = AppContext.BaseDirectory;
            while (root is not null && !File.Exists(Path.Combine(root, "Slipway.slnx")))
                root = Path.GetDirectoryName(root);
            return root is null ? null : Path.Combine(root, "..", "shared", "data", "reference");
        }
    }
}
