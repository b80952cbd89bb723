using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using Slipway.Sdk;

namespace Slipway.Governance.Signing;

/// <summary>A file, or a range of one, as a signature names it.</summary>
internal sealed record SignedResource(string Name, string Digest);

/// <summary>
/// What a signature of the OpenSSF Model Signing specification 1.0 says of a model: an in-toto statement whose predicate
/// lists the files. What is not exactly as the specification says is refused with its own reason.
/// </summary>
internal sealed record SignedManifest
{
    public const string PayloadType = "application/vnd.in-toto+json";

    private const string StatementType = "https://in-toto.io/Statement/v1";
    private const string PredicateType = "https://model_signing/signature/v1.0";
    private const string HashName = "sha256";

    /// <summary>What no signature covers, at the top of the folder; the specification names them.</summary>
    public static readonly IReadOnlyList<string> NeverSigned = [".git", ".gitattributes", ".github", ".gitignore"];

    public required IReadOnlyList<SignedResource> Resources { get; init; }

    /// <summary>Null where files are signed whole.</summary>
    public long? ShardBytes { get; init; }

    public required IReadOnlyList<string> IgnoredPaths { get; init; }

    public required string RootDigest { get; init; }

    /// <summary>Whether a path of the model is outside of what the signature covers.</summary>
    public bool Ignores(string path) =>
        NeverSigned
            .Concat(IgnoredPaths)
            .Any(ignored => path == ignored || path.StartsWith($"{ignored}/", StringComparison.Ordinal));

    public static SignedManifest Of(ModelManifest manifest, IEnumerable<string> ignored)
    {
        var resources = manifest.Files.Select(file => new SignedResource(file.Path, file.Sha256)).ToList();
        if (resources.Count == 0)
            throw Fault.Invalid("signature.empty", Why("there is no file to sign"));
        foreach (var resource in resources)
            RequireName(resource.Name);
        return new SignedManifest
        {
            Resources = resources,
            IgnoredPaths = [.. NeverSigned.Union(ignored)],
            RootDigest = RootOf(resources),
        };
    }

