using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.Doors.Mlflow.Wire;
using Slipway.Sdk;
using Slipway.Tracking;
using RunVerbs = Slipway.Tracking.Actions.Runs;

namespace Slipway.Doors.Mlflow.Import;

/// <summary>An MLflow server, read through its REST API; what it keeps in buckets it is asked for as well.</summary>
internal sealed class ServerSource(ServerClient server, ImportLedger ledger) : IImportSource
{
    private const string Api = "api/2.0/mlflow/";
    private const int Page = 1000;
    private const int ModelPage = 50;
    private const int HistoryPage = 25_000;
    private const int LongestPath = 2048;

    // Runs, models and traces have different calls for their files.
    private const string OfRun = "run:";
    private const string OfModel = "model:";
    private const string OfTrace = "trace:";

    private readonly ServerTraces traces = new(server, ledger);

    public static ServerSource Open(string address, ImportLedger ledger) =>
        Uri.TryCreate(address, UriKind.Absolute, out var uri)
            ? new ServerSource(new ServerClient(uri, TimeProvider.System), ledger)
            : throw Fault.Invalid("import.source", $"{address} is no address.", "--from");

    public long? CountRuns() => null;

    public long? CountPoints(ForeignRun run) => null;

    public async IAsyncEnumerable<ForeignExperiment> ExperimentsAsync(
        [EnumeratorCancellation] CancellationToken cancellation
    )
    {
        var query = new JsonObject { ["max_results"] = Page, ["view_type"] = "ALL" };
        await foreach (var json in server.SearchAsync(Api + "experiments/search", query, "experiments", cancellation))
            yield return new ForeignExperiment(
                new Experiment
                {
                    Id = Whole(json, "experiment_id") ?? -1,
                    Workspace = "",
                    Name = Text(json, "name"),
                    ArtifactLocation = "",
                    Lifecycle = Words.Lifecycle(Text(json, "lifecycle_stage")),
                    CreatedMs = Whole(json, "creation_time") ?? 0,
                    UpdatedMs = Whole(json, "last_update_time") ?? 0,
                    Tags = Texts(json, "tags"),
                }
            );
    }

    public async IAsyncEnumerable<ForeignRun> RunsAsync(
        ForeignExperiment experiment,
        [EnumeratorCancellation] CancellationToken cancellation
    )
    {
        var query = new JsonObject
        {
            ["experiment_ids"] = new JsonArray(IdOf(experiment)),
            ["run_view_type"] = "ALL",
            ["max_results"] = Page,
        };
        await foreach (var json in server.SearchAsync(Api + "runs/search", query, "runs", cancellation))
        {
            var head = Part(json, "info");
            var data = Part(json, "data");
            var id = Text(head, "run_id");
            var run = new Run(
                new RunHead
                {
                    Id = id,
                    ExperimentId = experiment.Experiment.Id,
                    Name = Text(head, "run_name"),
                    User = Text(head, "user_id"),
                    Status = Words.Status(Text(head, "status")),
                    Lifecycle = Words.Lifecycle(Text(head, "lifecycle_stage")),
                    StartMs = Whole(head, "start_time") ?? 0,
                    EndMs = Whole(head, "end_time"),
                    ArtifactUri = Text(head, "artifact_uri"),
                }
            )
            {
                // Only their names are read from here: the histories have the values.
                Metrics = [.. List(data, "metrics").Select(metric => new Metric(Text(metric, "key"), default))],
                Params = Texts(data, "params"),
                Tags = Texts(data, "tags"),
                Links = LinksOf(json),
            };
            yield return new ForeignRun(run, Place: OfRun + id);
        }
    }

    public async IAsyncEnumerable<IReadOnlyList<Metric>> PointsAsync(
        ForeignRun run,
        [EnumeratorCancellation] CancellationToken cancellation
    )
    {
        var part = new List<Metric>();
        foreach (var key in run.Run.Metrics.Select(metric => metric.Key).Distinct())
        {
            var call =
                $"{Api}metrics/get-history?run_id={Escaped(run.Run.Head.Id)}&metric_key={Escaped(key)}&max_results={HistoryPage}";
            await foreach (var json in server.ListAsync(call, "metrics", cancellation))
            {
                part.Add(new Metric(key, PointOf(json)));
                if (part.Count < RunVerbs.PointsPerAdoption)
                    continue;
                yield return part;
                part = [];
            }
        }
        if (part.Count > 0)
            yield return part;
    }

    public async IAsyncEnumerable<ForeignModel> ModelsAsync(
        ForeignExperiment experiment,
        [EnumeratorCancellation] CancellationToken cancellation
    )
    {
        var query = new JsonObject
        {
            ["experiment_ids"] = new JsonArray(IdOf(experiment)),
            ["max_results"] = ModelPage,
        };
        await foreach (var json in server.SearchAsync(Api + "logged-models/search", query, "models", cancellation))
        {
            var head = Part(json, "info");
            var data = Part(json, "data");
            var id = Text(head, "model_id");
            var model = new LoggedModel
            {
                Id = id,
                ExperimentId = experiment.Experiment.Id,
                Name = Text(head, "name"),
                Type = Text(head, "model_type"),
                SourceRunId = Text(head, "source_run_id"),
                ArtifactUri = Text(head, "artifact_uri"),
                Status = Text(head, "status") switch
                {
                    "LOGGED_MODEL_READY" => LoggedModelStatus.Ready,
                    "LOGGED_MODEL_UPLOAD_FAILED" => LoggedModelStatus.UploadFailed,
                    _ => LoggedModelStatus.Pending,
                },
                CreatedMs = Whole(head, "creation_timestamp_ms") ?? 0,
                UpdatedMs = Whole(head, "last_updated_timestamp_ms") ?? 0,
                Params = Texts(data, "params"),
                Tags = Texts(head, "tags"),
                Metrics =
                [
                    .. List(data, "metrics")
                        .Select(metric => new ModelMetric(
                            Text(metric, "run_id"),
                            new Metric(Text(metric, "key"), PointOf(metric))
                            {
                                ModelId = id,
                                DatasetName = TextOrNull(metric, "dataset_name"),
                                DatasetDigest = TextOrNull(metric, "dataset_digest"),
                            }
                        )),
                ],
            };
            yield return new ForeignModel(model, Place: OfModel + id);
        }
    }

