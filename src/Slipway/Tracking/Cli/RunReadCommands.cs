using System.CommandLine;
using System.Text;
using Slipway.Foundation.Console;
using Slipway.Sdk;
using Slipway.Sdk.Tracking;
using Query = Slipway.Sdk.Tracking.RunQuery;

namespace Slipway.Tracking.Cli;

/// <summary>`slipway runs compare`, `history` and `export`: runs beside each other, over time, and in a file.</summary>
internal static class RunReadCommands
{
    private const string Bars = "▁▂▃▄▅▆▇█";
    private const int ChartPoints = 60;

    private static readonly Argument<string[]> Several = new("runs")
    {
        Description = "Runs by id.",
        HelpName = "RUN",
        Arity = new ArgumentArity(2, 20),
    };

    private static readonly Argument<string> Run = new("run") { Description = "A run by id.", HelpName = "RUN" };

    private static readonly Argument<string> Metric = new("metric")
    {
        Description = "The name of a metric.",
        HelpName = "METRIC",
    };

    private static readonly Argument<string> Experiment = new("experiment")
    {
        Description = "An experiment by id or name.",
        HelpName = "EXPERIMENT",
    };

    private static readonly Option<bool> Everything = new("--all")
    {
        Description = "Also parameters that all of the runs have alike.",
    };

    private static readonly Option<int> Points = new("--points")
    {
        Description = "How many points are shown of a longer history: those that show its peaks.",
        HelpName = "N",
        DefaultValueFactory = _ => 20,
    };

    private static readonly Option<string?> Output = new("--output")
    {
        Description = "The file to write; the standard output where none is named.",
        HelpName = "FILE",
    };

    public static Command CreateCompare() =>
        new Command("compare", "Show runs beside each other: what differs, and what came of it.")
        {
            Several,
            Everything,
        }
            .AsksServer()
            .Runs(CompareAsync);

    public static Command CreateHistory() =>
        new Command("history", "Show the history of a metric.") { Run, Metric, Points }
            .AsksServer()
            .Runs(HistoryAsync);

    public static Command CreateExport() =>
        new Command("export", "Write the runs of an experiment as CSV, or with --json as one JSON object a line.")
        {
            Experiment,
            ListOptions.Filter,
            ListOptions.OrderBy,
            ListOptions.View,
            Output,
        }
            .AsksServer()
            .Runs(ExportAsync);

    private static async Task<int> CompareAsync(ParseResult parsed, Terminal terminal, CancellationToken cancellation)
    {
        await using var client = ConsoleOptions.ClientOf(parsed);
        var found = await client.Runs.GetManyAsync(parsed.GetRequiredValue(Several), cancellation);
        if (found.Missing.Count > 0)
            throw Fault.NotFound("run.not_found", $"There is no run {string.Join(", ", found.Missing)}.");
        terminal.Show(
            found,
            TrackingJson.Default.RunsFound,
            _ =>
            {
                var runs = found.Runs;
                terminal.Table(
                    ["", .. runs.Select(run => run.Name)],
                    [
                        ["run", .. runs.Select(run => run.Id[..8])],
                        ["status", .. runs.Select(Cells.Status)],
                        ["took", .. runs.Select(Cells.Duration)],
                        .. Rows(runs, run => run.Params, value => value, parsed.GetValue(Everything)),
                        .. Rows(runs, run => run.Metrics, point => Cells.Number(point.Value), equalToo: true),
                    ]
                );
            }
        );
        return ExitCodes.Done;
    }

    private static IEnumerable<IReadOnlyList<string>> Rows<T>(
        IReadOnlyList<RunResource> runs,
        Func<RunResource, IReadOnlyDictionary<string, T>> values,
        Func<T, string> text,
        bool equalToo
    ) =>
        from key in runs.SelectMany(run => values(run).Keys).Distinct().Order(StringComparer.Ordinal)
        let cells = runs.Select(run => values(run).TryGetValue(key, out var value) ? text(value) : "-").ToList()
        where equalToo || cells.Distinct().Count() > 1
        select (IReadOnlyList<string>)[key, .. cells];

