using System.CommandLine;
using Slipway.Foundation.Console;
using Slipway.Sdk.Registry;

namespace Slipway.Registry.Cli;

/// <summary>`slipway models …`: registered models. Versions and aliases have their own file.</summary>
internal static class ModelCommands
{
    public static readonly Argument<string> Model = new("model")
    {
        Description = "The name of a registered model.",
        HelpName = "MODEL",
    };

    private static readonly Argument<string> NewName = new("new-name")
    {
        Description = "The name it gets.",
        HelpName = "NAME",
    };

    private static readonly Option<string?> Description = new("--description")
    {
        Description = "What people say of it.",
        HelpName = "TEXT",
    };

    private static readonly Option<string[]> RemovedTags = new("--remove-tag")
    {
        Description = "A tag to remove; may be repeated.",
        HelpName = "NAME",
    };

    public static Command Create() =>
        new("models", "Registered models, their versions and aliases; scan, sign and verify models.")
        {
            new Command("list", "Show registered models.")
            {
                ModelOptions.Filter,
                ModelOptions.OrderBy,
                ModelOptions.Limit,
            }
                .AsksServer()
                .Runs(ListAsync),
            new Command("create", "Register a name for versions of a model.") { Model, Description, ModelOptions.Tags }
                .AsksServer()
                .Runs(CreateAsync),
            new Command("show", "Show a model with its aliases and newest versions.") { Model }
                .AsksServer()
                .Runs(ShowAsync),
            new Command("edit", "Describe and tag a model.") { Model, Description, ModelOptions.Tags, RemovedTags }
                .AsksServer()
                .Runs(EditAsync),
            new Command("rename", "Give a model another name; versions, aliases and grants go with it.")
            {
                Model,
                NewName,
            }
                .AsksServer()
                .Runs(RenameAsync),
            new Command("delete", "Remove a model with all of its versions for good.") { Model, ConsoleOptions.Yes }
                .AsksServer()
                .Runs(DeleteAsync),
            VersionCommands.Register(),
            VersionCommands.Create(),
            AliasCommands.Create(),
            AliasCommands.History(),
        };

    private static async Task<int> ListAsync(ParseResult parsed, Terminal terminal, CancellationToken cancellation)
    {
        await using var client = ConsoleOptions.ClientOf(parsed);
        var page = await client.Models.ListPageAsync(
            parsed.GetValue(ModelOptions.Filter),
            parsed.GetValue(ModelOptions.OrderBy) ?? [],
            parsed.GetValue(ModelOptions.Limit),
            pageToken: null,
            cancellation
        );
        terminal.Show(
            page,
            RegistryJson.Default.ModelPage,
            _ =>
            {
                terminal.Table(
                    ["name", "versions", "newest", "aliases", "changed"],
                    page.Items.Select(model =>
                        (IReadOnlyList<string>)
                            [
                                model.Name,
                                ModelCells.Whole(model.VersionCount),
                                ModelCells.Newest(model),
                                ModelCells.Aliases(model),
                                ModelCells.Time(model.UpdatedMs),
                            ]
                    )
                );
                ModelCells.NoteRest(terminal, page.NextPageToken);
            }
        );
        return ExitCodes.Done;
    }

    private static async Task<int> CreateAsync(ParseResult parsed, Terminal terminal, CancellationToken cancellation)
    {
        await using var client = ConsoleOptions.ClientOf(parsed);
        var made = await client.Models.CreateAsync(
            new ModelCreate
            {
                Name = parsed.GetRequiredValue(Model),
                Description = parsed.GetValue(Description),
                Tags = ModelCells.Pairs(parsed.GetValue(ModelOptions.Tags) ?? []),
            },
            cancellation
        );
        terminal.Show(made, RegistryJson.Default.ModelResource, _ => terminal.Line($"Registered {made.Name}."));
        return ExitCodes.Done;
    }

    private static async Task<int> ShowAsync(ParseResult parsed, Terminal terminal, CancellationToken cancellation)
    {
        await using var client = ConsoleOptions.ClientOf(parsed);
        var model = await client.Models.GetAsync(parsed.GetRequiredValue(Model), cancellation);
        Show(terminal, model);
        return ExitCodes.Done;
    }

    private static async Task<int> EditAsync(ParseResult parsed, Terminal terminal, CancellationToken cancellation)
    {
        await using var client = ConsoleOptions.ClientOf(parsed);
        var name = parsed.GetRequiredValue(Model);
        foreach (var key in parsed.GetValue(RemovedTags) ?? [])
            await client.Models.DeleteTagAsync(name, key, cancellation);
        var change = new ModelChange
        {
            Description = parsed.GetValue(Description),
            Tags = ModelCells.Pairs(parsed.GetValue(ModelOptions.Tags) ?? []),
        };
        Show(terminal, await client.Models.ChangeAsync(name, change, cancellation));
        return ExitCodes.Done;
    }

    private static async Task<int> RenameAsync(ParseResult parsed, Terminal terminal, CancellationToken cancellation)
    {
        await using var client = ConsoleOptions.ClientOf(parsed);
        var (name, newName) = (parsed.GetRequiredValue(Model), parsed.GetRequiredValue(NewName));
        var renamed = await client.Models.ChangeAsync(name, new ModelChange { Name = newName }, cancellation);
        terminal.Show(
            renamed,
            RegistryJson.Default.ModelResource,
            _ => terminal.Line($"'{name}' is '{renamed.Name}' now.")
        );
        return ExitCodes.Done;
    }

    private static async Task<int> DeleteAsync(ParseResult parsed, Terminal terminal, CancellationToken cancellation)
    {
        var name = parsed.GetRequiredValue(Model);
        ConsoleOptions.Confirm(parsed, $"'{name}' will be removed with all of its versions.");
        await using var client = ConsoleOptions.ClientOf(parsed);
        await client.Models.DeleteAsync(name, cancellation);
        terminal.Show(new { Model = name }, _ => terminal.Line($"Removed {name}."));
        return ExitCodes.Done;
    }

    private static void Show(Terminal terminal, ModelResource model) =>
        terminal.Show(
            model,
            RegistryJson.Default.ModelResource,
            _ =>
                terminal.Table(
                    ["model", model.Name],
                    [
                        ["description", model.Description ?? ""],
                        ["versions", ModelCells.Whole(model.VersionCount)],
                        ["newest", ModelCells.Newest(model)],
                        ["aliases", ModelCells.Aliases(model)],
                        ["created", ModelCells.Time(model.CreatedMs)],
                        ["changed", ModelCells.Time(model.UpdatedMs)],
                        ["tags", ModelCells.Tags(model.Tags)],
                    ]
                )
        );
}
