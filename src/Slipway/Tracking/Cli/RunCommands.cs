using System.CommandLine;
using Slipway.Foundation.Console;
using Slipway.Sdk;
using Slipway.Sdk.Tracking;
using Query = Slipway.Sdk.Tracking.RunQuery;

namespace Slipway.Tracking.Cli;

/// <summary>`slipway runs …`: what looks at runs and what moves them. What logs to them has its own file.</summary>
internal static class RunCommands
{
    private const int MetricColumns = 4;

    private static readonly Argument<string> Experiment = new("experiment")
    {
        Description = "An experiment by id or name.",
        HelpName = "EXPERIMENT",
    };

    private static readonly Argument<string> Condition = new("condition")
    {
        Description = "Condition, such as \"metrics.loss < 0.1 AND params.model = 'gbt'\".",
        HelpName = "CONDITION",
    };

    private static readonly Option<string[]> Experiments = new("--experiment")
    {
        Description = "An experiment to search, by id or name; may be repeated. All are searched where none is named.",
        HelpName = "EXPERIMENT",
    };

    private static readonly Argument<string> Run = new("run") { Description = "A run by id.", HelpName = "RUN" };

    private static readonly Argument<string[]> Several = new("runs") { Description = "Runs by id.", HelpName = "RUN" };

    public static Command Create() =>
        new("runs", "Executions of training code and what they logged.")
        {
            new Command("list", "Show the runs of an experiment, newest first.")
            {
                Experiment,
                ListOptions.Filter,
                ListOptions.OrderBy,
                ListOptions.View,
                ListOptions.Limit,
            }
                .AsksServer()
                .Runs(ListAsync),
            new Command("search", "Find runs in all experiments.")
            {
                Condition,
                Experiments,
                ListOptions.OrderBy,
                ListOptions.View,
                ListOptions.Limit,
            }
                .AsksServer()
                .Runs(SearchAsync),
            new Command("show", "Show one run with all it logged.") { Run }
                .AsksServer()
                .Runs(ShowAsync),
            new Command("delete", "Move runs into the bin.") { Several }
                .AsksServer()
                .Runs((parsed, terminal, token) => ChangeAsync(parsed, terminal, (c, id) => c.DeleteAsync(id, token))),
            new Command("restore", "Take runs out of the bin.") { Several }
                .AsksServer()
                .Runs((parsed, terminal, token) => ChangeAsync(parsed, terminal, (c, id) => c.RestoreAsync(id, token))),
            new Command("purge", "Remove runs in the bin for good.") { Several, ConsoleOptions.Yes }
                .AsksServer()
                .Runs(PurgeAsync),
            RunReadCommands.CreateCompare(),
            RunReadCommands.CreateHistory(),
            RunReadCommands.CreateExport(),
            RunLogCommands.CreateRun(),
            RunLogCommands.CreateLog(),
            RunLogCommands.CreateSend(),
        };

    private static async Task<int> ListAsync(ParseResult parsed, Terminal terminal, CancellationToken cancellation)
    {
        await using var client = ConsoleOptions.ClientOf(parsed);
        var experiment = await Cells.ExperimentAsync(client, parsed.GetRequiredValue(Experiment), cancellation);
        return await FindAsync(
            client,
            parsed,
            terminal,
            [experiment.Id],
            parsed.GetValue(ListOptions.Filter),
            cancellation
        );
    }

    private static async Task<int> SearchAsync(ParseResult parsed, Terminal terminal, CancellationToken cancellation)
    {
        await using var client = ConsoleOptions.ClientOf(parsed);
        var ids = new List<string>();
        foreach (var named in parsed.GetValue(Experiments) ?? [])
            ids.Add((await Cells.ExperimentAsync(client, named, cancellation)).Id);
        if (ids.Count == 0)
        {
            var all = new Sdk.Tracking.ExperimentQuery { View = parsed.GetValue(ListOptions.View) };
            await foreach (var experiment in client.Experiments.ListAsync(all, cancellation))
                ids.Add(experiment.Id);
        }
        return await FindAsync(client, parsed, terminal, ids, parsed.GetRequiredValue(Condition), cancellation);
    }

