using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Slipway.Tracking.Storage;

/// <summary>Tags, parameters and links as the JSON documents that stand in their columns.</summary>
internal static class Documents
{
    public const string Empty = "{}";

    private static readonly DocumentContext Json = new(
        new JsonSerializerOptions
        {
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault,
        }
    );

    public static Dictionary<string, string> ReadTexts(string document) =>
        document == Empty ? [] : JsonSerializer.Deserialize(document, Json.DictionaryStringString)!;

    public static string Write(Dictionary<string, string> texts) =>
        texts.Count == 0 ? Empty : JsonSerializer.Serialize(texts, Json.DictionaryStringString);

    public static LinksDocument ReadLinks(string? document) =>
        document is null ? new LinksDocument([], [], []) : JsonSerializer.Deserialize(document, Json.LinksDocument)!;

    public static string Write(LinksDocument links) => JsonSerializer.Serialize(links, Json.LinksDocument);
}

/// <summary>The links of a run; of a dataset all that is searched, while its schema and profile stay in their table.</summary>
internal sealed record LinksDocument(
    List<LinkedDataset> Datasets,
    List<string> ModelInputs,
    List<ModelOutput> ModelOutputs
);

internal sealed record LinkedDataset(long Number, string Name, string Digest, List<Entry> Tags);

[JsonSerializable(typeof(Dictionary<string, string>))]
[JsonSerializable(typeof(LinksDocument))]
internal sealed partial class DocumentContext : JsonSerializerContext;
