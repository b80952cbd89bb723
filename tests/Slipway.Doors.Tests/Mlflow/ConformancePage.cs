using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Slipway.Doors.Tests.Kit;
using Slipway.Tests.Kit;

namespace Slipway.Doors.Tests.Mlflow;

/// <summary>The two pages about how far the door conforms: the rates, written by a test, and the differences, written by hand.</summary>
internal static partial class ConformancePage
{
    private static string Rates => Path.Combine(SlipwayProcess.RepositoryRoot, "docs/reference/conformance.md");

    private static string Reasons =>
        Path.Combine(SlipwayProcess.RepositoryRoot, "docs/reference/mlflow-differences.md");

    /// <summary>The numbers of the exchanges for which the page gives a reason.</summary>
    public static HashSet<int> Explained() =>
        [
            .. ExchangeNumber()
                .Matches(File.ReadAllText(Reasons))
                .Select(match => int.Parse(match.Groups["seq"].Value, CultureInfo.InvariantCulture)),
        ];

    /// <summary>Endpoints that conform less than the page says.</summary>
    public static IEnumerable<string> Broken(string section, ReplayResult result)
    {
        var promised = Row()
            .Matches(SectionOf(section))
            .ToDictionary(m => m.Groups["endpoint"].Value, m => m, StringComparer.Ordinal);
        foreach (var (endpoint, row) in promised)
        {
            var passed = result.Endpoints.TryGetValue(Padded(endpoint), out var counts) ? counts.Passed : 0;
            if (passed < int.Parse(row.Groups["passed"].Value, CultureInfo.InvariantCulture))
                yield return $"{endpoint}: {passed} of {row.Groups["total"].Value}, the page says {row.Groups["passed"].Value}";
        }
    }

    /// <summary>Sections whose rows do not add up to what stands above them.</summary>
    public static IEnumerable<string> Miscounted()
    {
        foreach (Match heading in Heading().Matches(File.ReadAllText(Rates)))
        {
            var rows = Row().Matches(SectionOf(heading.Groups["section"].Value));
            var sums = $"{Sum(rows, "passed")} of {Sum(rows, "total")}";
            if (sums != heading.Groups["counts"].Value)
                yield return $"{heading.Value}: the rows add up to {sums}";
        }
    }

    private static string Sum(MatchCollection rows, string column) =>
        rows.Sum(row => int.Parse(row.Groups[column].Value, CultureInfo.InvariantCulture))
            .ToString(CultureInfo.InvariantCulture);

    public static void Write(IReadOnlyList<(string Section, ReplayResult Result)> results)
    {
        var page = new StringBuilder(
            """
            # How far MLflow's door conforms

            Recorded traffic of a real MLflow 3.12 server, replayed against this one: for each endpoint, how many exchanges were
            answered as recorded in status, error code, structure and values. Exchanges that differ on purpose are listed with
            their reasons in [the differences](mlflow-differences.md); what answers 501 is not there yet. This page is written by
            `SLIPWAY_REGENERATE=1 ./test Recorded_traffic` where the recording is at hand, and held by the same test. On PostgreSQL
            with artifacts in S3 the same exchanges are answered alike, but for transfers in parts, which a bucket has and a
            folder has not: `./test --long On_PostgreSQL_and_S3` replays all of them there.


            """
        );
        foreach (var (section, result) in results)
        {
            var (passed, total) = (
                result.Endpoints.Values.Sum(e => e.Passed),
                result.Endpoints.Values.Sum(e => e.Total)
            );
            page.Append(
                CultureInfo.InvariantCulture,
                $"## {section}: {passed} of {total}\n\n| Endpoint | As recorded | Of |\n|---|---|---|\n"
            );
            foreach (
                var (endpoint, counts) in result
                    .Endpoints.OrderBy(e => e.Key.Split(' ', 2)[1].Trim(), StringComparer.Ordinal)
                    .ThenBy(e => e.Key, StringComparer.Ordinal)
            )
                page.Append(
                    CultureInfo.InvariantCulture,
                    $"| {Single(endpoint)} | {counts.Passed} | {counts.Total} |\n"
                );
            page.Append('\n');
        }
        File.WriteAllText(Rates, page.ToString().TrimEnd('\n') + "\n");
    }

    private static string SectionOf(string section)
    {
        var page = File.Exists(Rates) ? File.ReadAllText(Rates) : "";
        var start = page.IndexOf($"## {section}:", StringComparison.Ordinal);
        if (start < 0)
            return "";
        var end = page.IndexOf("\n## ", start, StringComparison.Ordinal);
        return end < 0 ? page[start..] : page[start..end];
    }

    /// <summary>The tool pads methods to one width.</summary>
    private static string Padded(string endpoint)
    {
        var parts = endpoint.Split(' ', 2);
        return $"{parts[0], -6} {parts[1]}";
    }

    private static string Single(string endpoint) => Spaces().Replace(endpoint, " ");

    [GeneratedRegex(@"#(?<seq>\d+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex ExchangeNumber();

    [GeneratedRegex(
        @"^\| (?<endpoint>[A-Z]+ \S+) \| (?<passed>\d+) \| (?<total>\d+) \|",
        RegexOptions.Multiline | RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex Row();

    [GeneratedRegex(
        @"^## (?<section>.+): (?<counts>\d+ of \d+)$",
        RegexOptions.Multiline | RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex Heading();

    [GeneratedRegex(" +", RegexOptions.None, 1000)]
    private static partial Regex Spaces();
}
