using Slipway.Foundation.Console;
using Slipway.Sdk;
using ArtifactVerbs = Slipway.Tracking.Actions.Artifacts;
using DatasetVerbs = Slipway.Evaluation.Actions.EvaluationDatasets;
using ExperimentVerbs = Slipway.Tracking.Actions.Experiments;
using ModelVerbs = Slipway.Tracking.Actions.LoggedModels;
using RunVerbs = Slipway.Tracking.Actions.Runs;
using TraceVerbs = Slipway.Tracing.Actions.Traces;

namespace Slipway.Doors.Mlflow.Import;

/// <summary>
/// Takes over what an MLflow has stored, through the verbs that anybody uses. It goes by ids and adds what is missing,
/// so it may be stopped and run again at any time: a second run goes on, and a third has nothing left to do.
/// </summary>
public sealed class MlflowImport(ImportVerbs verbs)
{
    /// <summary>Imports from sqlite:///FILE, http://HOST or a folder. Artifacts are also looked for in the folders named.</summary>
    public async Task<ImportLedger> RunAsync(
        string from,
        IReadOnlyList<string> artifactFolders,
        IProgress<Step> progress,
        CancellationToken cancellation = default
    )
    {
        var ledger = new ImportLedger();
        await using var source = Open(from, artifactFolders, ledger);
        await new ImportPass(verbs, source, ledger, progress, cancellation).RunAsync();
        return ledger;
    }

    private static IImportSource Open(string from, IReadOnlyList<string> artifactFolders, ImportLedger ledger)
    {
        const string Sqlite = "sqlite:///";
        if (from.StartsWith(Sqlite, StringComparison.Ordinal))
            return SqliteSource.Open(from[Sqlite.Length..].Split('?')[0], artifactFolders, ledger);
        if (
            from.StartsWith("http://", StringComparison.Ordinal)
            || from.StartsWith("https://", StringComparison.Ordinal)
        )
            return ServerSource.Open(from, ledger);
        if (from.Contains("://", StringComparison.Ordinal) && !from.StartsWith("file://", StringComparison.Ordinal))
            throw Fault.Invalid(
                "import.source",
                $"There is no import from {from[..from.IndexOf(':')]} addresses.",
                "--from",
                "Write sqlite:///path/to/mlflow.db, http://host:port, or the path of an mlruns folder."
            );
        return FolderSource.Open(
            from.StartsWith("file://", StringComparison.Ordinal) ? new Uri(from).LocalPath : from,
            artifactFolders,
            ledger
        );
    }
}

/// <summary>The verbs that take over what is found.</summary>
public sealed record ImportVerbs(
    ExperimentVerbs Experiments,
    RunVerbs Runs,
    ModelVerbs Models,
    ArtifactVerbs Artifacts,
    TraceVerbs Traces,
    DatasetVerbs Datasets
);