    public ForeignFiles FilesAt(string address, string place)
    {
        if (place.StartsWith(OfRun, StringComparison.Ordinal))
        {
            var id = Escaped(place[OfRun.Length..]);
            return new ForeignFiles(
                FilesIn(
                    "",
                    folder => $"{Api}artifacts/list?run_id={id}&path={Escaped(folder)}",
                    file => $"get-artifact?run_id={id}&path={Escaped(file)}"
                )
            );
        }
        if (place.StartsWith(OfModel, StringComparison.Ordinal))
        {
            var id = Escaped(place[OfModel.Length..]);
            return new ForeignFiles(
                FilesIn(
                    "",
                    folder =>
                        $"{Api}logged-models/{id}/artifacts/directories?artifact_directory_path={Escaped(folder)}",
                    file => $"ajax-api/2.0/mlflow/logged-models/{id}/artifacts/files?artifact_file_path={Escaped(file)}"
                )
            );
        }
        return place.StartsWith(OfTrace, StringComparison.Ordinal)
            ? traces.FileOf(place[OfTrace.Length..])
            : ForeignFiles.None;
    }

    public IAsyncEnumerable<FoundTrace> TracesAsync(ForeignExperiment experiment, CancellationToken cancellation) =>
        traces.OfAsync(IdOf(experiment), OfTrace, cancellation);

    public IAsyncEnumerable<FoundDataset> DatasetsAsync(CancellationToken cancellation) =>
        traces.DatasetsAsync(cancellation);

    public IEnumerable<(string Kind, long Count, string Why)> LeftBehind() => [];

    public ValueTask DisposeAsync()
    {
        server.Dispose();
        return ValueTask.CompletedTask;
    }

    private async IAsyncEnumerable<ForeignFile> FilesIn(
        string folder,
        Func<string, string> list,
        Func<string, string> get,
        [EnumeratorCancellation] CancellationToken cancellation = default
    )
    {
        await foreach (var json in server.ListAsync(list(folder), "files", cancellation))
        {
            var path = Text(json, "path");
            // What is not beneath the folder asked for would lead round in circles, and what gets ever longer nowhere.
            if (
                !path.StartsWith(folder.Length > 0 ? folder + "/" : "", StringComparison.Ordinal)
                || path.Length is 0 or > LongestPath
            )
                continue;
            if (json.TryGetProperty("is_dir", out var isFolder) && isFolder.ValueKind == JsonValueKind.True)
            {
                await foreach (var inner in FilesIn(path, list, get, cancellation))
                    yield return inner;
            }
            else
            {
                yield return new ForeignFile(path, token => server.OpenAsync(get(path), token));
            }
        }
    }

    private static RunLinks LinksOf(JsonElement run)
    {
        var inputs = Part(run, "inputs");
        return new RunLinks
        {
            Datasets =
            [
                .. List(inputs, "dataset_inputs")
                    .Select(input => (Dataset: Part(input, "dataset"), Tags: Texts(input, "tags")))
                    .Select(input => new DatasetInput(
                        new RunDataset(
                            Text(input.Dataset, "name"),
                            Text(input.Dataset, "digest"),
                            Text(input.Dataset, "source_type"),
                            Text(input.Dataset, "source")
                        )
                        {
                            Schema = TextOrNull(input.Dataset, "schema"),
                            Profile = TextOrNull(input.Dataset, "profile"),
                        },
                        [.. input.Tags.Select(tag => new Entry(tag.Key, tag.Value))]
                    )),
            ],
            ModelInputs = [.. List(inputs, "model_inputs").Select(model => Text(model, "model_id"))],
            ModelOutputs =
            [
                .. List(Part(run, "outputs"), "model_outputs")
                    .Select(model => new ModelOutput(Text(model, "model_id"), Whole(model, "step") ?? 0)),
            ],
        };
    }

    private static MetricPoint PointOf(JsonElement json) =>
        new(
            Whole(json, "timestamp") ?? 0,
            Whole(json, "step") ?? 0,
            json.TryGetProperty("value", out var value) ? WireNumber.Read(value) ?? double.NaN : double.NaN
        );

    private static string IdOf(ForeignExperiment experiment) =>
        experiment.Experiment.Id.ToString(CultureInfo.InvariantCulture);

    private static string Escaped(string text) => Uri.EscapeDataString(text);

    private static JsonElement Part(JsonElement json, string name) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var part) ? part : default;

    private static IEnumerable<JsonElement> List(JsonElement json, string name) =>
        Part(json, name) is { ValueKind: JsonValueKind.Array } list ? list.EnumerateArray() : [];

    private static string Text(JsonElement json, string name) => TextOrNull(json, name) ?? "";

    private static string? TextOrNull(JsonElement json, string name) =>
        Part(json, name) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;

    private static long? Whole(JsonElement json, string name) =>
        Part(json, name) is { ValueKind: not JsonValueKind.Undefined } number ? WireNumber.ReadWhole(number) : null;

    private static Dictionary<string, string> Texts(JsonElement json, string name)
    {
        var texts = new Dictionary<string, string>();
        foreach (var entry in List(json, name))
            texts[Text(entry, "key")] = Text(entry, "value");
        return texts;
    }
}
