using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace Slipway.Architecture.Tests.Rules;

/// <summary>Writes the records of the native API as types for the pages of the web.</summary>
internal static class WebRecords
{
    public static string Write(string document)
    {
        var page = new StringBuilder(
            Generated.Mark + " the records of the native API, by SLIPWAY_REGENERATE=1 ./test native_api\n"
        );
        foreach (var (name, schema) in JsonNode.Parse(document)!["components"]!["schemas"]!.AsObject())
        {
            page.Append('\n').Append(Remark("", schema!));
            if (schema!["properties"] is JsonObject fields)
                page.Append(CultureInfo.InvariantCulture, $"export interface {name} {{\n{Fields(schema, fields)}}}\n");
            else
                page.Append(CultureInfo.InvariantCulture, $"export type {name} = {Kind(schema)};\n");
        }
        return page.ToString();
    }

    private static string Fields(JsonNode schema, JsonObject fields)
    {
        var required = schema["required"]?.AsArray().Select(field => (string)field!).ToHashSet() ?? [];
        return string.Concat(
            fields.Select(field =>
                $"{Remark("  ", field.Value!)}  {field.Key}{(required.Contains(field.Key) ? "" : "?")}: {Kind(field.Value!)};\n"
            )
        );
    }

    private static string Remark(string indent, JsonNode schema) =>
        schema["description"] is { } about ? $"{indent}/** {about} */\n" : "";

    private static string Kind(JsonNode schema)
    {
        if (schema is JsonObject { Count: 0 })
            return "unknown";
        if (schema["$ref"] is { } reference)
            return ((string)reference!).Split('/')[^1];
        if (schema["anyOf"] is JsonArray kinds)
            return string.Join(" | ", kinds.Select(kind => Kind(kind!)));
        if (schema["enum"] is JsonArray words)
            return string.Join(" | ", words.Select(word => $"\"{word}\""));
        if (schema["type"] is JsonArray several)
            return string.Join(" | ", several.Select(kind => Kind(Alone(schema, kind!))));
        return (string)schema["type"]! switch
        {
            "integer" => "number",
            "array" => $"{Item(schema["items"]!)}[]",
            "object" when schema["propertyNames"] is { } keys =>
                $"Partial<Record<{Kind(keys)}, {Kind(schema["additionalProperties"]!)}>>",
            "object" when schema["additionalProperties"] is null => "Record<string, unknown>",
            "object" => $"Record<string, {Kind(schema["additionalProperties"]!)}>",
            var kind => kind,
        };
    }

    private static string Item(JsonNode schema) => Kind(schema) is var kind && kind.Contains(' ') ? $"({kind})" : kind;

    private static JsonNode Alone(JsonNode schema, JsonNode kind)
    {
        var alone = schema.DeepClone();
        alone["type"] = kind.DeepClone();
        return alone;
    }
}
