using static Slipway.Doors.Mlflow.Wire.FieldType;
using static Slipway.Doors.Mlflow.Wire.RequestField;
using static Slipway.Doors.Mlflow.Wire.RequestParts;

namespace Slipway.Doors.Mlflow.Wire;

/// <summary>The requests of MLflow's tracking API, version 3.12: of experiments, runs and their metrics.</summary>
internal static class Requests
{
    private const long SearchLimit = 50_000;

    private static readonly FieldType View = Choice("ACTIVE_ONLY", "DELETED_ONLY", "ALL");
    private static readonly FieldType RunState = Choice("RUNNING", "SCHEDULED", "FINISHED", "FAILED", "KILLED");

    public static readonly Request CreateExperiment = new(
        Required("name", Text),
        Checked("artifact_location", Text),
        Checked("tags", Entries)
    );

    public static readonly Request OfExperiment = new(ExperimentId);

    public static readonly Request GetExperimentByName = new(Required("experiment_name", Text));

    public static readonly Request UpdateExperiment = new(ExperimentId, Required("new_name", Text));

    public static readonly Request SetExperimentTag = new(ExperimentId, Key, Value);

    public static readonly Request DeleteExperimentTag = new(ExperimentId, Key);

    public static readonly Request SearchExperiments = new(
        Checked("max_results", Whole),
        PageToken,
        Filter,
        Checked("order_by", Texts),
        Checked("view_type", View) with
        {
            CheckedAs = Whole,
        }
    );

    public static readonly Request SearchDatasets = new(Unchecked("experiment_ids", Texts));

    public static readonly Request CreateRun = new(
        Checked("experiment_id", Text),
        Unchecked("user_id", Text),
        Checked("run_name", Text),
        Checked("start_time", Whole),
        Unchecked("tags", Entries)
    );

    public static readonly Request UpdateRun = new(
        RunIdOrUuid,
        Checked("status", RunState) with
        {
            CheckedAs = Text,
        },
        Checked("end_time", Whole),
        Checked("run_name", Text)
    );

    public static readonly Request OfRun = new(RunId);

    public static readonly Request GetRun = new(RunIdOrUuid);

    public static readonly Request SearchRuns = new(
        Checked("experiment_ids", Texts),
        Filter,
        Unchecked("run_view_type", View),
        Checked("max_results", Whole32) with
        {
            Most = SearchLimit,
        },
        OrderBy,
        Unchecked("page_token", Text)
    );

    public static readonly Request LogMetric = new(
        RunIdOrUuid,
        Key,
        Required("value", Number),
        Required("timestamp", Whole),
        Checked("step", Whole),
        Checked("model_id", Text),
        Checked("dataset_name", Text),
        Checked("dataset_digest", Text)
    );

    public static readonly Request LogBatch = new(
        RunId,
        Checked("metrics", List(Metric())),
        Checked("params", Entries),
        Checked("tags", Entries)
    );

    public static readonly Request SetRunEntry = new(RunIdOrUuid, Key, Value);

    public static readonly Request DeleteRunTag = new(RunId, Key);

    public static readonly Request LogInputs = new(
        RunId,
        Checked("datasets", List(new Message(new("tags", Entries), new("dataset", Dataset())))),
        Checked("models", List(new Message(new MessageField("model_id", Text))))
    );

    public static readonly Request LogOutputs = new(
        RunId,
        Required("models", List(new Message(new("model_id", Text), new("step", Whole))))
    );

    public static readonly Request LogModel = new(RunIdOrUuid, Required("model_json", Text));

    public static readonly Request MetricHistory = new(
        RunIdOrUuid,
        Required("metric_key", Text),
        PageToken,
        Unchecked("max_results", Whole32)
    );

    public static readonly Request MetricInterval = new(
        Required("run_ids", Texts) with
        {
            CheckedAs = Texts,
        },
        Required("metric_key", Text),
        Checked("start_step", Whole32),
        Checked("end_step", Whole32),
        Checked("max_results", Whole32)
    );

    public static readonly Request ListArtifacts = new(RunIdOrUuid, Checked("path", Text), PageToken);

    private static Message Metric() =>
        new(
            new("key", Text),
            new("value", Number),
            new("timestamp", Whole),
            new("step", Whole),
            new("dataset_name", Text),
            new("dataset_digest", Text),
            new("model_id", Text),
            new("run_id", Text)
        );

    private static Message Dataset() =>
        new(
            new("name", Text),
            new("digest", Text),
            new("source_type", Text),
            new("source", Text),
            new("schema", Text),
            new("profile", Text)
        );
}
