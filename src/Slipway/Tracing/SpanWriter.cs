using Slipway.Foundation.Basics;

namespace Slipway.Tracing;

/// <summary>Writes spans in the form that <see cref="SpanReader"/> reads.</summary>
public static class SpanWriter
{
    public static void Write(ProtobufWriter writer, Span span)
    {
        writer.Bytes(1, span.OtelTraceId.Span);
        writer.Bytes(2, span.Id.Span);
        if (span.TraceState.Length > 0)
            writer.Text(3, span.TraceState);
        if (!span.IsRoot)
            writer.Bytes(4, span.ParentId.Span);
        writer.Text(5, span.Name);
        if (span.Kind != 0)
            writer.Varint(6, (ulong)span.Kind);
        writer.Fixed64(7, (ulong)span.StartNs);
        if (span.EndNs != 0)
            writer.Fixed64(8, (ulong)span.EndNs);
        WriteEntries(writer, 9, span.Attributes);
        foreach (var happened in span.Events)
            writer.Message(11, happened, WriteEvent);
        foreach (var link in span.Links)
            writer.Message(13, link, WriteLink);
        if (span.Status != SpanStatus.Unset || span.StatusMessage.Length > 0)
            writer.Message(15, span, WriteStatus);
        if (span.Flags != 0)
            writer.Varint(16, span.Flags);
    }

    private static void WriteEntries(
        ProtobufWriter writer,
        int field,
        IReadOnlyList<KeyValuePair<string, AnyValue>> entries
    )
    {
        foreach (var entry in entries)
            writer.Message(field, entry, WriteEntry);
    }

    private static void WriteEntry(ProtobufWriter writer, KeyValuePair<string, AnyValue> entry)
    {
        writer.Text(1, entry.Key);
        writer.Message(2, entry.Value, WriteValue);
    }

    private static void WriteValue(ProtobufWriter writer, AnyValue value)
    {
        switch (value)
        {
            case AnyValue.Text text:
                writer.Text(1, text.Value);
                break;
            case AnyValue.Flag flag:
                writer.Varint(2, flag.Value ? 1UL : 0);
                break;
            case AnyValue.Whole whole:
                writer.Varint(3, (ulong)whole.Value);
                break;
            case AnyValue.Number number:
                writer.Double(4, number.Value);
                break;
            case AnyValue.Items items:
                writer.Message(
                    5,
                    items,
                    (inner, list) => list.Values.ToList().ForEach(v => inner.Message(1, v, WriteValue))
                );
                break;
            case AnyValue.Map map:
                writer.Message(6, map, (inner, all) => WriteEntries(inner, 1, all.Entries));
                break;
            case AnyValue.Bytes bytes:
                writer.Bytes(7, bytes.Value.Span);
                break;
        }
    }

    private static void WriteEvent(ProtobufWriter writer, SpanEvent happened)
    {
        writer.Fixed64(1, (ulong)happened.TimeNs);
        writer.Text(2, happened.Name);
        WriteEntries(writer, 3, happened.Attributes);
    }

    private static void WriteLink(ProtobufWriter writer, SpanLink link)
    {
        writer.Bytes(1, link.OtelTraceId.Span);
        writer.Bytes(2, link.SpanId.Span);
        if (link.TraceState.Length > 0)
            writer.Text(3, link.TraceState);
        WriteEntries(writer, 4, link.Attributes);
    }

    private static void WriteStatus(ProtobufWriter writer, Span span)
    {
        if (span.StatusMessage.Length > 0)
            writer.Text(2, span.StatusMessage);
        if (span.Status != SpanStatus.Unset)
            writer.Varint(3, (ulong)span.Status);
    }
}
