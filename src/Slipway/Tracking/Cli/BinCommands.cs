using System.CommandLine;
using System.Globalization;
using Slipway.Foundation.Console;
using Slipway.Sdk;
using Slipway.Sdk.Tracking;

namespace Slipway.Tracking.Cli;

/// <summary>`slipway gc`: frees what nobody took out of the bin in time.</summary>
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
        new Command("gc", "Remove for good what has been in the bin for long: experiments, runs and models.")
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
        var result = await client.Experiments.EmptyBinAsync(request, cancellation);
        var found = result.Experiments + result.Runs + result.Models;
        if (!parsed.GetValue(DryRun) && found > 0)
        {
            ConsoleOptions.Confirm(parsed, $"{Counted(result)} will be removed.");
            result = await client.Experiments.EmptyBinAsync(request with { DryRun = false }, cancellation);
        }
        terminal.Show(
            result,
            TrackingJson.Default.PurgeResult,
            _ =>
                terminal.Line(parsed.GetValue(DryRun) ? $"{Counted(result)} would go." : $"{Counted(result)} are gone.")
        );
        return ExitCodes.Done;
    }

    private static string Counted(PurgeResult result) =>
        $"{result.Experiments} experiments, {result.Runs} runs and {result.Models} models";

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
