using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.Evaluation;
using Slipway.Sdk;

namespace Slipway.Doors.Mlflow.Wire;

/// <summary>A record of an evaluation dataset, from MLflow's form and into it.</summary>
internal static class RecordReader
{
    public static RecordContent Read(JsonNode? item)
    {
        if (item is not JsonObject record)
            throw Wrong("records", "each record is a JSON object");
        var inputs = record.ContainsKey("inputs")
            ? Part(record, "inputs") ?? throw Wrong("inputs", "inputs must be provided")
            : [];
        var saysOutputs = record.TryGetPropertyValue("outputs", out var outputs);
        return new RecordContent(inputs)
        {
            Outputs = saysOutputs ? outputs?.DeepClone() : new JsonObject(),
            KeepsOutputs = !saysOutputs,
            Expectations = Part(record, "expectations"),
            Tags = Part(record, "tags"),
            Source = Part(record, "source") is { } source ? ReadSource(source) : null,
        };
    }

    public static JsonObject Write(string datasetId, EvaluationRecord record)
    {
        var content = record.Content;
        var json = new JsonObject
        {
            ["dataset_record_id"] = record.Id,
            ["dataset_id"] = datasetId,
            ["inputs"] = content.Inputs.DeepClone(),
        };
        if (content.Expectations is not null)
            json["expectations"] = content.Expectations.DeepClone();
        json["tags"] = content.Tags?.DeepClone() ?? new JsonObject();
        if (content.Source is { } source)
        {
            json["source"] = new JsonObject
            {
                ["source_type"] = source.Type,
                ["source_data"] = source.Facts.DeepClone(),
            };
            if (source.Id is not null)
                json["source_id"] = source.Id;
            json["source_type"] = source.Type;
        }
        json["created_time"] = record.CreatedMs;
        json["last_update_time"] = record.UpdatedMs;
        if (record.CreatedBy is not null)
            json["created_by"] = record.CreatedBy;
        if (record.UpdatedBy is not null)
            json["last_updated_by"] = record.UpdatedBy;
        if (content.Outputs is not null)
            json["outputs"] = content.Outputs.DeepClone();
        return json;
    }

    private static RecordSource ReadSource(JsonObject source)
    {
        if (source["source_type"] is not JsonValue value || !value.TryGetValue<string>(out var type))
            throw Wrong("source_type", "a source has a type");
        return RecordSource.Of(type, (JsonObject?)Part(source, "source_data")?.DeepClone() ?? []);
    }

    private static JsonObject? Part(JsonObject record, string name) =>
        record[name] switch
        {
            null => null,
            JsonObject part => (JsonObject)part.DeepClone(),
            var other when other.GetValueKind() == JsonValueKind.Null => null,
            _ => throw Wrong(name, "a JSON object is wanted"),
        };

    private static Fault Wrong(string field, string why) =>
        Fault.Invalid("mlflow.record", $"Invalid value for '{field}' of a dataset record: {why}.", field);
}
