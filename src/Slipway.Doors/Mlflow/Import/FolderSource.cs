using System.Globalization;
using Slipway.Foundation.Blobs;
using Slipway.Foundation.Yaml;
using Slipway.Sdk;
using Slipway.Tracking;
using RunVerbs = Slipway.Tracking.Actions.Runs;

namespace Slipway.Doors.Mlflow.Import;

/// <summary>
/// A folder that MLflow's file store wrote, usually called mlruns: a folder for each experiment, in it one for each run,
/// a file for each param, tag and metric, and what is in the bin either marked so or in .trash.
/// </summary>
internal sealed class FolderSource(string root, ArtifactFolders artifacts, ImportLedger ledger) : IImportSource
{
    private const string Meta = "meta.yaml";
    private const string Trash = ".trash";
    private const int MetaLimitBytes = 32 << 20; // the profile of a dataset stands in one
    private const int TextLimitBytes = 1 << 20;
    private const int LineLimitChars = 2048;

    private static readonly HashSet<string> NotRuns = ["tags", "datasets", "traces", "models", Trash];

    public static FolderSource Open(string folder, IReadOnlyList<string> artifactFolders, ImportLedger ledger)
    {
        var full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        if (!Directory.Exists(full))
            throw Fault.NotFound("import.not_found", $"There is no folder {full}.");
        var inner = Path.Combine(full, "mlruns");
        var root = Directory.Exists(inner) ? inner : full;
        if (!ExperimentFolders(root).Any())
            throw Fault.Invalid("import.foreign", $"The folder {full} holds no experiments of MLflow.", "--from");
        var beside = Path.GetDirectoryName(root)!;
        return new FolderSource(
            root,
            new ArtifactFolders([root, .. SqliteSource.Usual(beside), .. artifactFolders]),
            ledger
        );
    }

    public long? CountRuns() => ExperimentFolders(root).Sum(folder => RunFolders(folder).LongCount());

    public IAsyncEnumerable<ForeignExperiment> ExperimentsAsync(CancellationToken cancellation) =>
        ExperimentFolders(root).Select(ReadExperiment).OfType<ForeignExperiment>().ToAsyncEnumerable();

    public IAsyncEnumerable<ForeignRun> RunsAsync(ForeignExperiment experiment, CancellationToken cancellation) =>
        RunFolders(experiment.Place)
            .Select(folder => ReadRun(experiment, folder))
            .OfType<ForeignRun>()
            .ToAsyncEnumerable();

    public long? CountPoints(ForeignRun run) => null;

    public IAsyncEnumerable<IReadOnlyList<Metric>> PointsAsync(ForeignRun run, CancellationToken cancellation) =>
        Parts(run).ToAsyncEnumerable();

    public IAsyncEnumerable<ForeignModel> ModelsAsync(ForeignExperiment experiment, CancellationToken cancellation) =>
        PlainTree
            .Folders(Path.Combine(experiment.Place, "models"))
            .Select(folder => ReadModel(experiment, folder))
            .OfType<ForeignModel>()
            .ToAsyncEnumerable();

    public ForeignFiles FilesAt(string address, string place)
    {
        // A folder that was moved here from elsewhere still says where it was; its artifacts came along.
        var own = Path.Combine(place, "artifacts");
        return Directory.Exists(own) ? artifacts.At(own) : artifacts.At(address);
    }

    public IAsyncEnumerable<FoundTrace> TracesAsync(ForeignExperiment experiment, CancellationToken cancellation) =>
        AsyncEnumerable.Empty<FoundTrace>();

    public IAsyncEnumerable<FoundDataset> DatasetsAsync(CancellationToken cancellation) =>
        AsyncEnumerable.Empty<FoundDataset>();

