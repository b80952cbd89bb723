using System.CommandLine;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Slipway.Doors.Mlflow.Import;
using Slipway.Evaluation.Actions;
using Slipway.Foundation.Console;
using Slipway.Tracing.Actions;
using Slipway.Tracking.Actions;

namespace Slipway.Host;

/// <summary>`slipway import`: takes over what other programs have stored, while no server runs.</summary>
internal static class ImportCommands
{
    private const int SomethingLeft = 1;

    private static readonly Option<string> From = new("--from")
    {
        Description = "sqlite:///FILE, http://HOST:PORT, or an mlruns folder.",
        HelpName = "ADDRESS",
        Required = true,
    };

    private static readonly Option<string[]> ArtifactFolders = new("--artifacts")
    {
        Description = "A folder in which artifacts are looked for too; may be named several times.",
        HelpName = "DIR",
    };

    public static Command Create() =>
        new("import", "Take over what another program has stored.")
        {
            new Command("mlflow", "Take over what an MLflow has stored, but for registered models and users.")
            {
                From,
                ArtifactFolders,
                ConsoleOptions.Data,
                ConsoleOptions.Store,
                ConsoleOptions.Blobs,
            }.Runs(ImportAsync),
        };

    private static Task<int> ImportAsync(ParseResult parsed, Terminal terminal, CancellationToken cancellation) =>
        OpenedStore.UseAsync(
            parsed,
            async services =>
            {
                var import = new MlflowImport(
                    new ImportVerbs(
                        services.GetRequiredService<Experiments>(),
                        services.GetRequiredService<Runs>(),
                        services.GetRequiredService<LoggedModels>(),
                        services.GetRequiredService<Artifacts>(),
                        services.GetRequiredService<Traces>(),
                        services.GetRequiredService<EvaluationDatasets>()
                    )
                );
                var ledger = await terminal.ProgressAsync(
                    "Importing runs",
                    progress =>
                        import.RunAsync(
                            parsed.GetRequiredValue(From),
                            parsed.GetValue(ArtifactFolders) ?? [],
                            progress,
                            cancellation
                        )
                );
                terminal.Show(ledger, all => Print(terminal, all));
                return ledger.Remarks.Count == 0 ? ExitCodes.Done : SomethingLeft;
            }
        );

    private static void Print(Terminal terminal, ImportLedger ledger)
    {
        terminal.Table(
            ["", "Read", "Written", "Here before", "Not taken"],
            [
                Row("Experiments", ledger.Experiments),
                Row("Runs", ledger.Runs),
                Row("Params", ledger.Params),
                Row("Tags", ledger.Tags),
                Row("Metric points", ledger.Points),
                Row("Links to datasets and models", ledger.Links),
                Row("Logged models", ledger.Models),
                Row("Artifacts", ledger.Artifacts),
                Row("Traces", ledger.Traces),
                Row("Spans", ledger.Spans),
                Row("Assessments", ledger.Assessments),
                Row("Evaluation datasets", ledger.Datasets),
                Row("Records of them", ledger.Records),
            ]
        );
        foreach (var remark in ledger.Remarks)
            terminal.Line(
                $"{remark.Count.ToString(CultureInfo.InvariantCulture)} {remark.Kind}: {remark.Why}{(remark.Example.Length > 0 ? $" (such as {remark.Example})" : "")}"
            );
    }

    private static string[] Row(string name, ImportCount count) =>
        [name, Text(count.Read), Text(count.Written), Text(count.HereBefore), Text(count.NotTaken)];

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
