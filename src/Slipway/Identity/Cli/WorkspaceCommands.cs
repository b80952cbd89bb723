using System.CommandLine;
using Slipway.Foundation.Console;
using Slipway.Sdk.Identity;

namespace Slipway.Identity.Cli;

/// <summary>`slipway workspaces …`: rooms that do not see each other.</summary>
internal static class WorkspaceCommands
{
    private static readonly Argument<string> Name = new("name")
    {
        Description = "The workspace's name.",
        HelpName = "NAME",
    };

    private static readonly Option<string> Description = new("--description")
    {
        Description = "What it is for.",
        HelpName = "TEXT",
        DefaultValueFactory = _ => "",
    };

    private static readonly Argument<string> Words = new("description")
    {
        Description = "What it is for.",
        HelpName = "TEXT",
    };

    public static Command Create() =>
        new("workspaces", "What teams keep apart from each other.")
        {
            new Command("list", "Show the workspaces that you may see.").AsksServer().Runs(ListAsync),
            new Command("create", "Make a workspace.") { Name, Description }
                .AsksServer()
                .Runs(CreateAsync),
            new Command("describe", "Say what a workspace is for.") { Name, Words }
                .AsksServer()
                .Runs(DescribeAsync),
        };

    private static async Task<int> ListAsync(ParseResult parsed, Terminal terminal, CancellationToken cancellation)
    {
        await using var client = ConsoleOptions.ClientOf(parsed);
        var workspaces = await client.Workspaces.ListAsync(cancellation);
        terminal.Show(
            workspaces,
            _ =>
                terminal.Table(
                    ["name", "description", "since"],
                    workspaces.Select(workspace =>
                        (IReadOnlyList<string>)
                            [workspace.Name, workspace.Description, UserCommands.Day(workspace.CreatedMs)]
                    )
                )
        );
        return ExitCodes.Done;
    }

    private static async Task<int> CreateAsync(ParseResult parsed, Terminal terminal, CancellationToken cancellation)
    {
        await using var client = ConsoleOptions.ClientOf(parsed);
        var made = await client.Workspaces.CreateAsync(
            new WorkspaceCreate
            {
                Name = parsed.GetRequiredValue(Name),
                Description = parsed.GetRequiredValue(Description),
            },
            cancellation
        );
        terminal.Show(made, _ => terminal.Line($"Made the workspace {made.Name}."));
        return ExitCodes.Done;
    }

    private static async Task<int> DescribeAsync(ParseResult parsed, Terminal terminal, CancellationToken cancellation)
    {
        await using var client = ConsoleOptions.ClientOf(parsed);
        var changed = await client.Workspaces.DescribeAsync(
            parsed.GetRequiredValue(Name),
            parsed.GetRequiredValue(Words),
            cancellation
        );
        terminal.Show(changed, _ => terminal.Line($"{changed.Name}: {changed.Description}"));
        return ExitCodes.Done;
    }
}