    private static async Task<int> FindAsync(
        SlipwayClient client,
        ParseResult parsed,
        Terminal terminal,
        IReadOnlyList<string> experimentIds,
        string? filter,
        CancellationToken cancellation
    )
    {
        var page = await client.Runs.SearchPageAsync(
            new Query
            {
                ExperimentIds = experimentIds,
                Filter = filter,
                OrderBy = parsed.GetValue(ListOptions.OrderBy) ?? [],
                View = parsed.GetValue(ListOptions.View),
                PageSize = parsed.GetValue(ListOptions.Limit),
            },
            cancellation
        );
        terminal.Show(page, TrackingJson.Default.RunPage, _ => ShowTable(terminal, page));
        return ExitCodes.Done;
    }

    private static async Task<int> ShowAsync(ParseResult parsed, Terminal terminal, CancellationToken cancellation)
    {
        await using var client = ConsoleOptions.ClientOf(parsed);
        var run = await client.Runs.GetAsync(parsed.GetRequiredValue(Run), cancellation);
        terminal.Show(run, TrackingJson.Default.RunResource, _ => ShowOne(terminal, run));
        return ExitCodes.Done;
    }

    private static async Task<int> PurgeAsync(ParseResult parsed, Terminal terminal, CancellationToken cancellation)
    {
        ConsoleOptions.Confirm(parsed, $"{parsed.GetRequiredValue(Several).Length} runs will be removed.");
        return await ChangeAsync(parsed, terminal, (client, id) => client.PurgeAsync(id, cancellation));
    }

    /// <summary>Run by run; the first that cannot be changed ends the command with its fault.</summary>
    private static async Task<int> ChangeAsync(
        ParseResult parsed,
        Terminal terminal,
        Func<RunsClient, string, Task> change
    )
    {
        await using var client = ConsoleOptions.ClientOf(parsed);
        var ids = parsed.GetRequiredValue(Several);
        foreach (var id in ids)
            await change(client.Runs, id);
        terminal.Show(new { Runs = ids }, _ => terminal.Line(ids.Length == 1 ? "1 run." : $"{ids.Length} runs."));
        return ExitCodes.Done;
    }

    private static void ShowTable(Terminal terminal, Page<RunResource> page)
    {
        // A table as wide as the terminal: the metrics that most of the runs have, and no more of them than fit.
        var metrics = page
            .Items.SelectMany(run => run.Metrics.Keys)
            .GroupBy(key => key)
            .OrderByDescending(key => key.Count())
            .ThenBy(key => key.Key, StringComparer.Ordinal)
            .Take(MetricColumns)
            .Select(key => key.Key)
            .ToList();
        terminal.Table(
            ["id", "name", "status", "started", "took", .. metrics],
            page.Items.Select(run =>
                (IReadOnlyList<string>)
                    [
                        run.Id,
                        run.Name,
                        Cells.Status(run),
                        Cells.Time(run.StartMs),
                        Cells.Duration(run),
                        .. metrics.Select(key =>
                            run.Metrics.TryGetValue(key, out var point) ? Cells.Number(point.Value) : ""
                        ),
                    ]
            )
        );
        ListOptions.NoteRest(terminal, page.Items.Count, page.Total);
    }

    private static void ShowOne(Terminal terminal, RunResource run)
    {
        terminal.Table(
            ["run", run.Id],
            [
                ["name", run.Name],
                ["experiment", run.ExperimentId],
                ["status", Cells.Status(run)],
                ["user", run.User],
                ["started", Cells.Time(run.StartMs)],
                ["took", Cells.Duration(run)],
                ["artifacts", run.ArtifactUri],
            ]
        );
        ShowPairs(terminal, "parameter", run.Params);
        if (run.Metrics.Count > 0)
            terminal.Table(
                ["metric", "latest", "step"],
                run.Metrics.OrderBy(metric => metric.Key, StringComparer.Ordinal)
                    .Select(metric =>
                        (IReadOnlyList<string>)
                            [metric.Key, Cells.Number(metric.Value.Value), Cells.Whole(metric.Value.Step)]
                    )
            );
        ShowPairs(terminal, "tag", run.Tags);
        if (run.Datasets.Count > 0)
            terminal.Table(
                ["dataset", "digest", "source"],
                run.Datasets.Select(data => (IReadOnlyList<string>)[data.Name, data.Digest, data.Source])
            );
    }

    private static void ShowPairs(Terminal terminal, string what, IReadOnlyDictionary<string, string> pairs)
    {
        if (pairs.Count > 0)
            terminal.Table(
                [what, "value"],
                pairs
                    .OrderBy(pair => pair.Key, StringComparer.Ordinal)
                    .Select(pair => (IReadOnlyList<string>)[pair.Key, pair.Value])
            );
    }
}
