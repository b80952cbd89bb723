using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Slipway.Registry.Storage;

/// <summary>Tags and origins as the JSON documents that stand in their columns.</summary>
internal static class Documents
{
    private const string Empty = "{}";

    private static readonly RegistryDocuments Json = new(
        new JsonSerializerOptions
        {
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        }
    );

    public static IReadOnlyDictionary<string, string> ReadTexts(string document) =>
        document == Empty ? RegisteredModel.NoTags : JsonSerializer.Deserialize(document, Json.DictionaryStringString)!;

    public static string Write(IReadOnlyDictionary<string, string> texts) =>
        texts.Count == 0
            ? Empty
            : JsonSerializer.Serialize(new Dictionary<string, string>(texts), Json.DictionaryStringString);

    public static VersionOrigin ReadOrigin(string? document) =>
        document is null ? new VersionOrigin() : JsonSerializer.Deserialize(document, Json.VersionOrigin)!;

    public static string Write(VersionOrigin origin) => JsonSerializer.Serialize(origin, Json.VersionOrigin);
}

[JsonSerializable(typeof(Dictionary<string, string>))]
[JsonSerializable(typeof(VersionOrigin))]
internal sealed partial class RegistryDocuments : JsonSerializerContext;
