using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.Sdk;

namespace Slipway.Evaluation;

/// <summary>
/// One example of an evaluation dataset. Its inputs say which it is: whatever is sent later with the same inputs,
/// in whichever order their keys stand, is the same record.
/// </summary>
public sealed record EvaluationRecord
{
    /// <summary>The small number that stands for the record, in the order in which records came.</summary>
    internal long Number { get; init; }

    public required string Id { get; init; }

    public required long CreatedMs { get; init; }

    public required long UpdatedMs { get; init; }

    public string? CreatedBy { get; init; }

    public string? UpdatedBy { get; init; }

    public required RecordContent Content { get; init; }

    /// <summary>The record after the same inputs were sent again: outputs are replaced, expectations and tags are added to.</summary>
    internal EvaluationRecord MergedWith(RecordContent sent, long nowMs) =>
        this with
        {
            UpdatedMs = nowMs,
            UpdatedBy = sent.User ?? UpdatedBy,
            Content = Content with
            {
                Outputs = sent.KeepsOutputs ? Content.Outputs : sent.Outputs,
                Expectations = Merged(Content.Expectations, sent.Expectations),
                Tags = Merged(Content.Tags, sent.Tags),
            },
        };

    private static JsonObject? Merged(JsonObject? known, JsonObject? sent)
    {
        if (sent is null || sent.Count == 0)
            return known;
        var merged = (JsonObject?)known?.DeepClone() ?? [];
        foreach (var (name, value) in sent)
            merged[name] = value?.DeepClone();
        return merged;
    }
}

/// <summary>What a record says.</summary>
public sealed record RecordContent(JsonObject Inputs)
{
    /// <summary>Any value; null for none.</summary>
    public JsonNode? Outputs { get; init; }

    /// <summary>Says nothing of outputs, so that those of a known record stay.</summary>
    public bool KeepsOutputs { get; init; }

    public JsonObject? Expectations { get; init; }

    public JsonObject? Tags { get; init; }

    public RecordSource? Source { get; init; }

    internal string? User =>
        Tags?[EvaluationDataset.UserTag] is JsonValue value && value.TryGetValue<string>(out var user) ? user : null;

    /// <summary>The same for inputs that say the same.</summary>
    internal string InputsDigest()
    {
        using var bytes = new MemoryStream();
        using (var writer = new Utf8JsonWriter(bytes))
            WriteSorted(writer, Inputs);
        return Convert.ToHexStringLower(SHA256.HashData(bytes.GetBuffer().AsSpan(0, (int)bytes.Length)));
    }

    private static void WriteSorted(Utf8JsonWriter writer, JsonNode? node)
    {
        switch (node)
        {
            case JsonObject members:
                writer.WriteStartObject();
                foreach (var (name, value) in members.OrderBy(member => member.Key, StringComparer.Ordinal))
                {
                    writer.WritePropertyName(name);
                    WriteSorted(writer, value);
                }
                writer.WriteEndObject();
                break;
            case JsonArray items:
                writer.WriteStartArray();
                foreach (var item in items)
                    WriteSorted(writer, item);
                writer.WriteEndArray();
                break;
            case null:
                writer.WriteNullValue();
                break;
            default:
                node.WriteTo(writer);
                break;
        }
    }
}

/// <summary>Where a record comes from: a trace, a person, a document or a program.</summary>
public sealed record RecordSource(string Type, JsonObject Facts)
{
    private static readonly string[] Types = ["TRACE", "HUMAN", "DOCUMENT", "CODE"];

    public static RecordSource Of(string type, JsonObject facts) =>
        Types.Contains(type.ToUpperInvariant(), StringComparer.Ordinal)
            ? new RecordSource(type.ToUpperInvariant(), facts)
            : throw Fault.Invalid(
                "evaluation.source_type",
                $"Invalid source type '{type}'. Valid types are {string.Join(", ", Types)}.",
                "source_type"
            );

    /// <summary>What the source is called where it lives, if it said so.</summary>
    public string? Id =>
        Facts[Type == "TRACE" ? "trace_id" : "source_id"] is JsonValue value && value.TryGetValue<string>(out var id)
            ? id
            : null;
}