    public IEnumerable<(string Kind, long Count, string Why)> LeftBehind()
    {
        const string Why = "things of this kind are not imported";
        var traces = ExperimentFolders(root).Sum(e => PlainTree.Folders(Path.Combine(e, "traces")).LongCount());
        if (traces > 0)
            yield return ("traces", traces, Why);
        var registered = PlainTree.Folders(Path.Combine(root, "models")).LongCount();
        if (registered > 0)
            yield return ("registered models", registered, Why);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static IEnumerable<string> ExperimentFolders(string root) =>
        PlainTree
            .Folders(root)
            .Concat(PlainTree.Folders(Path.Combine(root, Trash)))
            .Where(folder => Path.GetFileName(folder).All(char.IsAsciiDigit) && HasMeta(folder));

    private static IEnumerable<string> RunFolders(string experiment) =>
        PlainTree.Folders(experiment).Where(folder => !NotRuns.Contains(Path.GetFileName(folder)) && HasMeta(folder));

    private static bool HasMeta(string folder) => File.Exists(Path.Combine(folder, Meta));

    private ForeignExperiment? ReadExperiment(string folder) =>
        ReadMeta(ledger.Experiments, "experiment", folder) is not { } meta
        || !long.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var id)
            ? null
            : new ForeignExperiment(
                new Experiment
                {
                    Id = id,
                    Workspace = "",
                    Name = meta.Text("name") ?? "",
                    ArtifactLocation = meta.Text("artifact_location") ?? "",
                    Lifecycle =
                        Path.GetFileName(Path.GetDirectoryName(folder)) == Trash
                            ? Lifecycle.Deleted
                            : Words.Lifecycle(meta.Text("lifecycle_stage")),
                    CreatedMs = meta.Whole("creation_time") ?? 0,
                    UpdatedMs = meta.Whole("last_update_time") ?? 0,
                    Tags = Texts(ledger.Tags, "tag", Path.Combine(folder, "tags")),
                },
                folder
            );

    private ForeignRun? ReadRun(ForeignExperiment experiment, string folder)
    {
        if (ReadMeta(ledger.Runs, "run", folder) is not { } meta)
            return null;
        var head = new RunHead
        {
            Id = meta.Text("run_id") ?? meta.Text("run_uuid") ?? Path.GetFileName(folder),
            ExperimentId = experiment.Experiment.Id,
            Name = meta.Text("run_name") ?? meta.Text("name") ?? "",
            User = meta.Text("user_id") ?? "",
            Status = Words.Status(meta.Text("status")),
            Lifecycle = Words.Lifecycle(meta.Text("lifecycle_stage")),
            StartMs = meta.Whole("start_time") ?? 0,
            EndMs = meta.Whole("end_time"),
            ArtifactUri = meta.Text("artifact_uri") ?? "",
        };
        var run = new Run(head)
        {
            Params = Texts(ledger.Params, "param", Path.Combine(folder, "params")),
            Tags = Texts(ledger.Tags, "tag", Path.Combine(folder, "tags")),
            Links = LinksOf(experiment.Place, folder),
        };
        return new ForeignRun(run, meta.Whole("deleted_time"), folder);
    }

    private IEnumerable<IReadOnlyList<Metric>> Parts(ForeignRun run)
    {
        var part = new List<Metric>();
        foreach (var (key, file) in FilesOf(Path.Combine(run.Place, "metrics")))
        {
            foreach (var line in PlainTree.Lines(file, LineLimitChars))
            {
                if (ReadPoint(line.Split(' '), $"{key} of run {run.Run.Head.Id}") is not { } point)
                    continue;
                part.Add(new Metric(key, point));
                if (part.Count < RunVerbs.PointsPerAdoption)
                    continue;
                yield return part;
                part = [];
            }
        }
        if (part.Count > 0)
            yield return part;
    }

    /// <summary>Time and value, then the step, then whatever later versions add.</summary>
    private MetricPoint? ReadPoint(string[] fields, string example)
    {
        if (fields is [""])
            return null;
        long step = 0;
        if (
            fields.Length >= 2
            && long.TryParse(fields[0], CultureInfo.InvariantCulture, out var time)
            && Words.Number(fields[1].AsSpan().Trim()) is { } value
            && (fields.Length == 2 || long.TryParse(fields[2], CultureInfo.InvariantCulture, out step))
        )
            return new MetricPoint(time, step, value);
        ledger.Refuse(ledger.Points, "point", "its line is not a time, a value and a step", example);
        return null;
    }

    private ForeignModel? ReadModel(ForeignExperiment experiment, string folder)
    {
        if (ReadMeta(ledger.Models, "model", folder) is not { } meta)
            return null;
        var id = meta.Text("model_id") ?? Path.GetFileName(folder);
        var model = new LoggedModel
        {
            Id = id,
            ExperimentId = experiment.Experiment.Id,
            Name = meta.Text("name") ?? "",
            Type = meta.Text("model_type") ?? "",
            SourceRunId = meta.Text("source_run_id") ?? "",
            ArtifactUri = meta.Text("artifact_location") ?? "",
            Status = Words.ModelStatus(meta.Whole("status")),
            CreatedMs = meta.Whole("creation_timestamp") ?? 0,
            UpdatedMs = meta.Whole("last_updated_timestamp") ?? 0,
            Params = Texts(ledger.Params, "param", Path.Combine(folder, "params")),
            Tags = Texts(ledger.Tags, "tag", Path.Combine(folder, "tags")),
            Metrics = [.. MeasuredOn(id, Path.Combine(folder, "metrics"))],
        };
        return new ForeignModel(model, Words.Lifecycle(meta.Text("lifecycle_stage")) == Lifecycle.Deleted, folder);
    }

