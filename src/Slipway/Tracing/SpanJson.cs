using System.Globalization;
using System.Text;

namespace Slipway.Tracing;

/// <summary>
/// A span as JSON text, as the file traces.json has it and as a search for content sees it. Attribute values stand in
/// it as texts that hold JSON themselves, because that is how the clients that read the file expect them.
/// </summary>
public static class SpanJson
{
    public static string Write(Span span)
    {
        var text = new StringBuilder(512);
        Write(text, span);
        return text.ToString();
    }

    public static void Write(StringBuilder text, Span span)
    {
        text.Append("{\"trace_id\": \"").Append(Convert.ToBase64String(span.OtelTraceId.Span));
        text.Append("\", \"span_id\": \"").Append(Convert.ToBase64String(span.Id.Span));
        text.Append("\", \"parent_span_id\": ");
        if (span.IsRoot)
            text.Append("null");
        else
            text.Append('"').Append(Convert.ToBase64String(span.ParentId.Span)).Append('"');
        text.Append(", \"name\": ");
        AnyValue.WriteText(text, span.Name);
        text.Append(
            CultureInfo.InvariantCulture,
            $", \"start_time_unix_nano\": {span.StartNs}, \"end_time_unix_nano\": "
        );
        _ = span.EndNs == 0 ? text.Append("null") : text.Append(CultureInfo.InvariantCulture, $"{span.EndNs}");
        WriteEvents(text, span.Events);
        text.Append(", \"status\": {\"code\": \"").Append(Code(span.Status)).Append("\", \"message\": ");
        AnyValue.WriteText(text, span.StatusMessage);
        text.Append("}, \"attributes\": {");
        for (var i = 0; i < span.Attributes.Count; i++)
        {
            text.Append(i > 0 ? ", " : "");
            AnyValue.WriteText(text, span.Attributes[i].Key);
            text.Append(": ");
            AnyValue.WriteText(text, span.Attributes[i].Value.ToString());
        }
        text.Append("}}");
    }

    public static string Code(SpanStatus status) =>
        status switch
        {
            SpanStatus.Ok => "STATUS_CODE_OK",
            SpanStatus.Error => "STATUS_CODE_ERROR",
            _ => "STATUS_CODE_UNSET",
        };

    private static void WriteEvents(StringBuilder text, IReadOnlyList<SpanEvent> events)
    {
        text.Append(", \"events\": [");
        for (var i = 0; i < events.Count; i++)
        {
            text.Append(i > 0 ? ", " : "").Append("{\"name\": ");
            AnyValue.WriteText(text, events[i].Name);
            text.Append(CultureInfo.InvariantCulture, $", \"time_unix_nano\": {events[i].TimeNs}, \"attributes\": ");
            AnyValue.WriteMap(text, events[i].Attributes);
            text.Append('}');
        }
        text.Append(']');
    }
}
