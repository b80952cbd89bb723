using System.CommandLine;
using System.Globalization;
using System.Text.Json.Serialization;
using Slipway.Foundation.Console;
using Slipway.Sdk;
using Slipway.Sdk.Tracking;

namespace Slipway.Tracking.Cli;

/// <summary>`slipway gc`: frees what nobody took out of the bin in time, and files that nothing names.</summary>
internal static class BinCommands
{
    private static readonly Option<string> OlderThan = new("--older-than")
    {
        Description = "How long it has been in the bin, such as 30d, 12h or 0d for everything.",
        HelpName = "TIME",
        DefaultValueFactory = _ => "30d",
    };

    private static readonly Option<bool> DryRun = new("--dry-run")
    {
        Description = "Only count what would be removed.",
    };

    public static Command Create() =>
        new Command("gc", "Remove for good what has been in the bin for long, and files that nothing names.")
        {
            OlderThan,
            DryRun,
            ConsoleOptions.Yes,
        }
            .AsksServer()
            .Runs(CollectAsync);

    private static async Task<int> CollectAsync(ParseResult parsed, Terminal terminal, CancellationToken cancellation)
    {
        var age = Age(parsed.GetRequiredValue(OlderThan));
        var request = new PurgeRequest
        {
            DeletedBeforeMs = (TimeProvider.System.GetUtcNow() - age).ToUnixTimeMilliseconds(),
            DryRun = true,
        };
        await using var client = ConsoleOptions.ClientOf(parsed);
        var result = await CollectAsync(client, request, terminal, cancellation);
        var dryRun = parsed.GetValue(DryRun);
        if (!dryRun && result.Any)
        {
            ConsoleOptions.Confirm(parsed, $"{result} will be removed.");
            result = await CollectAsync(client, request with { DryRun = false }, terminal, cancellation);
        }
        terminal.Show(result, _ => terminal.Line(dryRun ? $"{result} would go." : $"{result} are gone."));
        return ExitCodes.Done;
    }

    private static async Task<Collected> CollectAsync(
        SlipwayClient client,
        PurgeRequest request,
        Terminal terminal,
        CancellationToken cancellation
    )
    {
        var bin = await client.Experiments.EmptyBinAsync(request, cancellation);
        var collected = new Collected(bin.Experiments, bin.Runs, bin.Models, 0, 0);
        try
        {
            var left = await client.Experiments.ClearLeftoversAsync(request, cancellation);
            return collected with { Files = left.Files, Bytes = left.Bytes };
        }
        catch (Fault fault) when (fault.Kind == FaultKind.Denied)
        {
            terminal.Note("Files are looked at only for who manages the server; those of what is purged go with it.");
            return collected;
        }
    }

    /// <summary>What goes, or would go. Files are those of what is purged, and those that nothing named before.</summary>
    private sealed record Collected(long Experiments, long Runs, long Models, long Files, long Bytes)
    {
        [JsonIgnore]
        public bool Any => Experiments + Runs + Models + Files > 0;

        public override string ToString() =>
            string.Create(
                CultureInfo.InvariantCulture,
                $"{Experiments} experiments, {Runs} runs and {Models} models, with {Files} files of {Bytes} bytes"
            );
    }

    private static TimeSpan Age(string text)
    {
        if (
            text.Length > 1
            && double.TryParse(
                text.AsSpan(0, text.Length - 1),
                NumberStyles.AllowDecimalPoint,
                CultureInfo.InvariantCulture,
                out var number
            )
            && number < 100_000
        )
        {
            switch (text[^1])
            {
                case 'd':
                    return TimeSpan.FromDays(number);
                case 'h':
                    return TimeSpan.FromHours(number);
            }
        }
        throw Fault.Invalid("command.age", $"'{text}' is not a time.", "--older-than", "Write it as 30d or 12h.");
    }
}
