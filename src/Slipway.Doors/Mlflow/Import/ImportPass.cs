using Slipway.Foundation.Blobs;
using Slipway.Foundation.Console;
using Slipway.Identity;
using Slipway.Sdk;
using Slipway.Tracking;
using ExperimentVerbs = Slipway.Tracking.Actions.Experiments;
using ModelVerbs = Slipway.Tracking.Actions.LoggedModels;
using RunVerbs = Slipway.Tracking.Actions.Runs;

namespace Slipway.Doors.Mlflow.Import;

/// <summary>
/// One way through a source. It is read from one place to the next, while what was read is being written: several runs
/// share a commit.
/// </summary>
internal sealed class ImportPass(
    ImportVerbs verbs,
    IImportSource source,
    ImportLedger ledger,
    IProgress<Step> progress,
    CancellationToken cancellation
)
{
    // Enough to fill a commit with the work of several runs, few enough for their points to fit into memory.
    private const int RunsAtOnce = 8;

    private static readonly Caller caller = Caller.Operator("import");

    private readonly ExperimentVerbs experiments = verbs.Experiments;
    private readonly RunVerbs runs = verbs.Runs;
    private readonly ModelVerbs models = verbs.Models;
    private readonly FileTaker fileTaker = new(verbs.Artifacts, caller, ledger, cancellation);
    private readonly Sieve sieve = new(ledger);
    private readonly HashSet<Task> underWay = [];
    private readonly long total = source.CountRuns() ?? 0;
    private long done;

    public async Task RunAsync()
    {
        var taken = new List<(ForeignExperiment Foreign, Experiment Here)>();
        await foreach (var foreign in source.ExperimentsAsync(cancellation))
        {
            if (await TakeExperimentAsync(foreign) is not { } here)
                continue;
            taken.Add((foreign, here));
            await foreach (var run in source.RunsAsync(foreign, cancellation))
                await TakeRunAsync(run, here);
        }
        await Task.WhenAll(underWay);
        // Models come last: what was measured on them was measured by runs of any experiment.
        foreach (var (foreign, here) in taken)
            await TakeModelsAsync(foreign, here);
        await TakeTracesAsync(taken);
        foreach (var (kind, count, why) in source.LeftBehind())
            ledger.Note(kind, why, "", count);
    }

    private async Task TakeTracesAsync(IReadOnlyList<(ForeignExperiment Foreign, Experiment Here)> taken)
    {
        var pass = new TracePass(verbs.Traces, verbs.Datasets, fileTaker, source, ledger, caller, cancellation);
        try
        {
            foreach (var (foreign, here) in taken)
            {
                await foreach (var trace in source.TracesAsync(foreign, cancellation))
                    await StartAsync(pass.TakeAsync(trace, here));
            }
            await Task.WhenAll(underWay);
            var experimentsHere = taken.ToDictionary(pair => pair.Foreign.Experiment.Id, pair => pair.Here.Id);
            await foreach (var dataset in source.DatasetsAsync(cancellation))
                await pass.TakeAsync(dataset, experimentsHere);
        }
        catch (Fault fault) when (fault.Code is "import.refused" or "import.answer")
        {
            // A server of MLflow 2 knows of neither.
            ledger.Note("traces and evaluation datasets", $"they cannot be listed: {fault.Message}", "");
        }
    }

    private async Task<Experiment?> TakeExperimentAsync(ForeignExperiment foreign)
    {
        var experiment = foreign.Experiment with
        {
            ArtifactLocation = source.FilesAt(foreign.Experiment.ArtifactLocation, foreign.Place).IsElsewhere
                ? foreign.Experiment.ArtifactLocation
                : "",
            Tags = sieve.Pass(foreign.Experiment.Tags, ledger.Tags, "tag", $"of experiment {foreign.Experiment.Name}"),
        };
        try
        {
            var (here, isNew) = await experiments.AdoptAsync(caller, experiment, cancellation);
            ledger.Experiments.Add(1, isNew ? 1 : 0);
            ledger.Tags.Add(experiment.Tags.Count, isNew ? experiment.Tags.Count : 0);
            if (here.Id != experiment.Id)
                ledger.Note(
                    "experiment",
                    "it has another number here: its own was taken, or its name known",
                    $"{here.Name}: {experiment.Id} is {here.Id}"
                );
            return here;
        }
        catch (Fault fault) when (fault.Kind == FaultKind.Invalid)
        {
            ledger.Refuse(ledger.Experiments, "experiment", fault.Message, experiment.Name);
            return null;
        }
    }

    private async Task TakeRunAsync(ForeignRun foreign, Experiment experiment)
    {
        var id = foreign.Run.Head.Id;
        var files = source.FilesAt(foreign.Run.Head.ArtifactUri, foreign.Place);
        var run = sieve.Pass(foreign.Run) with
        {
            Head = foreign.Run.Head with
            {
                ExperimentId = experiment.Id,
                ArtifactUri = files.Files is null
                    ? foreign.Run.Head.ArtifactUri
                    : $"mlflow-artifacts:/{Text(experiment.Id)}/{id}/artifacts",
            },
        };
        var here = await runs.CountPointsAsync(caller, id, cancellation);
        var there = source.CountPoints(foreign);
        await using var parts = source.PointsAsync(foreign, cancellation).GetAsyncEnumerator(cancellation);
        var first = there is null || there != here ? await NextAsync(parts, id) : null;
        if (first is null)
            ledger.Points.Add(there ?? 0, 0);
        var adopting = AdoptAsync(run, foreign.DeletedMs, first ?? []);
        // Of a long history, one part is read while the one before is written.
        while (first?.Count == RunVerbs.PointsPerAdoption && await NextAsync(parts, id) is { } next)
        {
            if (!await adopting)
                break;
            adopting = AdoptPointsAsync(id, next);
        }
        await StartAsync(FinishAsync(adopting, id, here, there is null || there != here, files));
    }

    private async Task FinishAsync(Task<bool> adopting, string id, long? before, bool hadPoints, ForeignFiles files)
    {
        var isHere = await adopting;
        if (isHere && hadPoints && await runs.CountPointsAsync(caller, id, cancellation) is { } after)
            ledger.Points.Add(0, Math.Max(0, after - (before ?? 0)));
        if (isHere)
            await fileTaker.TakeAsync(files, $"of run {id}", path => new ArtifactName.OfRun(id, path));
        var now = Interlocked.Increment(ref done);
        progress.Report(new Step(now, Math.Max(total, now)));
    }

    private async Task<IReadOnlyList<Metric>?> NextAsync(IAsyncEnumerator<IReadOnlyList<Metric>> parts, string id)
    {
        if (!await parts.MoveNextAsync())
            return null;
        var points = sieve.Pass(parts.Current, $"of run {id}");
        ledger.Points.Add(points.Count, 0);
        return points;
    }

    private async Task<bool> AdoptAsync(Run run, long? deletedMs, IReadOnlyList<Metric> points)
    {
        try
        {
            var adopted = await runs.AdoptAsync(caller, run, deletedMs, points, cancellation);
            ledger.Runs.Add(1, adopted.IsNew ? 1 : 0);
            ledger.Params.Add(run.Params.Count, adopted.Params);
            // A run without a name of its own gets one, and with it a tag that nobody read.
            ledger.Tags.Add(run.Tags.Count, Math.Min(run.Tags.Count, adopted.Tags));
            ledger.Links.Add(
                run.Links.Datasets.Count + run.Links.ModelInputs.Count + run.Links.ModelOutputs.Count,
                adopted.Links
            );
            return true;
        }
        catch (Fault fault) when (fault.Kind is FaultKind.Invalid or FaultKind.Conflict)
        {
            ledger.Refuse(ledger.Runs, "run", fault.Message, run.Head.Id);
            return false;
        }
    }

    private async Task<bool> AdoptPointsAsync(string id, IReadOnlyList<Metric> points)
    {
        await runs.AdoptPointsAsync(caller, id, points, cancellation);
        return true;
    }

    private async Task TakeModelsAsync(ForeignExperiment foreign, Experiment here)
    {
        try
        {
            await foreach (var model in source.ModelsAsync(foreign, cancellation))
                await TakeModelAsync(model, here);
        }
        catch (Fault fault) when (fault.Kind == FaultKind.Invalid)
        {
            // A server of MLflow 2 knows of no models.
            ledger.Note("logged models", $"they cannot be listed: {fault.Message}", $"of experiment {here.Name}");
        }
    }

    private async Task TakeModelAsync(ForeignModel foreign, Experiment experiment)
    {
        var id = foreign.Model.Id;
        var files = source.FilesAt(foreign.Model.ArtifactUri, foreign.Place);
        var model = foreign.Model with
        {
            ExperimentId = experiment.Id,
            ArtifactUri = files.Files is null
                ? foreign.Model.ArtifactUri
                : $"mlflow-artifacts:/{Text(experiment.Id)}/models/{id}/artifacts",
            Metrics = [],
        };
        try
        {
            var isNew = await models.AdoptAsync(caller, model, foreign.IsDeleted, cancellation);
            ledger.Models.Add(1, isNew ? 1 : 0);
            foreach (var measured in foreign.Model.Metrics.GroupBy(metric => metric.RunId))
                await models.AdoptPointsAsync(
                    caller,
                    id,
                    measured.Key,
                    sieve.Pass([.. measured.Select(metric => metric.Metric)], $"of model {id}"),
                    cancellation
                );
        }
        catch (Fault fault) when (fault.Kind is FaultKind.Invalid or FaultKind.Conflict or FaultKind.NotFound)
        {
            ledger.Refuse(ledger.Models, "model", fault.Message, id);
            return;
        }
        // A model in the bin is not to be found by its id; its files lie where they would if it were not.
        var folder = BlobPath.Parse($"{Text(experiment.Id)}/models/{id}/artifacts");
        await fileTaker.TakeAsync(
            files,
            $"of model {id}",
            path =>
                foreign.IsDeleted ? new ArtifactName.At(folder.Append(path.Value)) : new ArtifactName.OfModel(id, path)
        );
    }

    /// <summary>Lets work go on beside the reading; waits where there is enough of it.</summary>
    private async Task StartAsync(Task work)
    {
        underWay.Add(work);
        while (underWay.Count >= RunsAtOnce)
        {
            var ended = await Task.WhenAny(underWay);
            underWay.Remove(ended);
            await ended;
        }
    }

    private static string Text(long id) => id.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
