using System.Globalization;
using System.Text.Json;
using Slipway.Sdk;
using Slipway.Tracing;

namespace Slipway.Doors.Otlp;

/// <summary>The same message as JSON: names in camelCase, ids in hexadecimal, 64-bit numbers as texts.</summary>
internal static class OtlpJson
{
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 256, AllowDuplicateProperties = false };

    /// <summary>The spans; null where the message has no resource at all, and so is no export.</summary>
    public static List<Span>? Read(byte[] body)
    {
        try
        {
            using var document = JsonDocument.Parse(body, Options);
            var resources = Items(document.RootElement, "resourceSpans");
            var spans = new List<Span>();
            foreach (var resource in resources)
            {
                var first = spans.Count;
                foreach (var scope in Items(resource, "scopeSpans"))
                    spans.AddRange(Items(scope, "spans").Select(ReadSpan));
                OtlpResource.NameRoots(spans, first, ServiceOf(resource));
            }
            return resources.Count > 0 ? spans : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            throw Fault.Invalid("otlp.json", "Invalid OpenTelemetry format - the JSON is not an export of spans");
        }
    }

    private static Span ReadSpan(JsonElement json)
    {
        var status = json.TryGetProperty("status", out var found) ? found : default;
        var parent = Id(json, "parentSpanId", 8);
        return new Span
        {
            OtelTraceId = Required(json, "traceId", 16),
            Id = Required(json, "spanId", 8),
            ParentId = parent.AsSpan().IndexOfAnyExcept((byte)0) < 0 ? [] : parent,
            TraceState = Text(json, "traceState"),
            Flags = (uint)Number(json, "flags"),
            Name = Text(json, "name"),
            Kind = (int)Number(
                json,
                "kind",
                "SPAN_KIND_UNSPECIFIED",
                "SPAN_KIND_INTERNAL",
                "SPAN_KIND_SERVER",
                "SPAN_KIND_CLIENT",
                "SPAN_KIND_PRODUCER",
                "SPAN_KIND_CONSUMER"
            ),
            StartNs = Time(json, "startTimeUnixNano"),
            EndNs = Time(json, "endTimeUnixNano"),
            Attributes = Entries(json, "attributes", 0),
            Events = [.. Items(json, "events").Select(ReadEvent)],
            Links = [.. Items(json, "links").Select(ReadLink)],
            Status = Number(status, "code", "STATUS_CODE_UNSET", "STATUS_CODE_OK", "STATUS_CODE_ERROR") switch
            {
                1 => SpanStatus.Ok,
                2 => SpanStatus.Error,
                _ => SpanStatus.Unset,
            },
            StatusMessage = Text(status, "message"),
        };
    }

    private static SpanEvent ReadEvent(JsonElement json) =>
        new(Text(json, "name"), Time(json, "timeUnixNano"), Entries(json, "attributes", 0));

    private static SpanLink ReadLink(JsonElement json) =>
        new(
            Required(json, "traceId", 16),
            Required(json, "spanId", 8),
            Text(json, "traceState"),
            Entries(json, "attributes", 0)
        );

    private static AnyValue? ServiceOf(JsonElement resource) =>
        resource.TryGetProperty("resource", out var described)
            ? Entries(described, "attributes", 0).FirstOrDefault(e => e.Key == OtlpResource.ServiceName).Value
            : null;

    private static List<KeyValuePair<string, AnyValue>> Entries(JsonElement json, string name, int depth) =>
        [
            .. Items(json, name)
                .Select(entry =>
                    KeyValuePair.Create(
                        Text(entry, "key"),
                        entry.TryGetProperty("value", out var value)
                            ? Value(value, depth + 1)
                            : AnyValue.Absent.Instance
                    )
                ),
        ];

    private static AnyValue Value(JsonElement json, int depth)
    {
        SpanReader.RequireShallow(depth);
        foreach (var member in json.EnumerateObject())
        {
            switch (member.Name)
            {
                case "stringValue":
                    return new AnyValue.Text(member.Value.GetString() ?? "");
                case "boolValue":
                    return new AnyValue.Flag(member.Value.GetBoolean());
                case "intValue":
                    return new AnyValue.Whole(Whole(member.Value));
                case "doubleValue":
                    return new AnyValue.Number(Double(member.Value));
                case "bytesValue":
                    return new AnyValue.Bytes(member.Value.GetBytesFromBase64());
                case "arrayValue":
                    return new AnyValue.Items([.. Items(member.Value, "values").Select(v => Value(v, depth + 1))]);
                case "kvlistValue":
                    return new AnyValue.Map(Entries(member.Value, "values", depth));
            }
        }
        return AnyValue.Absent.Instance;
    }

    private static List<JsonElement> Items(JsonElement json, string name) =>
        json.ValueKind == JsonValueKind.Object
        && json.TryGetProperty(name, out var list)
        && list.ValueKind == JsonValueKind.Array
            ? [.. list.EnumerateArray()]
            : [];

    private static string Text(JsonElement json, string name) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var value)
            ? value.GetString() ?? ""
            : "";

    /// <summary>A small number, or the name of an enum's value that stands for its place in the list.</summary>
    private static long Number(JsonElement json, string name, params ReadOnlySpan<string> names) =>
        json.ValueKind != JsonValueKind.Object || !json.TryGetProperty(name, out var value) ? 0
        : value.ValueKind == JsonValueKind.String && !names.IsEmpty ? Math.Max(0, names.IndexOf(value.GetString()!))
        : Whole(value);

    private static long Time(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) ? Math.Max(0, Whole(value)) : 0;

    private static long Whole(JsonElement value) =>
        value.ValueKind == JsonValueKind.String
            ? long.Parse(value.GetString()!, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture)
            : value.GetInt64();

    private static double Double(JsonElement value) =>
        value.ValueKind == JsonValueKind.String
            ? double.Parse(value.GetString()!, NumberStyles.Float, CultureInfo.InvariantCulture)
            : value.GetDouble();

    private static byte[] Required(JsonElement json, string name, int length) =>
        Id(json, name, length) is { Length: > 0 } id ? id : throw new FormatException(name);

    private static byte[] Id(JsonElement json, string name, int length)
    {
        var text = Text(json, name);
        if (text.Length == 0)
            return [];
        var id = Convert.FromHexString(text);
        return id.Length == length ? id : throw new FormatException(name);
    }
}
