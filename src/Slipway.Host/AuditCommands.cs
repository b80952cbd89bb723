using System.CommandLine;
using Slipway.Foundation.Basics;
using Slipway.Foundation.Console;
using Slipway.Foundation.Events;
using Slipway.Foundation.Sql;
using Slipway.Sdk;

namespace Slipway.Host;

/// <summary>`slipway audit …`: proves that the record of events is as it was written, beside a running server or without one.</summary>
internal static class AuditCommands
{
    private const int Broken = 1;

    private static readonly Option<string[]> Anchors = new("--anchor")
    {
        Description = "A link that `slipway audit anchor` printed earlier; the record must still contain it.",
        HelpName = "POSITION:HASH",
    };

    public static Command Create() =>
        new("audit", "Prove that the record of everything that happened was not changed.")
        {
            new Command("verify", "Go through the whole record and name the first event that is not as it was written.")
            {
                ConsoleOptions.Data,
                ConsoleOptions.Store,
                Anchors,
            }.Runs((parsed, terminal, _) => Task.FromResult(Verify(parsed, terminal))),
            new Command(
                "anchor",
                "Print the newest link of the chain, to be kept where nobody who can change the record can."
            )
            {
                ConsoleOptions.Data,
                ConsoleOptions.Store,
            }.Runs((parsed, terminal, _) => Task.FromResult(PrintAnchor(parsed, terminal))),
        };

    private static int Verify(ParseResult parsed, Terminal terminal)
    {
        var folder = parsed.GetRequiredValue(ConsoleOptions.Data);
        var anchors = new AnchorFile(ServerFolder.AnchorFileIn(folder)).Read();
        var given = (parsed.GetValue(Anchors) ?? []).Select(Read);
        var report = Db.ReadOnce(Store(parsed), tx => ChainVerifier.Verify(tx, [.. anchors, .. given]));
        terminal.Show(
            new
            {
                Ok = report.Break is null,
                Sealed = report.SealedCount,
                Unsealed = report.UnsealedCount,
                Anchor = report.Anchor.ToString(),
                BrokenAt = report.Break?.Position,
                report.Break?.Reason,
            },
            shown =>
                terminal.Line(
                    report.Break is { } found
                        ? $"The record is NOT as it was written: at position {found.Position} {found.Reason}."
                        : $"{report.SealedCount} events are as they were written; {report.UnsealedCount} are too new to be sealed. Anchor: {shown.Anchor}"
                )
        );
        return report.Break is null ? ExitCodes.Done : Broken;
    }

    private static int PrintAnchor(ParseResult parsed, Terminal terminal)
    {
        var anchor =
            Db.ReadOnce(Store(parsed), ChainVerifier.HeadAnchor)
            ?? throw Fault.NotFound("audit.empty", "No event is recorded yet.");
        terminal.Show(new { Anchor = anchor.ToString() }, shown => terminal.Line(shown.Anchor));
        return ExitCodes.Done;
    }

    private static Dialect Store(ParseResult parsed) =>
        StoreAddress.ToExisting(
            parsed.GetValue(ConsoleOptions.Store),
            ServerFolder.DatabaseFileIn(parsed.GetRequiredValue(ConsoleOptions.Data))
        );

    private static ChainAnchor Read(string text) =>
        ChainAnchor.TryParse(text)
        ?? throw Fault.Invalid("audit.anchor", $"'{text}' is no anchor.", "--anchor", "Write it as POSITION:HASH.");
}
