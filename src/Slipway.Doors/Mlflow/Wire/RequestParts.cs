using static Slipway.Doors.Mlflow.Wire.FieldType;
using static Slipway.Doors.Mlflow.Wire.RequestField;

namespace Slipway.Doors.Mlflow.Wire;

/// <summary>Types and fields that several of MLflow's requests share.</summary>
internal static class RequestParts
{
    public static readonly FieldType Texts = List(Text);
    public static readonly FieldType Entries = List(new Message(new("key", Text), new("value", Text)));
    public static readonly RequestField ExperimentId = Required("experiment_id", Text);
    public static readonly RequestField RunId = Required("run_id", Text);
    public static readonly RequestField RunIdOrUuid = RunId with { FormerName = "run_uuid" };
    public static readonly RequestField Key = Required("key", Text);
    public static readonly RequestField Value = Checked("value", Text);
    public static readonly RequestField Filter = Checked("filter", Text);
    public static readonly RequestField PageToken = Checked("page_token", Text);
    public static readonly RequestField OrderBy = Checked("order_by", Texts) with { CheckedAs = Texts };
    public static readonly RequestField ManyExperiments = Required("experiment_ids", Texts) with { CheckedAs = Texts };
}
