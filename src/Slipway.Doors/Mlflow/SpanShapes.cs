using System.Text.Json;
using Slipway.Doors.Mlflow.Wire;
using Slipway.Tracing;

namespace Slipway.Doors.Mlflow;

/// <summary>Spans as OpenTelemetry's message has them, with names in snake_case, ids in base64 and times as numbers.</summary>
internal static class SpanShapes
{
    public static void Span(Utf8JsonWriter writer, Span span, string traceId)
    {
        writer.WriteBase64String("trace_id"u8, span.OtelTraceId.Span);
        writer.WriteBase64String("span_id"u8, span.Id.Span);
        if (span.TraceState.Length > 0)
            writer.WriteString("trace_state"u8, span.TraceState);
        if (!span.IsRoot)
            writer.WriteBase64String("parent_span_id"u8, span.ParentId.Span);
        writer.WriteString("name"u8, span.Name);
        writer.WriteNumber("start_time_unix_nano"u8, span.StartNs);
        if (span.EndNs != 0)
            writer.WriteNumber("end_time_unix_nano"u8, span.EndNs);
        writer.WriteStartArray("attributes"u8);
        if (span[TraceKeys.SpanTraceId] is null)
            Attribute(writer, TraceKeys.SpanTraceId, new AnyValue.Text(traceId));
        foreach (var (key, value) in span.Attributes)
            Attribute(writer, key, Decoded(value));
        writer.WriteEndArray();
        Events(writer, span.Events);
        Links(writer, span.Links);
        writer.WriteStartObject("status"u8);
        if (span.StatusMessage.Length > 0)
            writer.WriteString("message"u8, span.StatusMessage);
        if (span.Status != SpanStatus.Unset)
            writer.WriteString("code"u8, SpanJson.Code(span.Status));
        writer.WriteEndObject();
    }

    /// <summary>Many exporters send lists and maps as JSON in a text; MLflow answers what the text holds.</summary>
    private static AnyValue Decoded(AnyValue value) =>
        value is AnyValue.Text text
        && AnyValue.ParseJson(text.Value) is { } json and (AnyValue.Text or AnyValue.Items or AnyValue.Map)
            ? json
            : value;

    private static void Events(Utf8JsonWriter writer, IReadOnlyList<SpanEvent> events)
    {
        if (events.Count == 0)
            return;
        writer.WriteStartArray("events"u8);
        foreach (var happened in events)
        {
            writer.WriteStartObject();
            writer.WriteNumber("time_unix_nano"u8, happened.TimeNs);
            writer.WriteString("name"u8, happened.Name);
            Attributes(writer, happened.Attributes);
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
    }

    private static void Links(Utf8JsonWriter writer, IReadOnlyList<SpanLink> links)
    {
        if (links.Count == 0)
            return;
        writer.WriteStartArray("links"u8);
        foreach (var link in links)
        {
            writer.WriteStartObject();
            writer.WriteBase64String("trace_id"u8, link.OtelTraceId.Span);
            writer.WriteBase64String("span_id"u8, link.SpanId.Span);
            if (link.TraceState.Length > 0)
                writer.WriteString("trace_state"u8, link.TraceState);
            Attributes(writer, link.Attributes);
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
    }

    private static void Attributes(Utf8JsonWriter writer, IReadOnlyList<KeyValuePair<string, AnyValue>> attributes)
    {
        if (attributes.Count == 0)
            return;
        writer.WriteStartArray("attributes"u8);
        foreach (var (key, value) in attributes)
            Attribute(writer, key, value);
        writer.WriteEndArray();
    }

    private static void Attribute(Utf8JsonWriter writer, string key, AnyValue value)
    {
        writer.WriteStartObject();
        writer.WriteString("key"u8, key);
        writer.WriteStartObject("value"u8);
        Value(writer, value);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static void Value(Utf8JsonWriter writer, AnyValue value)
    {
        switch (value)
        {
            case AnyValue.Text text:
                writer.WriteString("string_value"u8, text.Value);
                break;
            case AnyValue.Flag flag:
                writer.WriteBoolean("bool_value"u8, flag.Value);
                break;
            case AnyValue.Whole whole:
                writer.WriteNumber("int_value"u8, whole.Value);
                break;
            case AnyValue.Number number:
                WireNumber.Write(writer, "double_value"u8, number.Value);
                break;
            case AnyValue.Bytes bytes:
                writer.WriteBase64String("bytes_value"u8, bytes.Value.Span);
                break;
            case AnyValue.Items items:
                writer.WriteStartObject("array_value"u8);
                if (items.Values.Count > 0)
                {
                    writer.WriteStartArray("values"u8);
                    foreach (var item in items.Values)
                    {
                        writer.WriteStartObject();
                        Value(writer, item);
                        writer.WriteEndObject();
                    }
                    writer.WriteEndArray();
                }
                writer.WriteEndObject();
                break;
            case AnyValue.Map map:
                writer.WriteStartObject("kvlist_value"u8);
                if (map.Entries.Count > 0)
                {
                    writer.WriteStartArray("values"u8);
                    foreach (var (key, inner) in map.Entries)
                        Attribute(writer, key, inner);
                    writer.WriteEndArray();
                }
                writer.WriteEndObject();
                break;
        }
    }
}
