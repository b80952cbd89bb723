using System.CommandLine;
using Slipway.Foundation.Console;
using Slipway.Sdk.Registry;

namespace Slipway.Registry.Cli;

/// <summary>`slipway models register …` and `slipway models versions …`.</summary>
internal static class VersionCommands
{
    public static readonly Argument<int> Version = new("version")
    {
        Description = "The number of a version.",
        HelpName = "VERSION",
    };

    private static readonly Argument<string> Source = new("source")
    {
        Description =
            "Where its files are: runs:/RUN/PATH, models:/m-ID of a logged model, models:/NAME/VERSION, or an address of a store.",
        HelpName = "SOURCE",
    };

    private static readonly Option<string?> Run = new("--run")
    {
        Description = "The run that made it.",
        HelpName = "ID",
    };

    private static readonly Option<string?> Description = new("--description")
    {
        Description = "What people say of it.",
        HelpName = "TEXT",
    };

    private static readonly Option<VersionStage?> Stage = new("--stage")
    {
        Description = "Moves it into another stage.",
        HelpName = "none|staging|production|archived",
    };

    private static readonly Option<bool> ArchiveOthers = new("--archive-others")
    {
        Description = "Archives the other versions of the stage.",
    };

    private static readonly Option<string?> To = new("--to")
    {
        Description = "The folder to write; by default one of the model's name, here.",
        HelpName = "FOLDER",
    };

    public static Command Register() =>
        new Command("register", "Make the next version of a model, and register its name first where nobody has.")
        {
            ModelCommands.Model,
            Source,
            Run,
        }
            .AsksServer()
            .Runs(RegisterAsync);

    public static Command Create() =>
        new("versions", "Versions of a registered model.")
        {
            new Command("list", "Show versions, those changed last in front.")
            {
                ModelCommands.Model,
                ModelOptions.Filter,
                ModelOptions.OrderBy,
                ModelOptions.Limit,
            }
                .AsksServer()
                .Runs(ListAsync),
            new Command("show", "Show a version: where it comes from and what it consists of.")
            {
                ModelCommands.Model,
                Version,
            }
                .AsksServer()
                .Runs(ShowAsync),
            new Command("edit", "Describe and tag a version, or move it into another stage.")
            {
                ModelCommands.Model,
                Version,
                Description,
                Stage,
                ArchiveOthers,
                ModelOptions.Tags,
            }
                .AsksServer()
                .Runs(EditAsync),
            new Command("files", "Show the files of a version by their digests.") { ModelCommands.Model, Version }
                .AsksServer()
                .Runs(FilesAsync),
            new Command("origin", "Show the run, data, code and environment that a version comes from.")
            {
                ModelCommands.Model,
                Version,
            }
                .AsksServer()
                .Runs(OriginAsync),
            new Command("get", "Fetch the files of a version as they were registered.")
            {
                ModelCommands.Model,
                Version,
                To,
            }
                .AsksServer()
                .Runs(GetAsync),
            new Command("delete", "Delete a version and the aliases that mean it.")
            {
                ModelCommands.Model,
                Version,
                ConsoleOptions.Yes,
            }
                .AsksServer()
                .Runs(DeleteAsync),
        };

    private static async Task<int> RegisterAsync(ParseResult parsed, Terminal terminal, CancellationToken cancellation)
    {
        await using var client = ConsoleOptions.ClientOf(parsed);
        var made = await client.Models.RegisterAsync(
            parsed.GetRequiredValue(ModelCommands.Model),
            parsed.GetRequiredValue(Source),
            parsed.GetValue(Run) ?? "",
            cancellation
        );
        terminal.Show(
            made,
            RegistryJson.Default.VersionResource,
            _ => terminal.Line($"Registered {made.Model}/{ModelCells.Whole(made.Version)}.")
        );
        return ExitCodes.Done;
    }

    private static async Task<int> ListAsync(ParseResult parsed, Terminal terminal, CancellationToken cancellation)
    {
        await using var client = ConsoleOptions.ClientOf(parsed);
        var page = await client.Models.VersionsPageAsync(
            parsed.GetRequiredValue(ModelCommands.Model),
            parsed.GetValue(ModelOptions.Filter),
            parsed.GetValue(ModelOptions.OrderBy) ?? [],
            parsed.GetValue(ModelOptions.Limit),
            pageToken: null,
            cancellation
        );
        terminal.Show(
            page,
            RegistryJson.Default.VersionPage,
            _ =>
            {
                terminal.Table(
                    ["version", "stage", "run", "files", "created", "by", "tags"],
                    page.Items.Select(version =>
                        (IReadOnlyList<string>)
                            [
                                ModelCells.Whole(version.Version),
                                ModelCells.Word(version.Stage),
                                version.RunId,
                                ModelCells.Word(version.Files),
                                ModelCells.Time(version.CreatedMs),
                                version.CreatedBy,
                                ModelCells.Tags(version.Tags),
                            ]
                    )
                );
                ModelCells.NoteRest(terminal, page.NextPageToken);
            }
        );
        return ExitCodes.Done;
    }

    private static async Task<int> ShowAsync(ParseResult parsed, Terminal terminal, CancellationToken cancellation)
    {
        await using var client = ConsoleOptions.ClientOf(parsed);
        var (name, number) = Key(parsed);
        Show(terminal, await client.Models.GetVersionAsync(name, number, cancellation));
        return ExitCodes.Done;
    }

