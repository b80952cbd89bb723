using System.Text;
using System.Text.Json;
using Slipway.Tracking;

namespace Slipway.Doors.Mlflow.Wire;

/// <summary>
/// Reads the body of log-batch in one pass without a document in between: it is the call that carries a training's
/// whole output. Keys repeat from point to point, so a key equal to one of the last few is the same string again.
/// Anything unusual (wrong types, odd nesting, a field twice) is left to <see cref="WireObject"/>, whose refusals name the field.
/// </summary>
internal ref struct BatchReader(ReadOnlySpan<byte> body)
{
    private readonly ReadOnlySpan<byte> body = body;
    private readonly KeyCache keys = new();

    /// <summary>False where the body is not of the plain form that clients send.</summary>
    public readonly bool TryRead(out string? runId, out RunBatch batch)
    {
        var metrics = new List<Metric>();
        var (parameters, tags) = (new List<Entry>(), new List<Entry>());
        batch = new RunBatch
        {
            Metrics = metrics,
            Params = parameters,
            Tags = tags,
        };
        runId = null;
        try
        {
            var json = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = 64 });
            if (!json.Read() || json.TokenType != JsonTokenType.StartObject)
                return false;
            while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
            {
                var plain =
                    json.ValueTextEquals("run_id"u8) ? runId is null && ReadText(ref json, out runId)
                    : json.ValueTextEquals("metrics"u8) ? metrics.Count == 0 && ReadMetrics(ref json, metrics)
                    : json.ValueTextEquals("params"u8) ? parameters.Count == 0 && ReadEntries(ref json, parameters)
                    : json.ValueTextEquals("tags"u8) && tags.Count == 0 && ReadEntries(ref json, tags);
                if (!plain)
                    return false;
            }
            return json.TokenType == JsonTokenType.EndObject && !json.Read();
        }
        catch (JsonException)
        {
            return false;
        }
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
            if (!ReadMetric(ref json, out var metric))
                return false;
            metrics.Add(metric);
        }
        return json.TokenType == JsonTokenType.EndArray;
    }

    private readonly bool ReadMetric(ref Utf8JsonReader json, out Metric metric)
    {
        metric = null!;
        string? key = null;
        string? modelId = null;
        string? datasetName = null;
        string? datasetDigest = null;
        double? value = null;
        long? timestamp = null;
        long? step = null;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var plain =
                json.ValueTextEquals("key"u8) ? key is null && ReadCached(ref json, out key)
                : json.ValueTextEquals("value"u8) ? value is null && ReadValue(ref json, out value)
                : json.ValueTextEquals("timestamp"u8) ? timestamp is null && ReadWhole(ref json, out timestamp)
                : json.ValueTextEquals("step"u8) ? step is null && ReadWhole(ref json, out step)
                : json.ValueTextEquals("model_id"u8) ? modelId is null && ReadCached(ref json, out modelId)
                : json.ValueTextEquals("dataset_name"u8) ? datasetName is null && ReadCached(ref json, out datasetName)
                : json.ValueTextEquals("dataset_digest"u8)
                    ? datasetDigest is null && ReadCached(ref json, out datasetDigest)
                // Clients repeat the run's id in each metric; the one of the batch counts.
                : json.ValueTextEquals("run_id"u8) && ReadCached(ref json, out _);
            if (!plain)
                return false;
        }
        if (json.TokenType != JsonTokenType.EndObject || key is null || value is null || timestamp is null)
            return false;
        metric = new Metric(key, new MetricPoint(timestamp.Value, step ?? 0, WireNumber.Storable(value.Value)))
        {
            ModelId = modelId,
            DatasetName = datasetName,
            DatasetDigest = datasetDigest,
        };
        return true;
    }

    /// <summary>A text that is not empty: an empty one says something that is left to the other reader.</summary>
    private readonly bool ReadCached(ref Utf8JsonReader json, out string? text)
    {
        json.Read();
        text = json.TokenType == JsonTokenType.String && json.ValueSpan.Length > 0 ? keys.Text(ref json) : null;
        return text is not null;
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
                    ? key is null && ReadText(ref json, out key)
                    : json.ValueTextEquals("value"u8) && value is null && ReadText(ref json, out value);
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
