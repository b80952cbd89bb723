using System.Text.RegularExpressions;
using Slipway.Architecture.Tests.Reading;

namespace Slipway.Architecture.Tests.Rules;

/// <summary>Links lead somewhere, and the code a page shows is code that is compiled or run.</summary>
internal static partial class Docs
{
    public static IEnumerable<string> Breaches(House house)
    {
        var pages = house.Files.Where(f => f.Path.EndsWith(".md", StringComparison.Ordinal)).ToList();
        return
        [
            .. pages.SelectMany(page => Links(page, house)),
            .. pages.Where(p => p.IsUnder("docs/guide")).SelectMany(page => Snippets(page, house)),
        ];
    }

    private static IEnumerable<string> Links(SourceFile page, House house)
    {
        foreach (Match link in LinkTargets().Matches(Fences().Replace(page.Text, "")))
        {
            var target = link.Groups["target"].Value;
            if (
                target.Contains("://", StringComparison.Ordinal)
                || target.StartsWith("mailto:", StringComparison.Ordinal)
            )
                continue;
            var (path, anchor) = target.Split('#') is [var p, var a] ? (p, a) : (target, null);
            var full = path.Length == 0 ? page.Path : Resolve(page.Folder, path);
            var file = house.Files.FirstOrDefault(f => f.Path == full);
            if (file is null && !house.Files.Any(f => f.IsUnder(full)))
                yield return $"{page.Path} links to {target}, which is not there.";
            else if (anchor is not null && file is not null && !Anchors(file).Contains(anchor))
                yield return $"{page.Path} links to {target}: no heading of {full} has that anchor.";
        }
    }

    /// <summary>A fence of code in the guide stands right under the comment that names the sample it is taken from.</summary>
    private static IEnumerable<string> Snippets(SourceFile page, House house)
    {
        foreach (Match fence in CodeFences().Matches(page.Text))
        {
            var source = fence.Groups["source"].Value;
            var first = fence.Groups["code"].Value.Split('\n')[0];
            if (source.Length == 0)
                yield return $"{page.Path} shows code ('{first}') without the comment <!-- from samples/FILE --> above it.";
            else if (house.Files.FirstOrDefault(f => f.Path == source) is not { } sample)
                yield return $"{page.Path} shows code from {source}, which is not there.";
            else if (
                !Unindented(sample.Text).Contains(Unindented(fence.Groups["code"].Value), StringComparison.Ordinal)
            )
                yield return $"{page.Path} shows code ('{first}') that {source} does not have.";
        }
    }

    private static string Resolve(string folder, string path)
    {
        var parts = new List<string>(
            path.StartsWith('/') ? [] : folder.Split('/', StringSplitOptions.RemoveEmptyEntries)
        );
        foreach (var part in path.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            if (part == ".." && parts.Count > 0)
                parts.RemoveAt(parts.Count - 1);
            else if (part != ".")
                parts.Add(part);
        }
        return string.Join('/', parts);
    }

    private static HashSet<string> Anchors(SourceFile page) =>
        [
            .. Headings()
                .Matches(Fences().Replace(page.Text, ""))
                .Select(h =>
                    NotInAnchors().Replace(h.Groups["text"].Value.ToLowerInvariant(), "").Trim().Replace(' ', '-')
                ),
        ];

    private static string Unindented(string code) =>
        string.Join('\n', code.Trim().Split('\n').Select(line => line.Trim()));

    [GeneratedRegex(@"\[[^\]\n]*\]\((?<target>[^)\s]+)\)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex LinkTargets();

    [GeneratedRegex(
        @"^```.*?^```|`[^`\n]+`",
        RegexOptions.ExplicitCapture | RegexOptions.Multiline | RegexOptions.Singleline,
        1000
    )]
    private static partial Regex Fences();

    [GeneratedRegex(
        @"(<!-- from (?<source>\S+) -->\n)?^```(csharp|cs|python|py|r)\n(?<code>.*?)^```",
        RegexOptions.ExplicitCapture | RegexOptions.Multiline | RegexOptions.Singleline,
        1000
    )]
    private static partial Regex CodeFences();

    [GeneratedRegex(@"^#+ (?<text>.+)$", RegexOptions.ExplicitCapture | RegexOptions.Multiline, 1000)]
    private static partial Regex Headings();

    [GeneratedRegex(@"[^\w\- ]", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex NotInAnchors();
}
