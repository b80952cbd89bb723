using Slipway.Foundation.Basics;
using Slipway.Tracing;

namespace Slipway.Doors.Otlp;

/// <summary>The message ExportTraceServiceRequest: spans under their scopes under their resources.</summary>
internal static class OtlpProtobuf
{
    /// <summary>The spans; null where the message has no resource at all, and so is no export.</summary>
    public static List<Span>? Read(ReadOnlySpan<byte> message)
    {
        List<Span>? spans = null;
        var reader = new ProtobufReader(message);
        while (reader.Next(out var field))
        {
            if (field == 1)
                ReadResource(reader.Bytes(), spans ??= []);
            else
                reader.Skip();
        }
        return spans;
    }

    private static void ReadResource(ReadOnlySpan<byte> message, List<Span> spans)
    {
        AnyValue? service = null;
        var first = spans.Count;
        var reader = new ProtobufReader(message);
        while (reader.Next(out var field))
        {
            if (field == 1)
                service = ServiceOf(reader.Bytes());
            else if (field == 2)
                ReadScope(reader.Bytes(), spans);
            else
                reader.Skip();
        }
        OtlpResource.NameRoots(spans, first, service);
    }

    private static AnyValue? ServiceOf(ReadOnlySpan<byte> message)
    {
        var reader = new ProtobufReader(message);
        while (reader.Next(out var field))
        {
            if (field != 1)
            {
                reader.Skip();
                continue;
            }
            var (key, value) = SpanReader.ReadEntry(reader.Bytes(), 0);
            if (key == OtlpResource.ServiceName)
                return value;
        }
        return null;
    }

    private static void ReadScope(ReadOnlySpan<byte> message, List<Span> spans)
    {
        var reader = new ProtobufReader(message);
        while (reader.Next(out var field))
        {
            if (field == 2)
                spans.Add(SpanReader.Read(reader.Bytes()));
            else
                reader.Skip();
        }
    }
}
