using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Slipway.Governance.Storage;

/// <summary>Lists and policies as the JSON documents that stand in their columns, read whole.</summary>
internal static class Documents
{
    private static readonly GovernanceDocuments Json = new(
        new JsonSerializerOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }
    );

    public static string Write(IReadOnlyList<FileDigest> files) =>
        JsonSerializer.Serialize([.. files], Json.FileDigestArray);

    public static string Write(IReadOnlyList<Finding> findings) =>
        JsonSerializer.Serialize([.. findings], Json.FindingArray);

    public static string Write(Policy policy) => JsonSerializer.Serialize(policy, Json.Policy);

    public static FileDigest[] ReadFiles(string document) =>
        JsonSerializer.Deserialize(document, Json.FileDigestArray)!;

    public static Finding[] ReadFindings(string document) => JsonSerializer.Deserialize(document, Json.FindingArray)!;

    public static Policy ReadPolicy(string document) => JsonSerializer.Deserialize(document, Json.Policy)!;
}

[JsonSerializable(typeof(FileDigest[]))]
[JsonSerializable(typeof(Finding[]))]
[JsonSerializable(typeof(Policy))]
internal sealed partial class GovernanceDocuments : JsonSerializerContext;
