using Slipway.Foundation.Basics;
using Slipway.Sdk;

namespace Slipway.Tracing;

/// <summary>
/// Spans in OpenTelemetry's protobuf form (trace.proto and common.proto of OTLP 1.x), which is how they arrive and how
/// they are kept: compact, and nothing is lost between what was sent and what is given back.
/// </summary>
public static class SpanReader
{
    /// <summary>Nobody nests values deeper by hand; reading is recursive, so the depth has to end somewhere.</summary>
    private const int DepthLimit = 64;

    private const int AttributeLimit = 10_000;

    public static Span Read(ReadOnlySpan<byte> message)
    {
        var draft = new Draft();
        var reader = new ProtobufReader(message);
        while (reader.Next(out var field))
            draft.Take(field, ref reader);
        return draft.ToSpan();
    }

    /// <summary>A KeyValue message.</summary>
    public static KeyValuePair<string, AnyValue> ReadEntry(ReadOnlySpan<byte> message, int depth)
    {
        var key = "";
        AnyValue value = AnyValue.Absent.Instance;
        var reader = new ProtobufReader(message);
        while (reader.Next(out var field))
        {
            if (field == 1)
                key = reader.Text();
            else if (field == 2)
                value = ReadValue(reader.Bytes(), depth + 1);
            else
                reader.Skip();
        }
        return KeyValuePair.Create(key, value);
    }

    public static void RequireShallow(int depth)
    {
        if (depth > DepthLimit)
            throw Fault.Invalid("span.too_deep", $"A value of a span is nested deeper than {DepthLimit} levels.");
    }

