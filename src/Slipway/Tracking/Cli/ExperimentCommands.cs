using System.CommandLine;
using Slipway.Foundation.Console;
using Slipway.Sdk;
using Slipway.Sdk.Tracking;
using Query = Slipway.Sdk.Tracking.ExperimentQuery;
using SdkView = Slipway.Sdk.Tracking.View;

namespace Slipway.Tracking.Cli;

/// <summary>`slipway experiments …`</summary>
internal static class ExperimentCommands
{
    private static readonly Argument<string> Experiment = new("experiment")
    {
        Description = "An experiment by id or name.",
        HelpName = "EXPERIMENT",
    };

    private static readonly Argument<string> Name = new("name")
    {
        Description = "Name of the experiment.",
        HelpName = "NAME",
    };

    private static readonly Argument<string> NewName = new("name") { Description = "The new name.", HelpName = "NAME" };

    private static readonly Option<string?> Location = new("--artifact-location")
    {
        Description = "Where its runs keep their artifacts, instead of the server's own store.",
        HelpName = "ADDRESS",
    };

    public static Command Create() =>
        new("experiments", "Named collections of runs.")
        {
            new Command("list", "Show experiments, newest first.")
            {
                ListOptions.Filter,
                ListOptions.OrderBy,
                ListOptions.View,
                ListOptions.Limit,
            }
                .AsksServer()
                .Runs(ListAsync),
            new Command("create", "Make an experiment.") { Name, Location, ListOptions.Tags }
                .AsksServer()
                .Runs(CreateAsync),
            new Command("show", "Show one experiment, and how many runs it has.") { Experiment }
                .AsksServer()
                .Runs(ShowAsync),
            new Command("rename", "Give an experiment another name.") { Experiment, NewName }
                .AsksServer()
                .Runs(RenameAsync),
            new Command("delete", "Move an experiment and its runs into the bin.") { Experiment }
                .AsksServer()
                .Runs(DeleteAsync),
            new Command("restore", "Take an experiment and its runs out of the bin.") { Experiment }
                .AsksServer()
                .Runs(RestoreAsync),
            new Command("purge", "Remove an experiment in the bin, with its runs, for good.")
            {
                Experiment,
                ConsoleOptions.Yes,
            }
                .AsksServer()
                .Runs(PurgeAsync),
        };

    private static async Task<int> ListAsync(ParseResult parsed, Terminal terminal, CancellationToken cancellation)
    {
        await using var client = ConsoleOptions.ClientOf(parsed);
        var page = await client.Experiments.ListPageAsync(
            new Query
            {
                Filter = parsed.GetValue(ListOptions.Filter),
                OrderBy = parsed.GetValue(ListOptions.OrderBy) ?? [],
                View = parsed.GetValue(ListOptions.View),
                PageSize = parsed.GetValue(ListOptions.Limit),
            },
            pageToken: null,
            cancellation
        );
        terminal.Show(page, TrackingJson.Default.ExperimentPage, _ => ShowTable(terminal, page));
        return ExitCodes.Done;
    }

    private static async Task<int> CreateAsync(ParseResult parsed, Terminal terminal, CancellationToken cancellation)
    {
        await using var client = ConsoleOptions.ClientOf(parsed);
        var made = await client.Experiments.CreateAsync(
            new ExperimentCreate
            {
                Name = parsed.GetRequiredValue(Name),
                ArtifactLocation = parsed.GetValue(Location),
                Tags = Cells.Pairs(parsed.GetValue(ListOptions.Tags) ?? [], "--tag"),
            },
            cancellation
        );
        terminal.Show(made, TrackingJson.Default.ExperimentResource, _ => terminal.Line(made.Id));
        return ExitCodes.Done;
    }

    private static async Task<int> ShowAsync(ParseResult parsed, Terminal terminal, CancellationToken cancellation)
    {
        await using var client = ConsoleOptions.ClientOf(parsed);
        var experiment = await Cells.ExperimentAsync(client, parsed.GetRequiredValue(Experiment), cancellation);
        var counts = await client.Experiments.CountsAsync(experiment.Id, cancellation);
        terminal.Show(
            experiment,
            TrackingJson.Default.ExperimentResource,
            _ =>
                terminal.Table(
                    ["experiment", experiment.Id],
                    [
                        ["name", experiment.Name],
                        ["state", experiment.Lifecycle.ToString().ToLowerInvariant()],
                        ["created", Cells.Time(experiment.CreatedMs)],
                        ["artifacts", experiment.ArtifactLocation],
                        ["runs", Cells.Whole(counts.Active)],
                        .. counts.ByStatus.Select(status =>
                            (IReadOnlyList<string>)
                                [$"  {status.Key.ToString().ToLowerInvariant()}", Cells.Whole(status.Value)]
                        ),
                        ["runs in the bin", Cells.Whole(counts.Deleted)],
                        ["tags", Cells.Tags(experiment.Tags)],
                    ]
                )
        );
        return ExitCodes.Done;
    }

