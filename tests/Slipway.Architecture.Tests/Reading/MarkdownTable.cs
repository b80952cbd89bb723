namespace Slipway.Architecture.Tests.Reading;

/// <summary>The tables of a Markdown page, found by the heading they stand under.</summary>
internal static class MarkdownTable
{
    /// <summary>The rows of the table number <paramref name="index"/> under a heading, each by column name.</summary>
    public static List<Dictionary<string, string>> Under(string markdown, string heading, int index = 0)
    {
        var lines = markdown
            .Split('\n')
            .SkipWhile(line => !line.StartsWith('#') || line.TrimStart('#').Trim() != heading)
            .Skip(1)
            .TakeWhile(line => !line.StartsWith('#'))
            .ToList();
        var start = -1;
        for (var found = 0; found <= index; found++)
        {
            start = lines.FindIndex(Math.Max(0, start), line => line.StartsWith('|'));
            if (start < 0)
                throw new InvalidOperationException($"No table number {index + 1} under the heading '{heading}'.");
            if (found < index)
                start = lines.FindIndex(start, line => !line.StartsWith('|'));
        }
        var table = lines.Skip(start).TakeWhile(line => line.StartsWith('|')).Select(Cells).ToList();
        return
        [
            .. table.Skip(2).Select(row => table[0].Zip(row).ToDictionary(pair => pair.First, pair => pair.Second)),
        ];
    }

    private static string[] Cells(string line) => line.Trim().Trim('|').Split('|', StringSplitOptions.TrimEntries);
}
