using System.Security.Cryptography;
using Slipway.Foundation.Blobs;
using Slipway.Foundation.Console;
using Slipway.Identity;
using Slipway.Sdk;
using Slipway.Tracking;
using ArtifactVerbs = Slipway.Tracking.Actions.Artifacts;
using ExperimentVerbs = Slipway.Tracking.Actions.Experiments;
using ModelVerbs = Slipway.Tracking.Actions.LoggedModels;
using RunVerbs = Slipway.Tracking.Actions.Runs;

namespace Slipway.Doors.Mlflow.Import;

/// <summary>
/// One way through a source. It is read from one place to the next, while what was read is being written: several runs
/// share a commit.
/// </summary>
internal sealed class ImportPass(
    ExperimentVerbs experiments,
    RunVerbs runs,
    ModelVerbs models,
    ArtifactVerbs artifacts,
    IImportSource source,
    ImportLedger ledger,
    IProgress<Step> progress,
    CancellationToken cancellation
)
{
    // Enough to fill a commit with the work of several runs, few enough for their points to fit into memory.
    private const int RunsAtOnce = 8;

    private readonly Caller caller = Caller.Operator("import");
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
        foreach (var (kind, count, why) in source.LeftBehind())
            ledger.Note(kind, why, "", count);
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
            await TakeFilesAsync(files, $"of run {id}", path => new ArtifactName.OfRun(id, path));
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
        if (!foreign.IsDeleted)
            await TakeFilesAsync(files, $"of model {id}", path => new ArtifactName.OfModel(id, path));
    }

    private async Task TakeFilesAsync(ForeignFiles files, string of, Func<BlobPath, ArtifactName> name)
    {
        if (files.Files is null)
        {
            ledger.Note("artifacts", files.Why!, of);
            return;
        }
        try
        {
            await foreach (var file in files.Files.WithCancellation(cancellation))
                await TakeFileAsync(file, of, name);
        }
        catch (Fault fault) when (fault.Kind == FaultKind.Invalid)
        {
            ledger.Note("artifacts", $"they cannot be listed: {fault.Message}", of);
        }
    }

    private async Task TakeFileAsync(ForeignFile file, string of, Func<BlobPath, ArtifactName> name)
    {
        try
        {
            ledger.Artifacts.Add(1, await StoreAsync(file, name(BlobPath.Parse(file.Path))) ? 1 : 0);
        }
        catch (Fault fault) when (fault.Kind is FaultKind.Invalid or FaultKind.Conflict or FaultKind.NotFound)
        {
            ledger.Refuse(ledger.Artifacts, "artifact", fault.Message, $"{file.Path} {of}");
        }
    }

    /// <summary>Stores a file unless the same is here; says whether it did.</summary>
    private async Task<bool> StoreAsync(ForeignFile file, ArtifactName name)
    {
        if (await FindAsync(name) is { Sha256: { } known })
        {
            await using var seen = await file.OpenAsync(cancellation);
            if (Convert.ToHexStringLower(await SHA256.HashDataAsync(seen, cancellation)) == known)
                return false;
        }
        await using var content = await file.OpenAsync(cancellation);
        await artifacts.PutAsync(caller, name, content, cancellation);
        return true;
    }

    private async Task<Blob?> FindAsync(ArtifactName name)
    {
        try
        {
            return await artifacts.FindAsync(caller, name, cancellation);
        }
        catch (Fault fault) when (fault.Kind == FaultKind.NotFound)
        {
            return null;
        }
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