    private static async Task<int> RenameAsync(ParseResult parsed, Terminal terminal, CancellationToken cancellation)
    {
        await using var client = ConsoleOptions.ClientOf(parsed);
        var experiment = await Cells.ExperimentAsync(client, parsed.GetRequiredValue(Experiment), cancellation);
        var change = new ExperimentChange { Name = parsed.GetRequiredValue(NewName) };
        var renamed = await client.Experiments.ChangeAsync(experiment.Id, change, cancellation);
        terminal.Show(
            renamed,
            TrackingJson.Default.ExperimentResource,
            _ => terminal.Line($"'{experiment.Name}' is '{renamed.Name}' now.")
        );
        return ExitCodes.Done;
    }

    private static Task<int> DeleteAsync(ParseResult parsed, Terminal terminal, CancellationToken cancellation) =>
        ChangeAsync(
            parsed,
            terminal,
            (client, experiment) => client.Experiments.DeleteAsync(experiment.Id, cancellation),
            "is in the bin with its runs",
            cancellation
        );

    private static Task<int> RestoreAsync(ParseResult parsed, Terminal terminal, CancellationToken cancellation) =>
        ChangeAsync(
            parsed,
            terminal,
            (client, experiment) => client.Experiments.RestoreAsync(experiment.Id, cancellation),
            "is back with its runs",
            cancellation
        );

    private static Task<int> PurgeAsync(ParseResult parsed, Terminal terminal, CancellationToken cancellation) =>
        ChangeAsync(
            parsed,
            terminal,
            async (client, experiment) =>
            {
                var counts = await client.Experiments.CountsAsync(experiment.Id, cancellation);
                ConsoleOptions.Confirm(
                    parsed,
                    $"The experiment '{experiment.Name}' and its {counts.Active + counts.Deleted} runs will be removed."
                );
                await client.Experiments.PurgeAsync(experiment.Id, cancellation);
            },
            "is gone with its runs",
            cancellation
        );

    private static async Task<int> ChangeAsync(
        ParseResult parsed,
        Terminal terminal,
        Func<SlipwayClient, ExperimentResource, Task> change,
        string said,
        CancellationToken cancellation
    )
    {
        await using var client = ConsoleOptions.ClientOf(parsed);
        var experiment = await Cells.ExperimentAsync(client, parsed.GetRequiredValue(Experiment), cancellation);
        await change(client, experiment);
        terminal.Show(new { experiment.Id, experiment.Name }, _ => terminal.Line($"'{experiment.Name}' {said}."));
        return ExitCodes.Done;
    }

    private static void ShowTable(Terminal terminal, Page<ExperimentResource> page)
    {
        terminal.Table(
            ["id", "name", "created", "tags"],
            page.Items.Select(experiment =>
                (IReadOnlyList<string>)
                    [
                        experiment.Id,
                        experiment.Lifecycle == Sdk.Tracking.Lifecycle.Deleted
                            ? $"{experiment.Name} (deleted)"
                            : experiment.Name,
                        Cells.Time(experiment.CreatedMs),
                        Cells.Tags(experiment.Tags),
                    ]
            )
        );
        ListOptions.NoteRest(terminal, page.Items.Count, page.Total);
    }
}

/// <summary>Options that listings share.</summary>
internal static class ListOptions
{
    public static readonly Option<string?> Filter = new("--filter")
    {
        Description = "Condition, such as \"metrics.loss < 0.1 AND tags.team = 'taxi'\".",
        HelpName = "CONDITION",
    };

    public static readonly Option<string[]> OrderBy = new("--order-by")
    {
        Description = "Field to order by, such as \"metrics.loss\" or \"start_time DESC\"; may be repeated.",
        HelpName = "FIELD",
    };

    public static readonly Option<SdkView> View = new("--view")
    {
        Description = "Whether those in the bin are shown.",
        HelpName = "active|deleted|all",
    };

    public static readonly Option<int> Limit = new("--limit")
    {
        Description = "How many are shown at most.",
        HelpName = "N",
        DefaultValueFactory = _ => 50,
    };

    public static readonly Option<string[]> Tags = new("--tag")
    {
        Description = "A tag; may be repeated.",
        HelpName = "NAME=VALUE",
    };

    public static void NoteRest(Terminal terminal, int shown, long total)
    {
        if (shown < total)
            terminal.Note($"{shown} of {total}; --limit shows more.");
    }
}
