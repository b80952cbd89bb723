using static Slipway.Doors.Mlflow.Wire.FieldType;
using static Slipway.Doors.Mlflow.Wire.RequestField;
using static Slipway.Doors.Mlflow.Wire.RequestParts;

namespace Slipway.Doors.Mlflow.Wire;

/// <summary>The requests of traces and assessments, of version 2 and 3.</summary>
internal static class TraceRequests
{
    private const long TraceLimit = 500;

    private static readonly FieldType TraceState = ChoiceOrNone("STATE_UNSPECIFIED", "OK", "ERROR", "IN_PROGRESS");
    private static readonly RequestField TracePage = Checked("max_results", Whole32) with { Most = TraceLimit };
    private static readonly RequestField ManyTraces = Required("trace_ids", Texts) with { CheckedAs = Texts };

    private static readonly RequestField KeyedTags = Checked("tags", Entries) with { WantsKeys = true };
    private static readonly RequestField KeyedMetadata = Checked("request_metadata", Entries) with { WantsKeys = true };

    private static readonly Message Error = new(
        new("error_code", Text),
        new("error_message", Text),
        new("stack_trace", Text)
    );

    private static readonly Message Assessment = new(
        new("assessment_id", Text),
        new("assessment_name", Text),
        new("trace_id", Text),
        new("span_id", Text),
        new(
            "source",
            new Message(
                new("source_type", ChoiceOrNone("SOURCE_TYPE_UNSPECIFIED", "HUMAN", "LLM_JUDGE", "CODE")),
                new("source_id", Text)
            )
        ),
        new("create_time", Time),
        new("last_update_time", Time),
        new("feedback", new Message(new("value", Any), new("error", Error)), "value"),
        new(
            "expectation",
            new Message(
                new("value", Any),
                new("serialized_value", new Message(new("serialization_format", Text), new("value", Text)))
            ),
            "value"
        ),
        new("issue", new Message(new MessageField("issue_name", Text)), "value"),
        new("rationale", Text),
        new("error", Error),
        new("metadata", Map),
        new("overrides", Text),
        new("valid", Flag)
    );

    private static readonly Message Location = new(
        new("type", ChoiceOrNone("TRACE_LOCATION_TYPE_UNSPECIFIED", "MLFLOW_EXPERIMENT", "INFERENCE_TABLE")),
        new("mlflow_experiment", new Message(new MessageField("experiment_id", Text)), "identifier"),
        new("inference_table", new Message(new MessageField("full_table_name", Text)), "identifier")
    );

    private static readonly Message TraceHead = new(
        new("trace_id", Text),
        new("client_request_id", Text),
        new("trace_location", Location),
        new("request", Text),
        new("response", Text),
        new("request_preview", Text),
        new("response_preview", Text),
        new("request_time", Time),
        new("execution_duration", Duration),
        new("state", TraceState),
        new("trace_metadata", Map),
        new("assessments", List(Assessment)),
        new("tags", Map)
    );

    public static readonly Request StartTrace = new(
        Required("trace", new Message(new MessageField("trace_info", TraceHead))) with
        {
            IsChecked = false,
        }
    );

    public static readonly Request GetTrace = new(Required("trace_id", Text), Checked("allow_partial", Flag));

    public static readonly Request GetTraces = new(ManyTraces);

    public static readonly Request SearchTraces = new(
        Required("locations", List(Location)),
        Filter,
        TracePage,
        OrderBy,
        PageToken
    );

    public static readonly Request MeasureTraces = new(
        ManyExperiments,
        Required("view_type", Choice("TRACES", "SPANS", "ASSESSMENTS")) with
        {
            IsChecked = false,
        },
        Required("metric_name", Text),
        Required(
            "aggregations",
            List(
                new Message(
                    new("aggregation_type", Choice("COUNT", "SUM", "AVG", "PERCENTILE", "MIN", "MAX")),
                    new("percentile_value", Number)
                )
            )
        ),
        Checked("dimensions", Texts) with
        {
            CheckedAs = Texts,
        },
        Checked("filters", Texts) with
        {
            CheckedAs = Texts,
        },
        Checked("time_interval_seconds", Whole),
        Checked("start_time_ms", Whole),
        Checked("end_time_ms", Whole),
        Checked("max_results", Whole32),
        PageToken
    );

    public static readonly Request CorrelateTraces = new(
        ManyExperiments,
        Required("filter_string1", Text),
        Required("filter_string2", Text),
        Checked("base_filter", Text)
    );

    public static readonly Request DeleteTraces = new(
        ExperimentId,
        Checked("max_timestamp_millis", Whole),
        Checked("max_traces", Whole32),
        Checked("request_ids", Texts) with
        {
            CheckedAs = Texts,
        }
    );

    public static readonly Request SetTraceTag = new(Key, Value);

    public static readonly Request DeleteTraceTag = new(Key);

    public static readonly Request LinkTraces = new(ManyTraces, RunId);

    public static readonly Request LinkPrompts = new(
        Required("trace_id", Text),
        Required("prompt_versions", List(new Message(new("name", Text), new("version", Text))))
    );

    public static readonly Request CreateAssessment = new(
        Required("assessment", Assessment) with
        {
            IsChecked = false,
        }
    );

    public static readonly Request UpdateAssessment = new(
        Required("assessment", Assessment) with
        {
            IsChecked = false,
        },
        Required("update_mask", Text) with
        {
            IsChecked = false,
        }
    );

    public static readonly Request StartTraceV2 = new(
        Checked("experiment_id", Text),
        Checked("timestamp_ms", Whole),
        KeyedMetadata,
        KeyedTags
    );

    public static readonly Request EndTraceV2 = new(
        Checked("timestamp_ms", Whole),
        Checked("status", ChoiceOrNone("TRACE_STATUS_UNSPECIFIED", "OK", "ERROR", "IN_PROGRESS")) with
        {
            CheckedAs = Text,
        },
        KeyedMetadata,
        KeyedTags
    );

    public static readonly Request SearchTracesV2 = new(ManyExperiments, Filter, TracePage, OrderBy, PageToken);
}