    private static AnyValue ReadValue(ReadOnlySpan<byte> message, int depth)
    {
        RequireShallow(depth);
        AnyValue value = AnyValue.Absent.Instance;
        var reader = new ProtobufReader(message);
        while (reader.Next(out var field))
        {
            switch (field)
            {
                case 1:
                    value = new AnyValue.Text(reader.Text());
                    break;
                case 2:
                    value = new AnyValue.Flag(reader.Whole() != 0);
                    break;
                case 3:
                    value = new AnyValue.Whole((long)reader.Whole());
                    break;
                case 4:
                    value = new AnyValue.Number(reader.Double());
                    break;
                case 5:
                    value = ReadItems(reader.Bytes(), depth);
                    break;
                case 6:
                    value = ReadMap(reader.Bytes(), depth);
                    break;
                case 7:
                    value = new AnyValue.Bytes(reader.Bytes().ToArray());
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }
        return value;
    }

    private static AnyValue.Items ReadItems(ReadOnlySpan<byte> message, int depth)
    {
        var values = new List<AnyValue>();
        var reader = new ProtobufReader(message);
        while (reader.Next(out var field))
        {
            if (field == 1)
                values.Add(ReadValue(reader.Bytes(), depth + 1));
            else
                reader.Skip();
        }
        return new AnyValue.Items(values);
    }

    private static AnyValue.Map ReadMap(ReadOnlySpan<byte> message, int depth)
    {
        var entries = new List<KeyValuePair<string, AnyValue>>();
        var reader = new ProtobufReader(message);
        while (reader.Next(out var field))
        {
            if (field == 1)
                entries.Add(ReadEntry(reader.Bytes(), depth));
            else
                reader.Skip();
        }
        return new AnyValue.Map(entries);
    }

    private static SpanEvent ReadEvent(ReadOnlySpan<byte> message)
    {
        var name = "";
        var timeNs = 0L;
        var attributes = new List<KeyValuePair<string, AnyValue>>();
        var reader = new ProtobufReader(message);
        while (reader.Next(out var field))
        {
            if (field == 1)
                timeNs = Time(reader.Whole());
            else if (field == 2)
                name = reader.Text();
            else if (field == 3)
                Add(attributes, ReadEntry(reader.Bytes(), 0));
            else
                reader.Skip();
        }
        return new SpanEvent(name, timeNs, attributes);
    }

    private static SpanLink ReadLink(ReadOnlySpan<byte> message)
    {
        byte[] traceId = [];
        byte[] spanId = [];
        var state = "";
        var attributes = new List<KeyValuePair<string, AnyValue>>();
        var reader = new ProtobufReader(message);
        while (reader.Next(out var field))
        {
            if (field == 1)
                traceId = Id(reader.Bytes(), 16);
            else if (field == 2)
                spanId = Id(reader.Bytes(), 8);
            else if (field == 3)
                state = reader.Text();
            else if (field == 4)
                Add(attributes, ReadEntry(reader.Bytes(), 0));
            else
                reader.Skip();
        }
        return new SpanLink(traceId, spanId, state, attributes);
    }

    private static (SpanStatus Code, string Message) ReadStatus(ReadOnlySpan<byte> message)
    {
        var code = SpanStatus.Unset;
        var text = "";
        var reader = new ProtobufReader(message);
        while (reader.Next(out var field))
        {
            if (field == 2)
                text = reader.Text();
            else if (field == 3)
                code = reader.Whole() switch
                {
                    1 => SpanStatus.Ok,
                    2 => SpanStatus.Error,
                    _ => SpanStatus.Unset,
                };
            else
                reader.Skip();
        }
        return (code, text);
    }

    private static void Add(List<KeyValuePair<string, AnyValue>> attributes, KeyValuePair<string, AnyValue> entry)
    {
        if (attributes.Count == AttributeLimit)
            throw Fault.Invalid("span.too_many", $"A span has more than {AttributeLimit} attributes.");
        attributes.Add(entry);
    }

    private static long Time(ulong nanoseconds) =>
        nanoseconds <= long.MaxValue
            ? (long)nanoseconds
            : throw Fault.Invalid("span.time", "A time of a span is beyond what a clock can show.");

    private static byte[] Id(ReadOnlySpan<byte> bytes, int length) =>
        bytes.Length == length
            ? bytes.ToArray()
            : throw Fault.Invalid("span.id", $"An id of a span has {bytes.Length} bytes where {length} are wanted.");

    /// <summary>No bytes and eight zeros both say that there is no parent.</summary>
    private static byte[] ParentId(ReadOnlySpan<byte> bytes) =>
        bytes.IsEmpty || bytes.IndexOfAnyExcept((byte)0) < 0 ? [] : Id(bytes, 8);

    /// <summary>The fields of a span as they come, in any order.</summary>
    private sealed class Draft
    {
        private readonly List<KeyValuePair<string, AnyValue>> attributes = [];
        private readonly List<SpanEvent> events = [];
        private readonly List<SpanLink> links = [];
        private byte[] traceId = [];
        private byte[] id = [];
        private byte[] parentId = [];
        private string name = "";
        private string state = "";
        private int kind;
        private uint flags;
        private long startNs;
        private long endNs;
        private (SpanStatus Code, string Message) status = (SpanStatus.Unset, "");

        public void Take(int field, ref ProtobufReader reader)
        {
            switch (field)
            {
                case 1:
                    traceId = Id(reader.Bytes(), 16);
                    break;
                case 2:
                    id = Id(reader.Bytes(), 8);
                    break;
                case 3:
                    state = reader.Text();
                    break;
                case 4:
                    parentId = ParentId(reader.Bytes());
                    break;
                case 5:
                    name = reader.Text();
                    break;
                case 6:
                    kind = (int)reader.Whole();
                    break;
                case 7:
                    startNs = Time(reader.Whole());
                    break;
                case 8:
                    endNs = Time(reader.Whole());
                    break;
                case 9:
                    Add(attributes, ReadEntry(reader.Bytes(), 0));
                    break;
                case 11:
                    events.Add(ReadEvent(reader.Bytes()));
                    break;
                case 13:
                    links.Add(ReadLink(reader.Bytes()));
                    break;
                case 15:
                    status = ReadStatus(reader.Bytes());
                    break;
                case 16:
                    flags = (uint)reader.Whole();
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        public Span ToSpan() =>
            new()
            {
                OtelTraceId = Id(traceId, 16),
                Id = Id(id, 8),
                ParentId = parentId,
                Name = name,
                TraceState = state,
                Kind = kind,
                Flags = flags,
                StartNs = startNs,
                EndNs = endNs,
                Attributes = attributes,
                Events = events,
                Links = links,
                Status = status.Code,
                StatusMessage = status.Message,
            };
    }
}
