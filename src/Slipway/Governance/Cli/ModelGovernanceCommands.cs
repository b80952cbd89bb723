using System.CommandLine;
using System.Globalization;
using Slipway.Foundation.Console;
using Slipway.Sdk.Governance;

namespace Slipway.Governance.Cli;

/// <summary>`slipway models …` for what is decided about registered versions.</summary>
internal static class ModelGovernanceCommands
{
    private static readonly Argument<string> Name = new("NAME") { Description = "The registered model." };
    private static readonly Argument<int> Version = new("VERSION") { Description = "The number of the version." };

    private static readonly Option<string> Reason = new("--reason")
    {
        Description = "Why; it stays in the record.",
        HelpName = "TEXT",
        Required = true,
    };

    private static readonly Option<string?> Digest = new("--digest")
    {
        Description = "The digest of the files that were looked at; with other files the decision is refused.",
        HelpName = "DIGEST",
    };

    public static Command Create() =>
        new("models", "Scan, sign and verify models.")
        {
            new Command("status", "Show what decides whether a version may be promoted.") { Name, Version }
                .AsksServer()
                .Runs(StatusAsync),
            new Command("approve", "Approve a version.") { Name, Version, Reason, Digest }
                .AsksServer()
                .Runs((parsed, terminal, cancellation) => DecideAsync("approved", parsed, terminal, cancellation)),
            new Command("reject", "Reject a version; its aliases go to the newest version that is approved.")
            {
                Name,
                Version,
                Reason,
                Digest,
            }
                .AsksServer()
                .Runs((parsed, terminal, cancellation) => DecideAsync("rejected", parsed, terminal, cancellation)),
            new Command("override", "Let the files of a version through in spite of what their scan found.")
            {
                Name,
                Version,
                Reason,
            }
                .AsksServer()
                .Runs(OverrideAsync),
        };

    private static async Task<int> StatusAsync(ParseResult parsed, Terminal terminal, CancellationToken cancellation)
    {
        await using var client = ConsoleOptions.ClientOf(parsed);
        var standing = await client.Governance.GetAsync(
            parsed.GetRequiredValue(Name),
            parsed.GetRequiredValue(Version),
            cancellation
        );
        terminal.Show(standing, shown => Print(terminal, shown));
        return ExitCodes.Done;
    }

    private static async Task<int> DecideAsync(
        string status,
        ParseResult parsed,
        Terminal terminal,
        CancellationToken cancellation
    )
    {
        await using var client = ConsoleOptions.ClientOf(parsed);
        var decision = await client.Governance.DecideAsync(
            parsed.GetRequiredValue(Name),
            parsed.GetRequiredValue(Version),
            new DecisionRequest
            {
                Status = status,
                Reason = parsed.GetRequiredValue(Reason),
                Digest = parsed.GetValue(Digest),
            },
            cancellation
        );
        terminal.Show(
            decision,
            shown => terminal.Line($"{shown.Status} by {shown.Actor}, for the files {shown.Digest[..12]}.")
        );
        return ExitCodes.Done;
    }

    private static async Task<int> OverrideAsync(ParseResult parsed, Terminal terminal, CancellationToken cancellation)
    {
        await using var client = ConsoleOptions.ClientOf(parsed);
        var (name, version) = (parsed.GetRequiredValue(Name), parsed.GetRequiredValue(Version));
        await client.Governance.OverrideAsync(name, version, parsed.GetRequiredValue(Reason), cancellation);
        terminal.Show(
            new { Model = name, Version = version },
            _ => terminal.Line($"The files of version {version} of {name}, as they are, may be promoted.")
        );
        return ExitCodes.Done;
    }

    private static void Print(Terminal terminal, StandingResource standing)
    {
        terminal.Table(["what", "is"], Rows(standing));
        if (standing.Scan?.Findings is { Count: > 0 } findings)
            terminal.Table(
                ["verdict", "file", "rule", "what"],
                findings.Select(f => (string[])[f.Verdict, f.Path, f.Rule, f.Message])
            );
    }

    private static IEnumerable<IReadOnlyList<string>> Rows(StandingResource standing)
    {
        yield return ["status", standing.Status];
        if (standing.Decision is { } decision)
            yield return ["decided by", $"{decision.Actor}: {decision.Reason}"];
        yield return ["scan", standing.Scan?.Verdict ?? "not done yet"];
        if (standing.Scan is { } scan)
            yield return ["files", $"{scan.Files.Count.ToString(CultureInfo.InvariantCulture)}, digest {scan.Digest}"];
        if (standing.Override is { } made)
            yield return ["let through by", $"{made.Actor}: {made.Reason}"];
        yield return ["signed by", standing.Signature?.Signer ?? "nobody"];
        yield return ["cards", standing.Cards.ToString(CultureInfo.InvariantCulture)];
    }
}
