using System.Globalization;
using System.Text.Json;
using Slipway.Doors.Mlflow.Wire;
using Slipway.Tracking;

namespace Slipway.Doors.Mlflow;

/// <summary>Experiments and runs as MLflow's messages have them: what is unset is left out, also empty lists.</summary>
internal static class Shapes
{
    public static string Id(long experimentId) => experimentId.ToString(CultureInfo.InvariantCulture);

    public static string Text(Lifecycle lifecycle) => lifecycle == Lifecycle.Active ? "active" : "deleted";

    public static void Experiment(Utf8JsonWriter writer, Experiment experiment)
    {
        writer.WriteString("experiment_id"u8, Id(experiment.Id));
        writer.WriteString("name"u8, experiment.Name);
        writer.WriteString("artifact_location"u8, experiment.ArtifactLocation);
        writer.WriteString("lifecycle_stage"u8, Text(experiment.Lifecycle));
        writer.WriteNumber("last_update_time"u8, experiment.UpdatedMs);
        writer.WriteNumber("creation_time"u8, experiment.CreatedMs);
        Pairs(writer, "tags"u8, experiment.Tags);
    }

    public static void Run(Utf8JsonWriter writer, Run run)
    {
        writer.WriteStartObject("info"u8);
        Head(writer, run.Head);
        writer.WriteEndObject();
        writer.WriteStartObject("data"u8);
        if (run.Metrics.Count > 0)
        {
            writer.WriteStartArray("metrics"u8);
            foreach (var metric in run.Metrics)
            {
                writer.WriteStartObject();
                Point(writer, metric.Key, metric.Point);
                writer.WriteEndObject();
            }
            writer.WriteEndArray();
        }
        Pairs(writer, "params"u8, run.Params);
        Pairs(writer, "tags"u8, run.Tags);
        writer.WriteEndObject();
        Links(writer, run.Links);
    }

    public static void Head(Utf8JsonWriter writer, RunHead head)
    {
        writer.WriteString("run_uuid"u8, head.Id);
        writer.WriteString("experiment_id"u8, Id(head.ExperimentId));
        writer.WriteString("run_name"u8, head.Name);
        writer.WriteString("user_id"u8, head.User);
        writer.WriteString(
            "status"u8,
            head.Status switch
            {
                RunStatus.Running => "RUNNING"u8,
                RunStatus.Scheduled => "SCHEDULED"u8,
                RunStatus.Finished => "FINISHED"u8,
                RunStatus.Failed => "FAILED"u8,
                _ => "KILLED"u8,
            }
        );
        writer.WriteNumber("start_time"u8, head.StartMs);
        if (head.EndMs is { } endMs)
            writer.WriteNumber("end_time"u8, endMs);
        writer.WriteString("artifact_uri"u8, head.ArtifactUri);
        writer.WriteString("lifecycle_stage"u8, Text(head.Lifecycle));
        writer.WriteString("run_id"u8, head.Id);
    }

    public static void Point(Utf8JsonWriter writer, string key, MetricPoint point)
    {
        writer.WriteString("key"u8, key);
        WireNumber.Write(writer, "value"u8, point.Value);
        writer.WriteNumber("timestamp"u8, point.TimestampMs);
        writer.WriteNumber("step"u8, point.Step);
    }

    private static void Links(Utf8JsonWriter writer, RunLinks links)
    {
        writer.WriteStartObject("inputs"u8);
        if (links.Datasets.Count > 0)
        {
            writer.WriteStartArray("dataset_inputs"u8);
            foreach (var input in links.Datasets)
            {
                writer.WriteStartObject();
                if (input.Tags.Count > 0)
                    Pairs(writer, "tags"u8, input.Tags.Select(t => KeyValuePair.Create(t.Key, t.Value)));
                Dataset(writer, input.Dataset);
                writer.WriteEndObject();
            }
            writer.WriteEndArray();
        }
        if (links.ModelInputs.Count > 0)
        {
            writer.WriteStartArray("model_inputs"u8);
            foreach (var modelId in links.ModelInputs)
            {
                writer.WriteStartObject();
                writer.WriteString("model_id"u8, modelId);
                writer.WriteEndObject();
            }
            writer.WriteEndArray();
        }
        writer.WriteEndObject();
        writer.WriteStartObject("outputs"u8);
        if (links.ModelOutputs.Count > 0)
        {
            writer.WriteStartArray("model_outputs"u8);
            foreach (var output in links.ModelOutputs)
            {
                writer.WriteStartObject();
                writer.WriteString("model_id"u8, output.ModelId);
                writer.WriteNumber("step"u8, output.Step);
                writer.WriteEndObject();
            }
            writer.WriteEndArray();
        }
        writer.WriteEndObject();
    }

    private static void Dataset(Utf8JsonWriter writer, RunDataset dataset)
    {
        writer.WriteStartObject("dataset"u8);
        writer.WriteString("name"u8, dataset.Name);
        writer.WriteString("digest"u8, dataset.Digest);
        writer.WriteString("source_type"u8, dataset.SourceType);
        writer.WriteString("source"u8, dataset.Source);
        if (dataset.Schema is not null)
            writer.WriteString("schema"u8, dataset.Schema);
        if (dataset.Profile is not null)
            writer.WriteString("profile"u8, dataset.Profile);
        writer.WriteEndObject();
    }

    /// <summary>A list of objects; an empty one is left out.</summary>
    public static void List<T>(
        Utf8JsonWriter writer,
        ReadOnlySpan<byte> name,
        IReadOnlyList<T> items,
        Action<Utf8JsonWriter, T> shape
    )
    {
        if (items.Count == 0)
            return;
        writer.WriteStartArray(name);
        foreach (var item in items)
        {
            writer.WriteStartObject();
            shape(writer, item);
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
    }

    public static void Pairs(
        Utf8JsonWriter writer,
        ReadOnlySpan<byte> name,
        IEnumerable<KeyValuePair<string, string>> pairs
    )
    {
        var any = false;
        foreach (var (key, value) in pairs)
        {
            if (!any)
                writer.WriteStartArray(name);
            any = true;
            writer.WriteStartObject();
            writer.WriteString("key"u8, key);
            writer.WriteString("value"u8, value);
            writer.WriteEndObject();
        }
        if (any)
            writer.WriteEndArray();
    }
}
