using System.Buffers;
using System.Text;
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

    /// <summary>One text of a document without opening the others; null where it is not there.</summary>
    public static string? Find(string document, string key)
    {
        // Most documents without the key do not contain its letters either. One with letters that JSON escapes is not ruled out.
        if (!document.Contains(key, StringComparison.Ordinal) && !document.Contains('\\'))
            return null;
        var length = Encoding.UTF8.GetMaxByteCount(document.Length);
        var rented = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            var json = new Utf8JsonReader(rented.AsSpan(0, Encoding.UTF8.GetBytes(document, rented)));
            json.Read();
            while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
            {
                var found = json.ValueTextEquals(key);
                json.Read();
                if (found)
                    return json.GetString();
            }
            return null;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

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
