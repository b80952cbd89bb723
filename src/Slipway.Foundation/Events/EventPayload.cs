using System.Buffers;
using System.Text;
using System.Text.Json;

namespace Slipway.Foundation.Events;

/// <summary>Writes the small flat documents that events carry.</summary>
public static class EventPayload
{
    [ThreadStatic]
    private static ArrayBufferWriter<byte>? buffer;

    public static string Of(params ReadOnlySpan<(string Name, string? Value)> fields)
    {
        buffer ??= new ArrayBufferWriter<byte>();
        buffer.ResetWrittenCount();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            foreach (var (name, value) in fields)
                json.WriteString(name, value);
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