    private static async Task<int> HistoryAsync(ParseResult parsed, Terminal terminal, CancellationToken cancellation)
    {
        await using var client = ConsoleOptions.ClientOf(parsed);
        var (run, metric) = (parsed.GetRequiredValue(Run), parsed.GetRequiredValue(Metric));
        var query = new HistoryQuery
        {
            RunIds = [run],
            Keys = [metric],
            MaxPoints = parsed.GetValue(Points),
        };
        if (await OneAsync(client, query, cancellation) is not { } series)
        {
            // Says which of the two is not there.
            await client.Runs.GetAsync(run, cancellation);
            throw Fault.NotFound("metric.not_found", $"The run {run} has no metric '{metric}'.");
        }
        var chart = terminal.Json ? null : await OneAsync(client, query with { MaxPoints = ChartPoints }, cancellation);
        terminal.Show(
            series,
            TrackingJson.Default.MetricSeries,
            _ =>
            {
                terminal.Line(Chart([.. chart!.Values]));
                terminal.Table(
                    ["step", "time", metric],
                    series.Points.Select(point =>
                        (IReadOnlyList<string>)
                            [Cells.Whole(point.Step), Cells.Time(point.TimestampMs), Cells.Number(point.Value)]
                    )
                );
                if (series.Values.Count < series.Total)
                    terminal.Note($"{series.Values.Count} of {series.Total} points; --points shows more.");
            }
        );
        return ExitCodes.Done;
    }

    private static async Task<MetricSeries?> OneAsync(
        SlipwayClient client,
        HistoryQuery query,
        CancellationToken cancellation
    ) => (await client.Runs.HistoriesAsync(query, cancellation)).SingleOrDefault();

    /// <summary>One line of bars; what is no number is a gap.</summary>
    internal static string Chart(IReadOnlyList<double> values)
    {
        var numbers = values.Where(double.IsFinite).ToList();
        if (numbers.Count == 0)
            return "";
        var (least, most) = (numbers.Min(), numbers.Max());
        var line = new StringBuilder(values.Count);
        foreach (var value in values)
        {
            if (!double.IsFinite(value))
                line.Append(' ');
            else if (most > least)
                line.Append(
                    Bars[(int)Math.Round(((value / 2) - (least / 2)) / ((most / 2) - (least / 2)) * (Bars.Length - 1))]
                );
            else
                line.Append(Bars[0]);
        }
        return $"{line}  {Cells.Number(least)} … {Cells.Number(most)}";
    }

    private static async Task<int> ExportAsync(ParseResult parsed, Terminal terminal, CancellationToken cancellation)
    {
        await using var client = ConsoleOptions.ClientOf(parsed);
        var experiment = await Cells.ExperimentAsync(client, parsed.GetRequiredValue(Experiment), cancellation);
        var runs = new List<RunResource>();
        await foreach (
            var run in client.Runs.SearchAsync(
                new Query
                {
                    ExperimentIds = [experiment.Id],
                    Filter = parsed.GetValue(ListOptions.Filter),
                    OrderBy = parsed.GetValue(ListOptions.OrderBy) ?? [],
                    View = parsed.GetValue(ListOptions.View),
                },
                cancellation
            )
        )
            runs.Add(run);
        var lines = terminal.Json ? RunTable.JsonLines(runs) : RunTable.CsvLines(runs);
        if (parsed.GetValue(Output) is { } file)
        {
            await File.WriteAllLinesAsync(file, lines, cancellation);
            terminal.Note($"{runs.Count} runs in {file}.");
            return ExitCodes.Done;
        }
        foreach (var line in lines)
            terminal.Line(line);
        return ExitCodes.Done;
    }
}
