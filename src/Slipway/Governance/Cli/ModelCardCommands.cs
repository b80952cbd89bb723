using System.CommandLine;
using System.Text.Json;
using Slipway.Foundation.Console;
using Slipway.Sdk;

namespace Slipway.Governance.Cli;

/// <summary>`slipway models …` for what the records say of registered versions: cards, bills of materials, lineage.</summary>
internal static class ModelCardCommands
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    private static readonly Argument<string> Name = new("NAME") { Description = "The registered model." };
    private static readonly Argument<int> Version = new("VERSION") { Description = "The number of the version." };

    private static readonly Option<string?> Edit = new("--edit")
    {
        Description = "Write a new card from this JSON file, in the fields of a SageMaker model card.",
        HelpName = "FILE",
    };

    public static Command Create() =>
        new("models", "Scan, sign and verify models.")
        {
            new Command("card", "Show the card of a version, or write a new one.") { Name, Version, Edit }
                .AsksServer()
                .Runs(CardAsync),
            new Command("sbom", "Print what a version consists of, as CycloneDX 1.6.") { Name, Version }
                .AsksServer()
                .Runs(BomAsync),
            new Command("lineage", "Show what a version was made of, and what came of it.") { Name, Version }
                .AsksServer()
                .Runs(LineageAsync),
        };

    private static async Task<int> CardAsync(ParseResult parsed, Terminal terminal, CancellationToken cancellation)
    {
        await using var client = ConsoleOptions.ClientOf(parsed);
        var (name, version) = (parsed.GetRequiredValue(Name), parsed.GetRequiredValue(Version));
        if (parsed.GetValue(Edit) is { } file)
        {
            using var fields = Read(file);
            var written = await client.Governance.WriteCardAsync(name, version, fields.RootElement, cancellation);
            terminal.Show(written, shown => terminal.Line($"Card {shown.Number} of {name} {version} is written."));
        }
        else if (terminal.Json)
        {
            terminal.Show(await client.Governance.CardAsync(name, version, cancellation), _ => { });
        }
        else
        {
            terminal.Line(await client.Governance.CardTextAsync(name, version, cancellation));
        }
        return ExitCodes.Done;
    }

    private static async Task<int> BomAsync(ParseResult parsed, Terminal terminal, CancellationToken cancellation)
    {
        await using var client = ConsoleOptions.ClientOf(parsed);
        var bom = await client.Governance.BomAsync(
            parsed.GetRequiredValue(Name),
            parsed.GetRequiredValue(Version),
            cancellation
        );
        terminal.Show(bom, shown => terminal.Line(JsonSerializer.Serialize(shown, Indented)));
        return ExitCodes.Done;
    }

    private static async Task<int> LineageAsync(ParseResult parsed, Terminal terminal, CancellationToken cancellation)
    {
        await using var client = ConsoleOptions.ClientOf(parsed);
        var graph = await client.Governance.LineageAsync(
            parsed.GetRequiredValue(Name),
            parsed.GetRequiredValue(Version),
            cancellation
        );
        terminal.Show(
            graph,
            shown =>
                terminal.Table(
                    ["from", "", "to"],
                    shown.Edges.Select(e =>
                        (string[])[$"{e.From.Kind} {e.From.Id}", e.Relation, $"{e.To.Kind} {e.To.Id}"]
                    )
                )
        );
        return ExitCodes.Done;
    }

    private static JsonDocument Read(string file)
    {
        try
        {
            return JsonDocument.Parse(File.ReadAllBytes(file));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            throw Fault.Invalid("card.file", $"'{file}' cannot be read as JSON: {e.Message}", "--edit");
        }
    }
}
