using System.Text;
using System.Text.Json;
using Slipway.Tracking;

namespace Slipway.Doors.Mlflow.Wire;

/// <summary>
/// Reads the body of log-batch in one pass without a document in between: it is the call that carries a training's
/// whole output. Keys repeat from point to point, so a key equal to one of the last few is the same string again.
/// Anything unusual (wrong types, odd nesting) is left to <see cref="WireObject"/>, whose refusals name the field.
/// </summary>
internal ref struct BatchReader(ReadOnlySpan<byte> body)
{
    private readonly ReadOnlySpan<byte> body = body;
    private readonly KeyCache keys = new();

    /// <summary>False where the body is not of the plain form that clients send.</summary>
    public readonly bool TryRead(out string? runId, out RunBatch batch)
    {
        runId = null;
        var metrics = new List<Metric>();
        batch = new RunBatch();
        var (parameters, tags) = (new List<Entry>(), new List<Entry>());
        var json = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = 64 });
        if (!json.Read() || json.TokenType != JsonTokenType.StartObject)
            return false;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var plain =
                json.ValueTextEquals("run_id"u8) ? ReadText(ref json, out runId)
                : json.ValueTextEquals("metrics"u8) ? ReadMetrics(ref json, metrics)
                : json.ValueTextEquals("params"u8) ? ReadEntries(ref json, parameters)
                : json.ValueTextEquals("tags"u8) && ReadEntries(ref json, tags);
            if (!plain)
                return false;
        }
        if (json.TokenType != JsonTokenType.EndObject || json.Read())
            return false;
        batch = new RunBatch
        {
            Metrics = metrics,
            Params = parameters,
            Tags = tags,
        };
        return true;
    }

    private static bool ReadText(ref Utf8JsonReader json, out string? text)
    {
        json.Read();
        text = json.TokenType == JsonTokenType.String ? json.GetString() : null;
        return text is not null;
    }

    private readonly bool ReadMetrics(ref Utf8JsonReader json, List<Metric> metrics)
    {
        if (!json.Read() || json.TokenType != JsonTokenType.StartArray)
            return false;
        while (json.Read() && json.TokenType == JsonTokenType.StartObject)
        {
            string? key = null;
            double? value = null;
            long? timestamp = null;
            long step = 0;
            while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
            {
                var plain = true;
                if (json.ValueTextEquals("key"u8))
                    plain =
                        json.Read()
                        && json.TokenType == JsonTokenType.String
                        && (key = keys.Text(ref json)) is not null;
                else if (json.ValueTextEquals("value"u8))
                    plain = ReadValue(ref json, out value);
                else if (json.ValueTextEquals("timestamp"u8))
                    plain = ReadWhole(ref json, out timestamp);
                else if (json.ValueTextEquals("step"u8))
                    plain = ReadWhole(ref json, out var given) && (step = given!.Value) == given;
                else
                    return false;
                if (!plain)
                    return false;
            }
            if (json.TokenType != JsonTokenType.EndObject || key is null || value is null || timestamp is null)
                return false;
            metrics.Add(new Metric(key, new MetricPoint(timestamp.Value, step, WireNumber.Storable(value.Value))));
        }
        return json.TokenType == JsonTokenType.EndArray;
    }

    private static bool ReadEntries(ref Utf8JsonReader json, List<Entry> entries)
    {
        if (!json.Read() || json.TokenType != JsonTokenType.StartArray)
            return false;
        while (json.Read() && json.TokenType == JsonTokenType.StartObject)
        {
            string? key = null;
            string? value = null;
            while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
            {
                var plain = json.ValueTextEquals("key"u8)
                    ? ReadText(ref json, out key)
                    : json.ValueTextEquals("value"u8) && ReadText(ref json, out value);
                if (!plain)
                    return false;
            }
            if (json.TokenType != JsonTokenType.EndObject || key is null || value is null)
                return false;
            entries.Add(new Entry(key, value));
        }
        return json.TokenType == JsonTokenType.EndArray;
    }

    private static bool ReadValue(ref Utf8JsonReader json, out double? value)
    {
        json.Read();
        value = json.TokenType switch
        {
            JsonTokenType.Number => json.GetDouble(),
            JsonTokenType.String => WireNumber.Parse(json.GetString()!),
            _ => null,
        };
        return value is not null;
    }

    private static bool ReadWhole(ref Utf8JsonReader json, out long? whole)
    {
        json.Read();
        whole = json.TokenType == JsonTokenType.Number && json.TryGetInt64(out var number) ? number : null;
        return whole is not null;
    }

    /// <summary>The last few different keys, so that a thousand points of twenty series make twenty strings.</summary>
    private sealed class KeyCache
    {
        private const int Size = 64;
        private readonly (byte[] Utf8, string Text)[] known = new (byte[], string)[Size];

        public string Text(ref Utf8JsonReader json)
        {
            if (json.ValueIsEscaped)
                return json.GetString()!;
            var utf8 = json.ValueSpan;
            ref var entry = ref known[Slot(utf8)];
            if (entry.Utf8 is null || !utf8.SequenceEqual(entry.Utf8))
                entry = (utf8.ToArray(), Encoding.UTF8.GetString(utf8));
            return entry.Text;
        }

        private static int Slot(ReadOnlySpan<byte> utf8)
        {
            var hash = 17u;
            foreach (var b in utf8)
                hash = (hash * 31) + b;
            return (int)(hash % Size);
        }
    }
}
