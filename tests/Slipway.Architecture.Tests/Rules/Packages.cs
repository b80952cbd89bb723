using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Slipway.Architecture.Tests.Reading;

namespace Slipway.Architecture.Tests.Rules;

/// <summary>Every package is there for something that docs/reference/dependencies.md says, and stays in the folder named there.</summary>
internal static class Packages
{
    private const string Page = "docs/reference/dependencies.md";

    public static IEnumerable<string> Breaches(House house, IReadOnlyDictionary<string, string> packageOfAssembly) =>
        [.. Lines(house), .. Strays(house, packageOfAssembly), .. Versions(house)];

    /// <summary>Which package brought an assembly, as the build of these tests wrote it down.</summary>
    public static IReadOnlyDictionary<string, string> PackageOfAssembly()
    {
        var file = Path.Combine(AppContext.BaseDirectory, "Slipway.Architecture.Tests.deps.json");
        using var deps = JsonDocument.Parse(File.ReadAllBytes(file));
        var packages =
            from target in deps.RootElement.GetProperty("targets").EnumerateObject()
            from library in target.Value.EnumerateObject()
            where library.Value.TryGetProperty("runtime", out _)
            from assembly in library.Value.GetProperty("runtime").EnumerateObject()
            select (Assembly: Path.GetFileNameWithoutExtension(assembly.Name), Package: library.Name.Split('/')[0]);
        return packages
            .Where(p => !p.Package.StartsWith("Slipway", StringComparison.Ordinal))
            .DistinctBy(p => p.Assembly)
            .ToDictionary(p => p.Assembly, p => p.Package, StringComparer.Ordinal);
    }

    private static IEnumerable<string> Lines(House house)
    {
        var versions = Versioned(house).ToHashSet(StringComparer.Ordinal);
        var lines = Documented(house).ToList();
        foreach (var package in versions.Except(lines.SelectMany(line => line.Packages)))
            yield return $"{package} has no line in {Page}: say what for, and the folder that uses it.";
        foreach (var package in lines.Select(line => line.Packages[0]).Except(versions))
            yield return $"{Page} names {package}, which Directory.Packages.props does not.";
    }

    private static IEnumerable<string> Strays(House house, IReadOnlyDictionary<string, string> packageOfAssembly)
    {
        var folders = Documented(house)
            .SelectMany(line => line.Packages, (line, package) => (package, line.Folders))
            .ToDictionary(line => line.package, line => line.Folders, StringComparer.Ordinal);
        foreach (var edge in house.Code.Edges)
        {
            if (!packageOfAssembly.TryGetValue(edge.To.Project, out var package))
                continue;
            var folder = FolderOf(edge.From);
            if (!folders.TryGetValue(package, out var allowed))
                yield return $"{edge.Source} uses {edge.To}: its package {package} has no line in {Page}.";
            else if (!allowed.Any(pattern => IsIn(folder, pattern)))
                yield return $"{edge.Source} uses {edge.To}: {package} stays in {string.Join(", ", allowed)}.";
        }
    }

    private static IEnumerable<string> Versions(House house) =>
        from file in house.Files
        where file.Path.EndsWith(".csproj", StringComparison.Ordinal)
        from reference in XDocument.Parse(file.Text).Descendants("PackageReference")
        where reference.Attribute("Version") is not null
        select $"{file.Path} gives {reference.Attribute("Include")?.Value} a version: versions stand in Directory.Packages.props.";

    private static IEnumerable<string> Versioned(House house) =>
        house
            .Files.Where(f => f.Path == "Directory.Packages.props")
            .SelectMany(f => XDocument.Parse(f.Text).Descendants("PackageVersion"))
            .Select(p => p.Attribute("Include")!.Value);

    /// <summary>A line may name, after a package, those that come with it.</summary>
    private static IEnumerable<(List<string> Packages, List<string> Folders)> Documented(House house) =>
        house
            .Files.Where(f => f.Path == Page)
            .SelectMany(f => MarkdownTable.Under(f.Text, "Packages"))
            .Select(row => (Names(row["Package"]), Names(row["Folder"])));

    private static List<string> Names(string cell) =>
        [.. cell.Split(',', StringSplitOptions.TrimEntries).Select(name => name.Trim('`'))];

    private static string FolderOf(Spot spot)
    {
        var below =
            spot.Namespace.Length > spot.Project.Length ? spot.Namespace[spot.Project.Length..].Replace('.', '/') : "";
        return $"src/{spot.Project}{below}";
    }

    /// <summary>A star stands for one folder.</summary>
    private static bool IsIn(string folder, string pattern) =>
        Regex.IsMatch(
            folder,
            $"^{Regex.Escape(pattern).Replace("\\*", "[^/]+", StringComparison.Ordinal)}(/|$)",
            RegexOptions.None,
            TimeSpan.FromSeconds(1)
        );
}
