using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Slipway.Registry.Storage;

/// <summary>Tags as the JSON documents that stand in their columns.</summary>
internal static class Documents
{
    private const string Empty = "{}";

    private static readonly TagDocuments Json = new(
        new JsonSerializerOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }
    );

    public static IReadOnlyDictionary<string, string> ReadTexts(string document) =>
        document == Empty ? RegisteredModel.NoTags : JsonSerializer.Deserialize(document, Json.DictionaryStringString)!;

    public static string Write(IReadOnlyDictionary<string, string> texts) =>
        texts.Count == 0
            ? Empty
            : JsonSerializer.Serialize(new Dictionary<string, string>(texts), Json.DictionaryStringString);
}

[JsonSerializable(typeof(Dictionary<string, string>))]
internal sealed partial class TagDocuments : JsonSerializerContext;
