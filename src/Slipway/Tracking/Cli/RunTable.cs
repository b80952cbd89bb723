using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Slipway.Sdk.Tracking;

namespace Slipway.Tracking.Cli;

/// <summary>
/// Runs as lines of a file: CSV (RFC 4180) with a column for each name that any of them logged, or JSON. A spreadsheet
/// takes a cell that begins with one of some characters for a formula and runs it; in CSV such a text stands behind an
/// apostrophe, which spreadsheets do not show. Whoever needs each character as it was logged takes JSON.
/// </summary>
internal static class RunTable
{
    private static readonly SearchValues<char> Quoted = SearchValues.Create(",\"\r\n");
    private static readonly SearchValues<char> BeginsFormula = SearchValues.Create(
        "=+-@\t\r\n\uff1d\uff0b\uff0d\uff20"
    );

    public static IEnumerable<string> JsonLines(IEnumerable<RunResource> runs) =>
        runs.Select(run => JsonSerializer.Serialize(run, TrackingJson.Default.RunResource));

    public static IEnumerable<string> CsvLines(IReadOnlyCollection<RunResource> runs)
    {
        var parameters = Names(runs, run => run.Params.Keys);
        var metrics = Names(runs, run => run.Metrics.Keys);
        var tags = Names(runs, run => run.Tags.Keys);
        yield return Line([
            "run_id",
            "name",
            "user",
            "status",
            "lifecycle",
            "start_ms",
            "end_ms",
            "artifact_uri",
            .. parameters.Select(name => $"params.{name}"),
            .. metrics.Select(name => $"metrics.{name}"),
            .. tags.Select(name => $"tags.{name}"),
        ]);
        foreach (var run in runs)
            yield return Line([
                run.Id,
                run.Name,
                run.User,
                run.Status.ToString().ToLowerInvariant(),
                run.Lifecycle.ToString().ToLowerInvariant(),
                Cells.Whole(run.StartMs),
                run.EndMs is { } end ? Cells.Whole(end) : "",
                run.ArtifactUri,
                .. parameters.Select(name => run.Params.GetValueOrDefault(name, "")),
                .. metrics.Select(name =>
                    run.Metrics.TryGetValue(name, out var point)
                        ? point.Value.ToString("R", CultureInfo.InvariantCulture)
                        : ""
                ),
                .. tags.Select(name => run.Tags.GetValueOrDefault(name, "")),
            ]);
    }

    private static List<string> Names(IEnumerable<RunResource> runs, Func<RunResource, IEnumerable<string>> names) =>
        [.. runs.SelectMany(names).Distinct().Order(StringComparer.Ordinal)];

    private static string Line(IEnumerable<string> cells) =>
        string.Join(
            ',',
            cells
                .Select(Inert)
                .Select(cell =>
                    cell.AsSpan().ContainsAny(Quoted)
                        ? $"\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\""
                        : cell
                )
        );

    /// <summary>A number may begin with its sign: it computes nothing.</summary>
    private static string Inert(string cell) =>
        cell.Length > 0
        && BeginsFormula.Contains(cell[0])
        && !double.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out _)
            ? $"'{cell}"
            : cell;
}
