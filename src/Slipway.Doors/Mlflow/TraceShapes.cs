using System.Text.Json;
using Slipway.Doors.Mlflow.Wire;
using Slipway.Tracing;

namespace Slipway.Doors.Mlflow;

/// <summary>Traces, spans and assessments as MLflow's messages have them: what is unset is left out.</summary>
internal static class TraceShapes
{
    private static readonly string[] States = ["STATE_UNSPECIFIED", "OK", "ERROR", "IN_PROGRESS"];

    /// <summary>The message TraceInfo of version 2.</summary>
    public static void V2(Utf8JsonWriter writer, Trace trace)
    {
        writer.WriteString("request_id"u8, trace.Id);
        writer.WriteString("experiment_id"u8, Shapes.Id(trace.ExperimentId));
        writer.WriteNumber("timestamp_ms"u8, trace.RequestMs);
        writer.WriteNumber("execution_time_ms"u8, trace.DurationMs ?? 0);
        writer.WriteString(
            "status"u8,
            trace.State == TraceState.Unspecified ? "TRACE_STATUS_UNSPECIFIED" : States[(int)trace.State]
        );
        Shapes.Pairs(writer, "request_metadata"u8, trace.Metadata);
        Shapes.Pairs(writer, "tags"u8, trace.Tags);
    }

    /// <summary>The message TraceInfoV3.</summary>
    public static void Head(Utf8JsonWriter writer, Trace trace)
    {
        writer.WriteString("trace_id"u8, trace.Id);
        writer.WriteStartObject("trace_location"u8);
        writer.WriteString("type"u8, "MLFLOW_EXPERIMENT"u8);
        writer.WriteStartObject("mlflow_experiment"u8);
        writer.WriteString("experiment_id"u8, Shapes.Id(trace.ExperimentId));
        writer.WriteEndObject();
        writer.WriteEndObject();
        writer.WriteString("request_time"u8, WireTime.Time(trace.RequestMs));
        if (trace.DurationMs is { } duration)
            writer.WriteString("execution_duration"u8, WireTime.Duration(duration));
        writer.WriteString("state"u8, States[(int)trace.State]);
        Text(writer, "client_request_id"u8, trace.ClientRequestId);
        Text(writer, "request_preview"u8, trace.RequestPreview);
        Text(writer, "response_preview"u8, trace.ResponsePreview);
        Map(writer, "trace_metadata"u8, trace.Metadata);
        Map(writer, "tags"u8, trace.Tags);
        if (trace.Assessments.Count == 0)
            return;
        writer.WriteStartArray("assessments"u8);
        foreach (var assessment in trace.Assessments)
        {
            writer.WriteStartObject();
            Assessment(writer, assessment);
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
    }

    /// <summary>The message Trace: the head, and the spans where they are asked for.</summary>
    public static void Whole(Utf8JsonWriter writer, Trace trace, IReadOnlyList<Span>? spans = null)
    {
        writer.WriteStartObject("trace_info"u8);
        Head(writer, trace);
        writer.WriteEndObject();
        if (spans is not { Count: > 0 })
            return;
        writer.WriteStartArray("spans"u8);
        foreach (var span in spans)
        {
            writer.WriteStartObject();
            SpanShapes.Span(writer, span, trace.Id);
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
    }

    public static void Assessment(Utf8JsonWriter writer, Assessment assessment)
    {
        writer.WriteString("assessment_id"u8, assessment.Id);
        writer.WriteString("assessment_name"u8, assessment.Name);
        writer.WriteString("trace_id"u8, assessment.TraceId);
        Text(writer, "span_id"u8, assessment.SpanId);
        writer.WriteStartObject("source"u8);
        writer.WriteString("source_type"u8, assessment.Source.Kind);
        if (assessment.Source.Id.Length > 0)
            writer.WriteString("source_id"u8, assessment.Source.Id);
        writer.WriteEndObject();
        writer.WriteString("create_time"u8, WireTime.Time(assessment.CreatedMs));
        writer.WriteString("last_update_time"u8, WireTime.Time(assessment.UpdatedMs));
        Judgement(writer, assessment);
        Text(writer, "rationale"u8, assessment.Rationale);
        if (assessment.Metadata.Count > 0)
            Map(writer, "metadata"u8, assessment.Metadata.Select(e => KeyValuePair.Create(e.Key, e.Value)));
        Text(writer, "overrides"u8, assessment.Overrides);
        writer.WriteBoolean("valid"u8, assessment.IsValid);
    }

    private static void Judgement(Utf8JsonWriter writer, Assessment assessment)
    {
        switch (assessment.Kind)
        {
            case AssessmentKind.Feedback:
                writer.WriteStartObject("feedback"u8);
                writer.WritePropertyName("value"u8);
                Json(writer, assessment.Value);
                if (assessment.Error is { } error)
                {
                    writer.WriteStartObject("error"u8);
                    writer.WriteString("error_code"u8, error.Code);
                    Text(writer, "error_message"u8, error.Message);
                    Text(writer, "stack_trace"u8, error.StackTrace);
                    writer.WriteEndObject();
                }
                break;
            case AssessmentKind.Expectation:
                writer.WriteStartObject("expectation"u8);
                Expected(writer, assessment.Value);
                break;
            default:
                writer.WriteStartObject("issue"u8);
                Text(writer, "issue_name"u8, (assessment.Value as AnyValue.Text)?.Value);
                break;
        }
        writer.WriteEndObject();
    }

    /// <summary>A list or a map is expected as text, since a Value of protobuf does not keep whole numbers.</summary>
    private static void Expected(Utf8JsonWriter writer, AnyValue value)
    {
        if (value is AnyValue.Items or AnyValue.Map)
        {
            writer.WriteStartObject("serialized_value"u8);
            writer.WriteString("serialization_format"u8, "JSON_FORMAT"u8);
            writer.WriteString("value"u8, value.ToString());
            writer.WriteEndObject();
            return;
        }
        writer.WritePropertyName("value"u8);
        Json(writer, value);
    }

    private static void Json(Utf8JsonWriter writer, AnyValue value) => writer.WriteRawValue(value.ToString());

    private static void Text(Utf8JsonWriter writer, ReadOnlySpan<byte> name, string? text)
    {
        if (text is not null)
            writer.WriteString(name, text);
    }

    private static void Map(
        Utf8JsonWriter writer,
        ReadOnlySpan<byte> name,
        IEnumerable<KeyValuePair<string, string>> entries
    )
    {
        var any = false;
        foreach (var (key, value) in entries)
        {
            if (!any)
                writer.WriteStartObject(name);
            any = true;
            writer.WriteString(key, value);
        }
        if (any)
            writer.WriteEndObject();
    }
}
