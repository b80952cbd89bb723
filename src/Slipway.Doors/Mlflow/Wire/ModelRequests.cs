using static Slipway.Doors.Mlflow.Wire.FieldType;
using static Slipway.Doors.Mlflow.Wire.RequestField;
using static Slipway.Doors.Mlflow.Wire.RequestParts;

namespace Slipway.Doors.Mlflow.Wire;

/// <summary>The requests of logged models, evaluation datasets and artifacts.</summary>
internal static class ModelRequests
{
    private static readonly RequestField ModelId = Required("model_id", Text);
    private static readonly RequestField Experiments = Checked("experiment_ids", Texts);
    private static readonly RequestField OfDataset = Unchecked("dataset_id", Text);

    private static readonly FieldType ModelState = ChoiceOrNone(
        "LOGGED_MODEL_STATUS_UNSPECIFIED",
        "LOGGED_MODEL_PENDING",
        "LOGGED_MODEL_READY",
        "LOGGED_MODEL_UPLOAD_FAILED"
    );

    public static readonly Request CreateLoggedModel = new(
        ExperimentId,
        Checked("name", Text),
        Checked("model_type", Text),
        Checked("source_run_id", Text),
        Checked("params", Entries),
        Checked("tags", Entries)
    );

    public static readonly Request LogModelParams = new(ModelId, Checked("params", Entries));

    public static readonly Request FinalizeModel = new(
        ModelId,
        Required("status", ModelState) with
        {
            CheckedAs = Whole,
        }
    );

    public static readonly Request SetModelTags = new(Unchecked("model_id", Text), Checked("tags", Entries));

    public static readonly Request SearchModels = new(
        Required("experiment_ids", Texts) with
        {
            CheckedAs = Texts,
        },
        Filter,
        Checked("datasets", List(new Message(new("dataset_name", Text), new("dataset_digest", Text)))),
        Checked("max_results", Whole32),
        Checked(
            "order_by",
            List(
                new Message(
                    new("field_name", Text),
                    new("ascending", Flag),
                    new("dataset_name", Text),
                    new("dataset_digest", Text)
                )
            )
        ),
        PageToken
    );

    public static readonly Request CreateDataset = new(
        Required("name", Text),
        Experiments,
        Unchecked("source_type", ChoiceOrNone("SOURCE_TYPE_UNSPECIFIED", "TRACE", "HUMAN", "DOCUMENT", "CODE")),
        Unchecked("source", Text),
        Unchecked("schema", Text),
        Unchecked("profile", Text),
        Unchecked("created_by", Text),
        Checked("tags", Text)
    );

    public static readonly Request SearchEvaluationDatasets = new(
        Experiments,
        Checked("filter_string", Text),
        Checked("max_results", Whole32),
        Checked("order_by", Texts),
        PageToken
    );

    public static readonly Request SetDatasetTags = new(OfDataset, Required("tags", Text));

    public static readonly Request ChangeDatasetExperiments = new(OfDataset, Experiments);

    public static readonly Request GetRecords = new(OfDataset, Checked("max_results", Whole32), PageToken);

    public static readonly Request UpsertRecords = new(
        OfDataset,
        Required("records", Text),
        Unchecked("updated_by", Text)
    );

    public static readonly Request DeleteRecords = new(OfDataset, Checked("dataset_record_ids", Texts));

    public static readonly Request ListModelArtifacts = new(
        Checked("artifact_directory_path", Text),
        Unchecked("page_token", Text)
    );

    public static readonly Request PresignUpload = new(RunId, Required("path", Text), Checked("expiration", Whole));

    public static readonly Request BeginUpload = new(Required("path", Text), Checked("num_parts", Whole));

    public static readonly Request CompleteUpload = new(
        Required("path", Text),
        Checked("upload_id", Text),
        Unchecked("parts", List(new Message(new("part_number", Whole), new("etag", Text), new("url", Text))))
    );

    public static readonly Request AbortUpload = new(Required("path", Text), Checked("upload_id", Text));
}