    /// <summary>A line is that of a run, then the run, then, where there was one, name and digest of the dataset.</summary>
    private IEnumerable<ModelMetric> MeasuredOn(string modelId, string folder)
    {
        foreach (var (key, file) in FilesOf(folder))
        {
            foreach (var line in PlainTree.Lines(file, LineLimitChars))
            {
                var fields = line.Trim().Split(' ');
                if (fields.Length < 4 || ReadPoint(fields, $"{key} of model {modelId}") is not { } point)
                    continue;
                yield return new ModelMetric(
                    fields[3],
                    new Metric(key, point)
                    {
                        ModelId = modelId,
                        DatasetName = fields.ElementAtOrDefault(4),
                        DatasetDigest = fields.ElementAtOrDefault(5),
                    }
                );
            }
        }
    }

    private RunLinks LinksOf(string experiment, string run)
    {
        var datasets = new List<DatasetInput>();
        var models = new List<string>();
        foreach (var folder in PlainTree.Folders(Path.Combine(run, "inputs")))
        {
            if (ReadMeta(ledger.Links, "input", folder) is not { } meta || meta.Text("source_id") is not { } source)
                continue;
            if (meta.Text("source_type") == "MODEL")
                models.Add(source);
            else if (ReadDataset(experiment, source) is { } dataset)
                datasets.Add(new DatasetInput(dataset, TagsOf(meta)));
        }
        var outputs = PlainTree
            .Folders(Path.Combine(run, "outputs"))
            .Select(folder => (Id: Path.GetFileName(folder), Meta: ReadMeta(ledger.Links, "output", folder)))
            .Where(output => output.Meta is not null)
            .Select(output => new ModelOutput(
                output.Meta!.Text("destination_id") ?? output.Id,
                output.Meta.Whole("step") ?? 0
            ));
        return new RunLinks
        {
            Datasets = datasets,
            ModelInputs = models,
            ModelOutputs = [.. outputs],
        };
    }

    private RunDataset? ReadDataset(string experiment, string id) =>
        // The id comes out of a file: it is a name in that folder, or nothing.
        BlobPath.TryParse(id)
            is not { Segments.Count: 1 }
        || ReadMeta(ledger.Links, "dataset", Path.Combine(experiment, "datasets", id)) is not { } meta
            ? null
            : new RunDataset(
                meta.Text("name") ?? "",
                meta.Text("digest") ?? "",
                meta.Text("source_type") ?? "",
                meta.Text("source") ?? ""
            )
            {
                Schema = meta.Text("schema"),
                Profile = meta.Text("profile"),
            };

    private static List<Entry> TagsOf(YamlValue.Map meta) =>
        meta["tags"] is YamlValue.Map tags
            ? [.. tags.Values.Keys.Select(key => new Entry(key, tags.Text(key) ?? ""))]
            : [];

    private YamlValue.Map? ReadMeta(ImportCount count, string kind, string folder)
    {
        try
        {
            using var text = new StringReader(PlainTree.ReadText(Path.Combine(folder, Meta), MetaLimitBytes) ?? "");
            return YamlReader.ReadMap(text);
        }
        catch (Fault fault)
        {
            ledger.Refuse(count, kind, $"{Meta}: {fault.Message}", folder);
            return null;
        }
    }

    private Dictionary<string, string> Texts(ImportCount count, string kind, string folder)
    {
        var texts = new Dictionary<string, string>();
        foreach (var (key, file) in FilesOf(folder))
        {
            try
            {
                if (PlainTree.ReadText(file, TextLimitBytes) is { } text)
                    texts[key] = text;
            }
            catch (Fault fault)
            {
                ledger.Refuse(count, kind, fault.Message, file);
            }
        }
        return texts;
    }

    private static IEnumerable<(string Key, string File)> FilesOf(string folder) =>
        PlainTree.Files(folder).Select(name => (name, Path.Combine(folder, name)));
}
