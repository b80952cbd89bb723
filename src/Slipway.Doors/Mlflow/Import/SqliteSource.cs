using Slipway.Foundation.Sql;
using Slipway.Sdk;
using Slipway.Tracking;
using RunVerbs = Slipway.Tracking.Actions.Runs;

namespace Slipway.Doors.Mlflow.Import;

/// <summary>An MLflow's database in SQLite, of any version: what its schema does not have yet is as if it were empty.</summary>
internal sealed class SqliteSource(ForeignReader database, ArtifactFolders artifacts, ImportLedger ledger)
    : IImportSource
{
    private const string HomeWorkspace = "default";

    private readonly SqliteTraces traces = new(database, ledger);
    private readonly SqliteDatasets evaluations = new(database, ledger);

    private static readonly string[] NotTaken = ["registered_models", "model_versions", "webhooks"];

    public static SqliteSource Open(string file, IReadOnlyList<string> artifactFolders, ImportLedger ledger)
    {
        if (!File.Exists(file))
            throw Fault.NotFound("import.not_found", $"There is no database at {file}.");
        var beside = Path.GetDirectoryName(Path.GetFullPath(file))!;
        var database = ForeignReader.Open(file);
        if (database.Has("experiments") && database.Has("runs"))
            return new SqliteSource(
                database,
                new ArtifactFolders([beside, .. Usual(beside), .. artifactFolders]),
                ledger
            );
        database.Dispose();
        throw Fault.Invalid("import.foreign", $"The database {file} is not one of MLflow's.", "--from");
    }

    public long? CountRuns() => database.Count("runs");

    public IAsyncEnumerable<ForeignExperiment> ExperimentsAsync(CancellationToken cancellation) =>
        ReadExperiments().ToAsyncEnumerable();

    public IAsyncEnumerable<ForeignRun> RunsAsync(ForeignExperiment experiment, CancellationToken cancellation) =>
        RunsOf(experiment).ToAsyncEnumerable();

    public long? CountPoints(ForeignRun run) => database.Count("metrics", ("run_uuid", run.Run.Head.Id));

    public IAsyncEnumerable<IReadOnlyList<Metric>> PointsAsync(ForeignRun run, CancellationToken cancellation) =>
        PointsOf(run).ToAsyncEnumerable();

    public IAsyncEnumerable<ForeignModel> ModelsAsync(ForeignExperiment experiment, CancellationToken cancellation) =>
        ModelsOf(experiment).ToAsyncEnumerable();

    public IAsyncEnumerable<FoundTrace> TracesAsync(ForeignExperiment experiment, CancellationToken cancellation) =>
        traces.Of(experiment.Experiment.Id).ToAsyncEnumerable();

    public IAsyncEnumerable<FoundDataset> DatasetsAsync(CancellationToken cancellation) =>
        evaluations.All().ToAsyncEnumerable();

    public ForeignFiles FilesAt(string address, string place) => artifacts.At(address);

    public IEnumerable<(string Kind, long Count, string Why)> LeftBehind() =>
        from table in NotTaken
        let count = database.Count(table)
        where count > 0
        select (table, count, "things of this kind are not imported");

    public ValueTask DisposeAsync()
    {
        database.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>Where an MLflow keeps artifacts beside its database, unless it is told otherwise.</summary>
    internal static IEnumerable<string> Usual(string beside) =>
        [Path.Combine(beside, "mlruns"), Path.Combine(beside, "mlartifacts")];

    private Dictionary<string, string> Texts(string table, string key, string value, (string, object) where)
    {
        var texts = new Dictionary<string, string>();
        foreach (var row in database.Rows(table, [key, value], [], where))
            texts[row.Text(0) ?? ""] = row.Text(1) ?? "";
        return texts;
    }

    private RunLinks LinksOf(string runId)
    {
        var datasets = new List<DatasetInput>();
        foreach (
            var input in database.Rows(
                "inputs",
                ["input_uuid", "source_id"],
                [],
                ("destination_type", "RUN"),
                ("destination_id", runId),
                ("source_type", "DATASET")
            )
        )
        {
            var tags = Texts("input_tags", "name", "value", ("input_uuid", input.Text(0) ?? ""));
            foreach (
                var row in database.Rows(
                    "datasets",
                    ["name", "digest", "dataset_source_type", "dataset_source", "dataset_schema", "dataset_profile"],
                    [],
                    ("dataset_uuid", input.Text(1) ?? "")
                )
            )
                datasets.Add(
                    new DatasetInput(
                        new RunDataset(row.Text(0) ?? "", row.Text(1) ?? "", row.Text(2) ?? "", row.Text(3) ?? "")
                        {
                            Schema = row.Text(4),
                            Profile = row.Text(5),
                        },
                        [.. tags.Select(tag => new Entry(tag.Key, tag.Value))]
                    )
                );
        }
        return new RunLinks
        {
            Datasets = datasets,
            ModelInputs = [.. ModelsOf("RUN_INPUT", runId).Select(model => model.ModelId)],
            ModelOutputs = [.. ModelsOf("RUN_OUTPUT", runId)],
        };
    }

    private IEnumerable<ModelOutput> ModelsOf(string direction, string runId) =>
        database
            .Rows("inputs", ["destination_id", "step"], [], ("source_type", direction), ("source_id", runId))
            .Select(row => new ModelOutput(row.Text(0) ?? "", row.Whole(1) ?? 0));

    private IEnumerable<ModelMetric> MeasuredOn(string modelId) =>
        database
            .Rows(
                "logged_model_metrics",
                [
                    "metric_name",
                    "metric_timestamp_ms",
                    "metric_step",
                    "metric_value",
                    "run_id",
                    "dataset_name",
                    "dataset_digest",
                ],
                ["run_id", "metric_name"],
                ("model_id", modelId)
            )
            .Select(row => new ModelMetric(
                row.Text(4) ?? "",
                new Metric(
                    row.Text(0) ?? "",
                    new MetricPoint(row.Whole(1) ?? 0, row.Whole(2) ?? 0, row.Number(3) ?? double.NaN)
                )
                {
                    ModelId = modelId,
                    DatasetName = row.Text(5),
                    DatasetDigest = row.Text(6),
                }
            ));

    private IEnumerable<ForeignExperiment> ReadExperiments()
    {
        foreach (
            var row in database.Rows(
                "experiments",
                [
                    "experiment_id",
                    "name",
                    "artifact_location",
                    "lifecycle_stage",
                    "creation_time",
                    "last_update_time",
                    "workspace",
                ],
                ["experiment_id"]
            )
        )
        {
            var id = row.Whole(0);
            var name = row.Text(1) ?? "";
            if (row.Text(6) is { } workspace && workspace != HomeWorkspace)
                ledger.Refuse(ledger.Experiments, "experiment", $"it is in the workspace '{workspace}'", name);
            else if (id is null or < 0)
                ledger.Refuse(ledger.Experiments, "experiment", "its number is no number", name);
            else
                yield return new ForeignExperiment(
                    new Experiment
                    {
                        Id = id.Value,
                        Workspace = HomeWorkspace,
                        Name = name,
                        ArtifactLocation = row.Text(2) ?? "",
                        Lifecycle = Words.Lifecycle(row.Text(3)),
                        CreatedMs = row.Whole(4) ?? 0,
                        UpdatedMs = row.Whole(5) ?? row.Whole(4) ?? 0,
                        Tags = Texts("experiment_tags", "key", "value", ("experiment_id", id.Value)),
                    }
                );
        }
    }

    private IEnumerable<ForeignRun> RunsOf(ForeignExperiment experiment)
    {
        foreach (
            var row in database.Rows(
                "runs",
                [
                    "run_uuid",
                    "name",
                    "user_id",
                    "status",
                    "start_time",
                    "end_time",
                    "deleted_time",
                    "lifecycle_stage",
                    "artifact_uri",
                ],
                [],
                ("experiment_id", experiment.Experiment.Id)
            )
        )
        {
            var id = row.Text(0) ?? "";
            var head = new RunHead
            {
                Id = id,
                ExperimentId = experiment.Experiment.Id,
                Name = row.Text(1) ?? "",
                User = row.Text(2) ?? "",
                Status = Words.Status(row.Text(3)),
                Lifecycle = Words.Lifecycle(row.Text(7)),
                StartMs = row.Whole(4) ?? 0,
                EndMs = row.Whole(5),
                ArtifactUri = row.Text(8) ?? "",
            };
            var run = new Run(head)
            {
                Params = Texts("params", "key", "value", ("run_uuid", id)),
                Tags = Texts("tags", "key", "value", ("run_uuid", id)),
                Links = LinksOf(id),
            };
            yield return new ForeignRun(run, row.Whole(6));
        }
    }

    private IEnumerable<IReadOnlyList<Metric>> PointsOf(ForeignRun run)
    {
        var part = new List<Metric>();
        var key = "";
        foreach (
            var row in database.Rows(
                "metrics",
                ["key", "value", "timestamp", "step", "is_nan"],
                ["key", "timestamp", "step"],
                ("run_uuid", run.Run.Head.Id)
            )
        )
        {
            // One object for the key of a whole series, and not one for each of its points.
            if (!row.Is(0, key))
                key = row.Text(0) ?? "";
            var value = row.Whole(4) is 1 ? double.NaN : row.Number(1) ?? double.NaN;
            part.Add(new Metric(key, new MetricPoint(row.Whole(2) ?? 0, row.Whole(3) ?? 0, value)));
            if (part.Count < RunVerbs.PointsPerAdoption)
                continue;
            yield return part;
            part = [];
        }
        if (part.Count > 0)
            yield return part;
    }

    private IEnumerable<ForeignModel> ModelsOf(ForeignExperiment experiment)
    {
        foreach (
            var row in database.Rows(
                "logged_models",
                [
                    "model_id",
                    "name",
                    "artifact_location",
                    "creation_timestamp_ms",
                    "last_updated_timestamp_ms",
                    "status",
                    "lifecycle_stage",
                    "model_type",
                    "source_run_id",
                ],
                [],
                ("experiment_id", experiment.Experiment.Id)
            )
        )
        {
            var id = row.Text(0) ?? "";
            var model = new LoggedModel
            {
                Id = id,
                ExperimentId = experiment.Experiment.Id,
                Name = row.Text(1) ?? "",
                Type = row.Text(7) ?? "",
                SourceRunId = row.Text(8) ?? "",
                ArtifactUri = row.Text(2) ?? "",
                Status = Words.ModelStatus(row.Whole(5)),
                CreatedMs = row.Whole(3) ?? 0,
                UpdatedMs = row.Whole(4) ?? 0,
                Params = Texts("logged_model_params", "param_key", "param_value", ("model_id", id)),
                Tags = Texts("logged_model_tags", "tag_key", "tag_value", ("model_id", id)),
                Metrics = [.. MeasuredOn(id)],
            };
            yield return new ForeignModel(model, Words.Lifecycle(row.Text(6)) == Lifecycle.Deleted);
        }
    }
}
