using System.Text.Json.Nodes;

namespace Slipway.Evaluation.Storage;

/// <summary>Tags, fields and contents as the JSON documents that stand in their columns.</summary>
internal static class Documents
{
    public static string Write(IReadOnlyDictionary<string, string> texts) => ToJson(texts).ToJsonString();

    public static IReadOnlyDictionary<string, string> ReadTexts(string document) =>
        Texts(JsonNode.Parse(document)!.AsObject());

    public static string? Write(RecordFields? fields) =>
        fields is null
            ? null
            : new JsonObject
            {
                ["inputs"] = ToJson(fields.Inputs),
                ["outputs"] = ToJson(fields.Outputs),
                ["expectations"] = ToJson(fields.Expectations),
                ["output_kind"] = fields.OutputKind,
            }.ToJsonString();

    public static RecordFields? ReadFields(string? document)
    {
        if (document is null)
            return null;
        var parts = JsonNode.Parse(document)!.AsObject();
        return new RecordFields(Part("inputs"), Part("outputs"), Part("expectations"))
        {
            OutputKind = (string?)parts["output_kind"],
        };

        IReadOnlyDictionary<string, string> Part(string name) => Texts(parts[name]!.AsObject());
    }

    public static string Write(RecordContent content)
    {
        var document = new JsonObject
        {
            ["inputs"] = content.Inputs.DeepClone(),
            ["outputs"] = content.Outputs?.DeepClone(),
            ["expectations"] = content.Expectations?.DeepClone(),
            ["tags"] = content.Tags?.DeepClone(),
        };
        if (content.Source is { } source)
            document["source"] = new JsonObject { ["type"] = source.Type, ["facts"] = source.Facts.DeepClone() };
        return document.ToJsonString();
    }

    public static RecordContent ReadContent(string text)
    {
        var document = JsonNode.Parse(text)!.AsObject();
        return new RecordContent(document["inputs"]!.AsObject())
        {
            Outputs = document["outputs"],
            Expectations = document["expectations"]?.AsObject(),
            Tags = document["tags"]?.AsObject(),
            Source = document["source"] is { } source
                ? new RecordSource(source["type"]!.GetValue<string>(), source["facts"]!.AsObject())
                : null,
        };
    }

    private static JsonObject ToJson(IReadOnlyDictionary<string, string> texts) =>
        new(texts.Select(text => KeyValuePair.Create(text.Key, (JsonNode?)JsonValue.Create(text.Value))));

    private static OrderedDictionary<string, string> Texts(JsonObject document) =>
        new(document.Select(field => KeyValuePair.Create(field.Key, field.Value!.GetValue<string>())));
}
