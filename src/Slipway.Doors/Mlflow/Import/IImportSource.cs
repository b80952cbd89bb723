using Slipway.Evaluation;
using Slipway.Tracing.Actions;
using Slipway.Tracking;

namespace Slipway.Doors.Mlflow.Import;

/// <summary>
/// What an MLflow has stored, wherever it lies: a database, a folder, a server. Everything it gives was written by
/// strangers, as is any id, name or address in it.
/// </summary>
internal interface IImportSource : IAsyncDisposable
{
    /// <summary>How many runs there are, for a progress bar; null where that takes reading them.</summary>
    long? CountRuns();

    IAsyncEnumerable<ForeignExperiment> ExperimentsAsync(CancellationToken cancellation);

    IAsyncEnumerable<ForeignRun> RunsAsync(ForeignExperiment experiment, CancellationToken cancellation);

    /// <summary>How many points the run has; null where that takes reading them.</summary>
    long? CountPoints(ForeignRun run);

    /// <summary>The histories of all metrics of the run, in parts of at most <see cref="Tracking.Actions.Runs.PointsPerAdoption"/>.</summary>
    IAsyncEnumerable<IReadOnlyList<Metric>> PointsAsync(ForeignRun run, CancellationToken cancellation);

    IAsyncEnumerable<ForeignModel> ModelsAsync(ForeignExperiment experiment, CancellationToken cancellation);

    IAsyncEnumerable<FoundTrace> TracesAsync(ForeignExperiment experiment, CancellationToken cancellation);

    IAsyncEnumerable<FoundDataset> DatasetsAsync(CancellationToken cancellation);

    /// <summary>The files that were stored under this address, which belongs to a run, model or trace of this place.</summary>
    ForeignFiles FilesAt(string address, string place);

    /// <summary>Kinds of things that are there and that nobody here takes, with how many there are.</summary>
    IEnumerable<(string Kind, long Count, string Why)> LeftBehind();
}

/// <summary>An experiment; its number and location are those it has there.</summary>
internal sealed record ForeignExperiment(Experiment Experiment, string Place = "");

/// <summary>A run, but for its points; its experiment and its artifacts are those it has there.</summary>
internal sealed record ForeignRun(Run Run, long? DeletedMs = null, string Place = "");

/// <summary>A logged model with the points measured on it.</summary>
internal sealed record ForeignModel(LoggedModel Model, bool IsDeleted = false, string Place = "");

/// <summary>A trace; where its spans are files, they lie at the address that its tag says.</summary>
internal sealed record FoundTrace(ForeignTrace Trace, string Place = "");

/// <summary>An evaluation dataset; its experiments have the numbers they have there.</summary>
internal sealed record FoundDataset(EvaluationDataset Dataset, IAsyncEnumerable<EvaluationRecord> Records);

/// <summary>A file of a run, model or trace, by its name among them.</summary>
internal sealed record ForeignFile(string Path, Func<CancellationToken, Task<Stream>> OpenAsync);

/// <summary>The files at an address, or why they are not taken.</summary>
internal sealed record ForeignFiles(IAsyncEnumerable<ForeignFile>? Files, string? Why = null, bool IsElsewhere = false)
{
    public static ForeignFiles None { get; } = new(AsyncEnumerable.Empty<ForeignFile>());

    /// <summary>Not this machine's to read; whoever could read them there still can.</summary>
    public static ForeignFiles Elsewhere(string why) => new(null, why, IsElsewhere: true);

    public static ForeignFiles Refused(string why) => new(null, why);
}