    private static async Task<int> EditAsync(ParseResult parsed, Terminal terminal, CancellationToken cancellation)
    {
        await using var client = ConsoleOptions.ClientOf(parsed);
        var (name, number) = Key(parsed);
        var change = new VersionChange
        {
            Description = parsed.GetValue(Description),
            Stage = parsed.GetValue(Stage),
            ArchiveOthers = parsed.GetValue(ArchiveOthers),
            Tags = ModelCells.Pairs(parsed.GetValue(ModelOptions.Tags) ?? []),
        };
        Show(terminal, await client.Models.ChangeVersionAsync(name, number, change, cancellation));
        return ExitCodes.Done;
    }

    private static async Task<int> FilesAsync(ParseResult parsed, Terminal terminal, CancellationToken cancellation)
    {
        await using var client = ConsoleOptions.ClientOf(parsed);
        var (name, number) = Key(parsed);
        var digests = await client.Models.DigestsAsync(name, number, cancellation);
        terminal.Show(
            digests,
            RegistryJson.Default.VersionDigests,
            _ =>
                terminal.Table(
                    ["sha256", "bytes", "path"],
                    digests.Files.Select(file =>
                        (IReadOnlyList<string>)[file.Sha256, ModelCells.Whole(file.SizeBytes), file.Path]
                    )
                )
        );
        return ExitCodes.Done;
    }

    private static async Task<int> OriginAsync(ParseResult parsed, Terminal terminal, CancellationToken cancellation)
    {
        await using var client = ConsoleOptions.ClientOf(parsed);
        var (name, number) = Key(parsed);
        var origin = await client.Models.OriginAsync(name, number, cancellation);
        terminal.Show(
            origin,
            RegistryJson.Default.VersionOriginResource,
            _ =>
                terminal.Table(
                    ["origin", $"{name}/{ModelCells.Whole(number)}"],
                    [
                        ["run", $"{origin.RunId} {origin.RunName}".Trim()],
                        ["experiment", origin.ExperimentId ?? ""],
                        ["copied from", origin.CopiedFrom ?? ""],
                        ["pipeline run", origin.PipelineRunId ?? ""],
                        ["code", $"{origin.CodeName} {origin.CodeRepository}".Trim()],
                        ["commit", $"{origin.CodeCommit} {origin.CodeBranch}".Trim()],
                        [
                            "changed since",
                            origin.CodeDiff is null ? "" : $"{origin.CodeDiff.Length} characters of diff",
                        ],
                        .. origin.Datasets.Select(used =>
                            (IReadOnlyList<string>)[$"data {used.Context}".Trim(), $"{used.Name} {used.Digest}"]
                        ),
                        ["environment", string.Join(", ", origin.Environment.Keys)],
                        ["flavors", string.Join(", ", origin.Flavors)],
                        ["inputs", origin.SignatureInputs ?? ""],
                        ["outputs", origin.SignatureOutputs ?? ""],
                    ]
                )
        );
        return ExitCodes.Done;
    }

    private static async Task<int> GetAsync(ParseResult parsed, Terminal terminal, CancellationToken cancellation)
    {
        await using var client = ConsoleOptions.ClientOf(parsed);
        var (name, number) = Key(parsed);
        var to = parsed.GetValue(To) ?? name;
        var fetched = await client
            .ArtifactsOfVersion(name, number)
            .GetFolderAsync(path: null, to, progress: null, cancellation);
        terminal.Show(
            new { Folder = to, Files = fetched.Select(file => file.Path) },
            _ => terminal.Line($"Fetched {fetched.Count} files: {to}")
        );
        return ExitCodes.Done;
    }

    private static async Task<int> DeleteAsync(ParseResult parsed, Terminal terminal, CancellationToken cancellation)
    {
        var (name, number) = Key(parsed);
        ConsoleOptions.Confirm(parsed, $"Version {ModelCells.Whole(number)} of '{name}' will be deleted.");
        await using var client = ConsoleOptions.ClientOf(parsed);
        await client.Models.DeleteVersionAsync(name, number, cancellation);
        terminal.Show(
            new { Model = name, Version = number },
            _ => terminal.Line($"Deleted {name}/{ModelCells.Whole(number)}.")
        );
        return ExitCodes.Done;
    }

    public static void Show(Terminal terminal, VersionResource version) =>
        terminal.Show(
            version,
            RegistryJson.Default.VersionResource,
            _ =>
                terminal.Table(
                    ["version", $"{version.Model}/{ModelCells.Whole(version.Version)}"],
                    [
                        ["description", version.Description ?? ""],
                        ["stage", ModelCells.Word(version.Stage)],
                        ["aliases", string.Join(", ", version.Aliases)],
                        ["source", version.Source],
                        ["files", ModelCells.Word(version.Files)],
                        ["digest", version.Digest ?? ""],
                        ["run", version.RunId],
                        ["logged model", version.LoggedModelId],
                        ["created", $"{ModelCells.Time(version.CreatedMs)} by {version.CreatedBy}"],
                        ["changed", ModelCells.Time(version.UpdatedMs)],
                        ["tags", ModelCells.Tags(version.Tags)],
                    ]
                )
        );

    private static (string Name, int Number) Key(ParseResult parsed) =>
        (parsed.GetRequiredValue(ModelCommands.Model), parsed.GetRequiredValue(Version));
}
