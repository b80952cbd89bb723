using System.CommandLine;
using Slipway.Foundation.Console;

namespace Slipway.Host;

/// <summary>`slipway doctor`: is this installation fit to run a server?</summary>
internal static class DoctorCommand
{
    private static readonly Option<bool> ReadArtifacts = new("--read-artifacts")
    {
        Description = "Read every artifact too, and compare it with its digest. Takes as long as reading them takes.",
    };

    public static Command Create() =>
        new Command("doctor", "Check the data folder, the store, the blobs and this machine.")
        {
            ConsoleOptions.Data,
            ConsoleOptions.Store,
            ConsoleOptions.Blobs,
            ReadArtifacts,
        }.Runs(
            async (parsed, terminal, cancellation) =>
            {
                var doctor = new Doctor(
                    parsed.GetRequiredValue(ConsoleOptions.Data),
                    parsed.GetValue(ConsoleOptions.Store),
                    parsed.GetValue(ConsoleOptions.Blobs),
                    TimeProvider.System
                )
                {
                    ReadsArtifacts = parsed.GetValue(ReadArtifacts),
                };
                var findings = await doctor.LookAsync(cancellation);
                terminal.Show(
                    findings,
                    all =>
                    {
                        terminal.Table(
                            ["", "Check", "Finding"],
                            all.Select(one => new[] { Sign(one.Verdict), one.Check, one.Detail })
                        );
                        foreach (var one in all.Where(one => one.Hint is not null))
                            terminal.Line($"{one.Check}: {one.Hint}");
                    }
                );
                return findings.Any(one => one.Verdict == Verdict.Bad) ? ExitCodes.Setup : ExitCodes.Done;
            }
        );

    private static string Sign(Verdict verdict) =>
        verdict switch
        {
            Verdict.Good => "ok",
            Verdict.Doubtful => "warning",
            _ => "BAD",
        };
}
