using System.CommandLine;
using Slipway.Foundation.Console;
using Slipway.Sdk.Registry;

namespace Slipway.Registry.Cli;

/// <summary>`slipway models alias …` and `slipway models history`.</summary>
internal static class AliasCommands
{
    private static readonly Argument<string> Alias = new("alias")
    {
        Description = "A word that means one version, such as champion.",
        HelpName = "ALIAS",
    };

    private static readonly Option<int?> Expected = new("--expected")
    {
        Description = "The version that it means until now, 0 for none; where it means another, it stays.",
        HelpName = "VERSION",
    };

    private static readonly Option<string?> OfAlias = new("--alias")
    {
        Description = "Only what became of this alias.",
        HelpName = "ALIAS",
    };

    public static Command Create() =>
        new("alias", "Words that mean one version of a model.")
        {
            new Command("set", "Make an alias mean a version.")
            {
                ModelCommands.Model,
                Alias,
                VersionCommands.Version,
                Expected,
            }
                .AsksServer()
                .Runs(SetAsync),
            new Command("show", "Show the version that an alias means.") { ModelCommands.Model, Alias }
                .AsksServer()
                .Runs(ShowAsync),
            new Command("rollback", "Make an alias mean what it meant before its last move.")
            {
                ModelCommands.Model,
                Alias,
            }
                .AsksServer()
                .Runs(RollBackAsync),
            new Command("delete", "Delete an alias.") { ModelCommands.Model, Alias }
                .AsksServer()
                .Runs(DeleteAsync),
        };

    public static Command History() =>
        new Command("history", "Show what became of the aliases and stages of a model, the last in front.")
        {
            ModelCommands.Model,
            OfAlias,
            ModelOptions.Limit,
        }
            .AsksServer()
            .Runs(HistoryAsync);

    private static async Task<int> SetAsync(ParseResult parsed, Terminal terminal, CancellationToken cancellation)
    {
        await using var client = ConsoleOptions.ClientOf(parsed);
        var (name, alias) = Key(parsed);
        var version = await client.Models.SetAliasAsync(
            name,
            alias,
            parsed.GetRequiredValue(VersionCommands.Version),
            parsed.GetValue(Expected),
            cancellation
        );
        Tell(terminal, alias, version);
        return ExitCodes.Done;
    }

    private static async Task<int> ShowAsync(ParseResult parsed, Terminal terminal, CancellationToken cancellation)
    {
        await using var client = ConsoleOptions.ClientOf(parsed);
        var (name, alias) = Key(parsed);
        VersionCommands.Show(terminal, await client.Models.GetByAliasAsync(name, alias, cancellation));
        return ExitCodes.Done;
    }

    private static async Task<int> RollBackAsync(ParseResult parsed, Terminal terminal, CancellationToken cancellation)
    {
        await using var client = ConsoleOptions.ClientOf(parsed);
        var (name, alias) = Key(parsed);
        Tell(terminal, alias, await client.Models.RollBackAliasAsync(name, alias, cancellation));
        return ExitCodes.Done;
    }

    private static async Task<int> DeleteAsync(ParseResult parsed, Terminal terminal, CancellationToken cancellation)
    {
        await using var client = ConsoleOptions.ClientOf(parsed);
        var (name, alias) = Key(parsed);
        await client.Models.DeleteAliasAsync(name, alias, cancellation);
        terminal.Show(new { Model = name, Alias = alias }, _ => terminal.Line($"Deleted {name}@{alias}."));
        return ExitCodes.Done;
    }

    private static async Task<int> HistoryAsync(ParseResult parsed, Terminal terminal, CancellationToken cancellation)
    {
        await using var client = ConsoleOptions.ClientOf(parsed);
        var moves = await client.Models.HistoryAsync(
            parsed.GetRequiredValue(ModelCommands.Model),
            parsed.GetValue(OfAlias),
            parsed.GetValue(ModelOptions.Limit),
            cancellation
        );
        terminal.Show(
            moves,
            RegistryJson.Default.Moves,
            _ =>
                terminal.Table(
                    ["time", "by", "what", "from", "to"],
                    moves.Select(move =>
                        (IReadOnlyList<string>)
                            [ModelCells.Time(move.MovedMs), move.Actor, What(move), From(move), To(move)]
                    )
                )
        );
        return ExitCodes.Done;
    }

    private static string What(MoveResource move) =>
        move.Alias is null ? $"stage of {Number(move.ToVersion)}" : $"@{move.Alias}";

    private static string From(MoveResource move) =>
        move.FromStage is { } stage ? ModelCells.Word(stage) : Number(move.FromVersion);

    private static string To(MoveResource move) =>
        move.ToStage is { } stage ? ModelCells.Word(stage) : Number(move.ToVersion);

    private static string Number(int? version) => version is { } number ? ModelCells.Whole(number) : "-";

    private static void Tell(Terminal terminal, string alias, VersionResource version) =>
        terminal.Show(
            version,
            RegistryJson.Default.VersionResource,
            _ => terminal.Line($"{version.Model}@{alias} means version {ModelCells.Whole(version.Version)}.")
        );

    private static (string Name, string Alias) Key(ParseResult parsed) =>
        (parsed.GetRequiredValue(ModelCommands.Model), parsed.GetRequiredValue(Alias));
}
