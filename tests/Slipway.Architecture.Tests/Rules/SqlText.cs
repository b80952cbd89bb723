using System.Text.RegularExpressions;

namespace Slipway.Architecture.Tests.Rules;

/// <summary>Just enough understanding of our SQL to see which tables a text names. House SQL is lower case; people's sentences begin with a capital.</summary>
internal static partial class SqlText
{
    private static readonly HashSet<string> NotTables = ["select", "lateral", "set", "values", "skip", "of", "nowait"];

    public static bool IsStatement(string text) => Statement().IsMatch(text);

    public static bool IsShouted(string text) => Shouted().IsMatch(text);

    /// <summary>The tables that a statement names after from, join, into, update and so on.</summary>
    public static IEnumerable<string> Tables(string text)
    {
        var sql = Comments().Replace(text, "");
        var named = CommonTables().Matches(sql).Select(m => m.Groups["name"].Value).ToHashSet(StringComparer.Ordinal);
        return TableWords()
            .Matches(sql)
            .SelectMany(match => match.Groups["name"].Captures.Concat(match.Groups["more"].Captures))
            .Select(capture => capture.Value)
            .Where(name => !NotTables.Contains(name) && !named.Contains(name))
            .Distinct();
    }

    public static IEnumerable<string> Referenced(string text) =>
        References().Matches(text).Select(m => m.Groups["name"].Value).Distinct();

    public static IEnumerable<string> Created(string text) =>
        Creations().Matches(text).Select(m => m.Groups["name"].Value).Distinct();

    [GeneratedRegex(
        @"^\s*(select\s|insert\s+into\s|update\s+\w+\s+set\s|delete\s+from\s|with\s+(recursive\s+)?\w+\s+(\(|as\b)|create\s+(table|index|unique|temp)\s|alter\s+table\s|drop\s+(table|index)\s)",
        RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex Statement();

    [GeneratedRegex(
        @"^\s*(SELECT\s|INSERT INTO\s|UPDATE \w+ SET\s|DELETE FROM\s|CREATE TABLE\s)",
        RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex Shouted();

    [GeneratedRegex(@"--[^\n]*|'[^']*'", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Comments();

    [GeneratedRegex(
        @"(?<name>\w+)(\s*\([\w\s,]*\))?\s+as\s+((not\s+)?materialized\s+)?\(",
        RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex CommonTables();

    // "is distinct from x" compares, and "from f(" calls; neither names a table.
    [GeneratedRegex(
        @"((?<!distinct\s)\bfrom|\bjoin)\s+(?<name>[a-z_]\w*)\b(?!\s*\()((\s+(as\s+)?[a-z]\w*)?\s*,\s*(?<more>[a-z_]\w*)\b(?!\s*[\(.=]))*"
            + @"|(\binto|(?<!\bfor\s)(?<!\bdo\s)\bupdate|\btable(\s+if\s+(not\s+)?exists)?|\bindex(\s+if\s+not\s+exists)?\s+\w+\s+on)\s+(?!if\s)(?<name>[a-z_]\w*)",
        RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex TableWords();

    [GeneratedRegex(@"\breferences\s+(?<name>\w+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex References();

    [GeneratedRegex(@"\bcreate\s+table\s+(if\s+not\s+exists\s+)?(?<name>\w+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Creations();
}
