using System.Text.Json;
using System.Text.Json.Nodes;

namespace Slipway.Evaluation;

/// <summary>
/// The fields that records had in each part, each with the kind of the first value seen, in that order. Fields stay when
/// the records that had them are deleted.
/// </summary>
public sealed record RecordFields(
    IReadOnlyDictionary<string, string> Inputs,
    IReadOnlyDictionary<string, string> Outputs,
    IReadOnlyDictionary<string, string> Expectations
)
{
    /// <summary>The kind of outputs that are one value and have no fields.</summary>
    public string? OutputKind { get; init; }

    internal static RecordFields None { get; } =
        new(
            new OrderedDictionary<string, string>(),
            new OrderedDictionary<string, string>(),
            new OrderedDictionary<string, string>()
        );

    internal RecordFields With(RecordContent content) =>
        new(
            With(Inputs, content.Inputs),
            OutputKind is null ? With(Outputs, content.Outputs as JsonObject) : Outputs,
            With(Expectations, content.Expectations)
        )
        {
            OutputKind =
                OutputKind
                ?? (Outputs.Count == 0 && content.Outputs is not (null or JsonObject) ? KindOf(content.Outputs) : null),
        };

    private static IReadOnlyDictionary<string, string> With(IReadOnlyDictionary<string, string> known, JsonObject? seen)
    {
        if (seen is null || seen.All(field => known.ContainsKey(field.Key)))
            return known;
        var fields = new OrderedDictionary<string, string>(known);
        foreach (var (name, value) in seen)
            fields.TryAdd(name, KindOf(value));
        return fields;
    }

    private static string KindOf(JsonNode? value) =>
        value?.GetValueKind() switch
        {
            null or JsonValueKind.Null => "null",
            JsonValueKind.True or JsonValueKind.False => "boolean",
            JsonValueKind.String => "string",
            JsonValueKind.Array => "array",
            JsonValueKind.Object => "object",
            // A number with a point or an exponent is a float, as in the languages of those who read this.
            _ => value.ToJsonString().AsSpan().ContainsAny('.', 'e', 'E') ? "float" : "integer",
        };
}