    public byte[] ToStatement(string name)
    {
        var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("_type", StatementType);
            json.WriteStartArray("subject");
            json.WriteStartObject();
            json.WriteString("name", name);
            json.WriteStartObject("digest");
            json.WriteString(HashName, RootDigest);
            json.WriteEndObject();
            json.WriteEndObject();
            json.WriteEndArray();
            json.WriteString("predicateType", PredicateType);
            json.WriteStartObject("predicate");
            json.WriteStartArray("resources");
            foreach (var resource in Resources)
            {
                json.WriteStartObject();
                json.WriteString("name", resource.Name);
                json.WriteString("digest", resource.Digest);
                json.WriteString("algorithm", HashName);
                json.WriteEndObject();
            }
            json.WriteEndArray();
            json.WriteStartObject("serialization");
            json.WriteString("method", "files");
            json.WriteString("hash_type", HashName);
            json.WriteBoolean("allow_symlinks", false);
            json.WriteStartArray("ignore_paths");
            foreach (var path in IgnoredPaths)
                json.WriteStringValue(path);
            json.WriteEndArray();
            json.WriteEndObject();
            json.WriteEndObject();
            json.WriteEndObject();
        }
        return buffer.ToArray();
    }

    public static SignedManifest Read(byte[] statement)
    {
        using var document = Parse(statement);
        var root = document.RootElement;
        if (Text(root, "_type") != StatementType)
            throw Fault.Invalid("signature.statement_type", Why("it is no in-toto statement of version 1"));
        if (Text(root, "predicateType") is var type && type != PredicateType)
            throw Fault.Invalid(
                "signature.predicate_type",
                Why($"its predicate '{type}' is not that of a signed model")
            );
        if (Member(root, "subject", JsonValueKind.Array) is not { } subject || subject.GetArrayLength() != 1)
            throw Fault.Invalid("signature.subject", Why("it does not have exactly one subject"));
        if (Member(root, "predicate", JsonValueKind.Object) is not { } predicate)
            throw Fault.Invalid("signature.predicate", Why("it has no predicate"));
        if (Member(predicate, "serialization", JsonValueKind.Object) is not { } serialization)
            throw Fault.Invalid("signature.serialization", Why("it does not say how the files were read"));
        var shard = ShardSize(serialization);
        var resources = Resource(predicate);
        var digest = Member(subject[0], "digest", JsonValueKind.Object) is { } digests ? Text(digests, HashName) : null;
        if (string.IsNullOrEmpty(Text(subject[0], "name")) || digest != RootOf(resources))
            throw Fault.Invalid("signature.root_digest", Why("its digest of the whole is not that of its files"));
        foreach (var resource in resources)
            RequireName(shard is null ? resource.Name : Range(resource.Name).Path);
        return new SignedManifest
        {
            Resources = resources,
            ShardBytes = shard,
            IgnoredPaths = Ignored(serialization),
            RootDigest = digest,
        };
    }

    /// <summary>The file and the bytes that the name of a shard means; a file's name may have colons of its own.</summary>
    public static (string Path, long From, long To) Range(string name)
    {
        var second = name.LastIndexOf(':');
        var first = second > 0 ? name.LastIndexOf(':', second - 1) : -1;
        if (
            first > 0
            && long.TryParse(
                name.AsSpan(first + 1, second - first - 1),
                NumberStyles.None,
                CultureInfo.InvariantCulture,
                out var from
            )
            && long.TryParse(name.AsSpan(second + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var to)
            && from < to
        )
            return (name[..first], from, to);
        throw Fault.Invalid("signature.shard_name", Why($"the name '{name}' is not that of a part of a file"));
    }

    /// <summary>The sentence of a refusal.</summary>
    public static string Why(string reason) => $"The signature is refused: {reason}.";

    private static JsonDocument Parse(byte[] statement)
    {
        try
        {
            return JsonDocument.Parse(
                statement,
                new JsonDocumentOptions { AllowDuplicateProperties = false, MaxDepth = 16 }
            );
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw Fault.Invalid("signature.statement", Why("what was signed is no JSON"));
        }
    }

    private static long? ShardSize(JsonElement serialization)
    {
        if (Text(serialization, "hash_type") is not HashName)
            throw Fault.Invalid(
                "signature.hash_type",
                Why("its digests are not SHA-256, which is what this server computes")
            );
        if (Member(serialization, "allow_symlinks", JsonValueKind.False) is null)
            throw Fault.Invalid("signature.symlinks", Why("it follows links, which are not part of a model here"));
        var hasSize = serialization.TryGetProperty("shard_size", out var size);
        return Text(serialization, "method") switch
        {
            "files" when !hasSize => null,
            "shards"
                when hasSize
                    && size.ValueKind == JsonValueKind.Number
                    && size.TryGetInt64(out var bytes)
                    && bytes > 0 => bytes,
            "files" or "shards" => throw Fault.Invalid(
                "signature.shard_size",
                Why("its size of parts does not fit its method")
            ),
            var method => throw Fault.Invalid("signature.method", Why($"its method '{method}' is unknown")),
        };
    }

    private static List<SignedResource> Resource(JsonElement predicate)
    {
        if (Member(predicate, "resources", JsonValueKind.Array) is not { } list || list.GetArrayLength() == 0)
            throw Fault.Invalid("signature.empty", Why("it names no file"));
        var resources = new List<SignedResource>();
        foreach (var item in list.EnumerateArray())
        {
            var name = Text(item, "name") ?? throw Fault.Invalid("signature.name", Why("a file in it has no name"));
            var digest = Text(item, "digest");
            if (
                Text(item, "algorithm") is not HashName
                || digest is not { Length: 64 }
                || digest.Any(c => !char.IsAsciiHexDigitLower(c))
            )
                throw Fault.Invalid("signature.digest", Why($"the digest of '{name}' is not SHA-256"));
            if (resources.Count > 0 && ModelManifest.ByCodePoint.Compare(resources[^1].Name, name) >= 0)
                throw Fault.Invalid("signature.order", Why($"its files are not in order, or '{name}' is there twice"));
            resources.Add(new SignedResource(name, digest));
        }
        return resources;
    }

    private static List<string> Ignored(JsonElement serialization)
    {
        if (!serialization.TryGetProperty("ignore_paths", out var list))
            return [];
        if (
            list.ValueKind != JsonValueKind.Array
            || list.EnumerateArray().Any(p => p.ValueKind != JsonValueKind.String)
        )
            throw Fault.Invalid("signature.ignore_paths", Why("what it leaves out is no list of paths"));
        var paths = list.EnumerateArray().Select(p => p.GetString()!).ToList();
        foreach (var path in paths)
        {
            RequireName(path);
            if (path.AsSpan().IndexOfAny("*?[") >= 0)
                throw Fault.Invalid("signature.ignore_paths", Why($"it leaves out '{path}', which is a pattern"));
        }
        return paths;
    }

    private static void RequireName(string name)
    {
        if (name.Length == 0 || name.Contains('\uFFFD') || name.Split('/').Any(part => part is "" or "." or ".."))
            throw Fault.Invalid("signature.name", Why($"the name '{name}' is not that of a file inside a model"));
    }

    private static string RootOf(IEnumerable<SignedResource> resources)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var resource in resources)
            hash.AppendData(Convert.FromHexString(resource.Digest));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static JsonElement? Member(JsonElement element, string name, JsonValueKind kind) =>
        element.ValueKind == JsonValueKind.Object
        && element.TryGetProperty(name, out var member)
        && member.ValueKind == kind
            ? member
            : null;

    private static string? Text(JsonElement element, string name) =>
        Member(element, name, JsonValueKind.String) is { } text ? text.GetString() : null;
}
