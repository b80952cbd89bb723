using System.Globalization;
using System.Text;
using System.Text.Json;
using Slipway.Sdk;

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

    /// <summary>The span that such a text was written from, by this server or by an MLflow.</summary>
    public static Span Read(JsonElement json) =>
        new()
        {
            OtelTraceId = Id(json, "trace_id", 16),
            Id = Id(json, "span_id", 8),
            ParentId = IsNothing(json, "parent_span_id") ? default : Id(json, "parent_span_id", 8),
            Name = Text(json, "name"),
            StartNs = Time(json, "start_time_unix_nano"),
            EndNs = Time(json, "end_time_unix_nano"),
            Attributes =
            [
                .. Members(json, "attributes")
                    .Select(member =>
                        KeyValuePair.Create(
                            member.Name,
                            member.Value.ValueKind == JsonValueKind.String
                                ? AnyValue.ParseJson(member.Value.GetString()!)
                                    ?? new AnyValue.Text(member.Value.GetString()!)
                                : AnyValue.FromJson(member.Value)
                        )
                    ),
            ],
            Events =
            [
                .. Items(json, "events")
                    .Select(happened => new SpanEvent(
                        Text(happened, "name"),
                        Time(happened, "time_unix_nano"),
                        [
                            .. Members(happened, "attributes")
                                .Select(member => KeyValuePair.Create(member.Name, AnyValue.FromJson(member.Value))),
                        ]
                    )),
            ],
            Status = Text(Part(json, "status"), "code") switch
            {
                "STATUS_CODE_OK" => SpanStatus.Ok,
                "STATUS_CODE_ERROR" => SpanStatus.Error,
                _ => SpanStatus.Unset,
            },
            StatusMessage = Text(Part(json, "status"), "message"),
        };

    public static string Code(SpanStatus status) =>
        status switch
        {
            SpanStatus.Ok => "STATUS_CODE_OK",
            SpanStatus.Error => "STATUS_CODE_ERROR",
            _ => "STATUS_CODE_UNSET",
        };

    private static ReadOnlyMemory<byte> Id(JsonElement json, string name, int length) =>
        Part(json, name) is { ValueKind: JsonValueKind.String } text
        && text.TryGetBytesFromBase64(out var bytes)
        && bytes.Length == length
            ? bytes
            : throw Fault.Invalid("span.json_id", $"The '{name}' of a span is not {length} bytes in base 64.", name);

    private static long Time(JsonElement json, string name) =>
        IsNothing(json, name) ? 0
        : Part(json, name) is { ValueKind: JsonValueKind.Number } number
        && number.TryGetInt64(out var time)
        && time >= 0
            ? time
        : throw Fault.Invalid("span.json_time", $"The '{name}' of a span is no time.", name);

    private static bool IsNothing(JsonElement json, string name) =>
        Part(json, name).ValueKind is JsonValueKind.Undefined or JsonValueKind.Null;

    private static string Text(JsonElement json, string name) =>
        Part(json, name) is { ValueKind: JsonValueKind.String } text ? text.GetString()! : "";

    private static IEnumerable<JsonElement> Items(JsonElement json, string name) =>
        Part(json, name) is { ValueKind: JsonValueKind.Array } list ? list.EnumerateArray() : [];

    private static IEnumerable<JsonProperty> Members(JsonElement json, string name) =>
        Part(json, name) is { ValueKind: JsonValueKind.Object } members ? members.EnumerateObject() : [];

    private static JsonElement Part(JsonElement json, string name) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var part) ? part : default;

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
