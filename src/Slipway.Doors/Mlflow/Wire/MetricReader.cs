using System.Text.Json;
using Slipway.Tracking;

namespace Slipway.Doors.Mlflow.Wire;

/// <summary>Metrics as log-metric and log-batch carry them.</summary>
internal static class MetricReader
{
    public static Metric Read(WireObject fields) =>
        new(
            fields.Text("key") ?? "",
            new MetricPoint(
                fields.Whole("timestamp") ?? 0,
                fields.Whole("step") ?? 0,
                WireNumber.Storable(fields.Number("value") ?? 0)
            )
        )
        {
            ModelId = NullIfEmpty(fields.Text("model_id")),
            DatasetName = NullIfEmpty(fields.Text("dataset_name")),
            DatasetDigest = NullIfEmpty(fields.Text("dataset_digest")),
        };

    /// <summary>What MLflow's server looks for in the lists of a batch before it reads them.</summary>
    public static void RequireKeys(JsonElement batch)
    {
        var fields = new WireObject(batch);
        foreach (var (list, names) in Wanted)
        {
            if (fields.Find(list) is not { ValueKind: JsonValueKind.Array })
                continue;
            foreach (var item in fields.Objects(list))
            foreach (var name in names)
            {
                if (
                    item.Find(name) is not { } value
                    || (value.ValueKind == JsonValueKind.String && value.ValueEquals(""))
                )
                    throw item.Missing(name);
            }
        }
    }

    private static readonly (string List, string[] Names)[] Wanted =
    [
        ("metrics", ["key", "value", "timestamp"]),
        ("params", ["key"]),
        ("tags", ["key"]),
    ];

    private static string? NullIfEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;
}
