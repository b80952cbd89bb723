using System.Text.Json;
using Slipway.Tracking;

namespace Slipway.Doors.Mlflow.Wire;

/// <summary>
/// Metrics as log-metric and log-batch carry them. MLflow's server reads a message in the order in which its fields
/// stand there, and a value that protobuf refuses (a step of 1.5, a bare NaN) ends the reading: what follows counts as
/// not sent, and the call goes on with that. Clients see a success there, so they see one here.
/// </summary>
internal static class MetricReader
{
    /// <summary>The metric of log-metric, which looks at each number of its own first.</summary>
    public static Metric ReadOne(WireObject fields)
    {
        fields.Required("key");
        RequirePresent(fields);
        if (fields.Find("value") is { } value && WireNumber.Read(value) is null && !BareNumbers.IsOne(value))
            throw fields.Invalid("value", value.GetRawText());
        foreach (var name in (ReadOnlySpan<string>)["timestamp", "step"])
        {
            if (fields.Find(name) is { } number && !IsWholeForPython(number))
                throw fields.Invalid(name, number.GetRawText());
        }
        foreach (var name in (ReadOnlySpan<string>)["model_id", "dataset_name", "dataset_digest"])
            fields.Text(name);
        TryRead(fields.Json, out var metric);
        return metric;
    }

    /// <summary>The metrics of log-batch; false where the reading ended before the last of them.</summary>
    public static bool TryReadAll(IReadOnlyList<WireObject> items, List<Metric> into)
    {
        foreach (var item in items)
            RequirePresent(item);
        foreach (var item in items)
        {
            var whole = TryRead(item.Json, out var metric);
            into.Add(metric);
            if (!whole)
                return false;
        }
        return true;
    }

    private static void RequirePresent(WireObject fields)
    {
        foreach (var name in (ReadOnlySpan<string>)["key", "value", "timestamp"])
        {
            if (
                fields.Find(name) is not { } value
                || (value.ValueKind == JsonValueKind.String && value.ValueEquals(""))
            )
                throw fields.Missing(name);
        }
    }

    private static bool TryRead(JsonElement json, out Metric metric)
    {
        var key = "";
        var (value, timestamp, step) = (0.0, 0L, 0L);
        string? modelId = null;
        string? datasetName = null;
        string? datasetDigest = null;
        var whole = true;
        foreach (var field in json.EnumerateObject())
        {
            if (field.Value.ValueKind == JsonValueKind.Null)
                continue;
            whole = field.Name switch
            {
                "key" => TryText(field.Value, ref key!),
                "value" => TryNumber(field.Value, ref value),
                "timestamp" => TryWhole(field.Value, ref timestamp),
                "step" => TryWhole(field.Value, ref step),
                "model_id" or "modelId" => TryText(field.Value, ref modelId),
                "dataset_name" or "datasetName" => TryText(field.Value, ref datasetName),
                "dataset_digest" or "datasetDigest" => TryText(field.Value, ref datasetDigest),
                _ => true,
            };
            if (!whole)
                break;
        }
        metric = new Metric(key, new MetricPoint(timestamp, step, WireNumber.Storable(value)))
        {
            ModelId = NullIfEmpty(modelId),
            DatasetName = NullIfEmpty(datasetName),
            DatasetDigest = NullIfEmpty(datasetDigest),
        };
        return whole;
    }

    private static bool TryText(JsonElement json, ref string? text)
    {
        if (json.ValueKind != JsonValueKind.String)
            return false;
        text = json.GetString();
        return true;
    }

    private static bool TryNumber(JsonElement json, ref double number)
    {
        if (WireNumber.Read(json) is not { } read)
            return false;
        number = read;
        return true;
    }

    private static bool TryWhole(JsonElement json, ref long number)
    {
        if (WireNumber.ReadWhole(json) is not { } read)
            return false;
        number = read;
        return true;
    }

    /// <summary>What Python's int() takes: it cuts fractions off, where protobuf refuses them.</summary>
    private static bool IsWholeForPython(JsonElement json) =>
        json.ValueKind is JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False
        || WireNumber.ReadWhole(json) is not null;

    private static string? NullIfEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;
}
