using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Slipway.Identity;
using Slipway.Registry.Actions;

namespace Slipway.Governance.Actions;

/// <summary>What a version consists of, as a bill of materials that others read: CycloneDX 1.6 with its model card.</summary>
public sealed partial class ModelBom
{
    private const int LongestRequirements = 256 * 1024;

    private readonly ModelCards cards;
    private readonly ModelVersions versions;
    private readonly GovernedFiles files;
    private readonly TimeProvider clock;

    internal ModelBom(ModelCards cards, ModelVersions versions, GovernedFiles files, TimeProvider clock)
    {
        this.cards = cards;
        this.versions = versions;
        this.files = files;
        this.clock = clock;
    }

    public async Task<JsonObject> OfAsync(
        Caller caller,
        string modelName,
        int number,
        CancellationToken cancellation = default
    )
    {
        var version = await versions.GetAsync(caller, modelName, number, cancellation);
        var facts = await cards.FactsAsync(caller, modelName, number, cancellation);
        var manifest = await files.ManifestAsync(version, cancellation);
        var name = $"{modelName}/{number.ToString(CultureInfo.InvariantCulture)}";
        var components = new JsonArray();
        foreach (var file in manifest.Files)
            components.Add(FileOf(file));
        foreach (var dataset in facts.Run?.Links.Datasets ?? [])
            components.Add(
                new JsonObject
                {
                    ["type"] = "data",
                    ["bom-ref"] = $"data:{dataset.Dataset.Name}@{dataset.Dataset.Digest}",
                    ["name"] = dataset.Dataset.Name,
                    ["version"] = dataset.Dataset.Digest,
                }
            );
        foreach (var library in await LibrariesAsync(version, manifest, cancellation))
            components.Add(library);
        return new JsonObject
        {
            ["$schema"] = "http://cyclonedx.org/schema/bom-1.6.schema.json",
            ["bomFormat"] = "CycloneDX",
            ["specVersion"] = "1.6",
            ["serialNumber"] = $"urn:uuid:{NumberOf($"{caller.Workspace}/{name}/{manifest.Digest}")}",
            ["version"] = 1,
            ["metadata"] = new JsonObject
            {
                ["timestamp"] = clock.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
                ["component"] = Model(facts, manifest, name),
            },
            ["components"] = components,
            ["dependencies"] = new JsonArray(
                new JsonObject
                {
                    ["ref"] = $"model:{name}",
                    ["dependsOn"] = new JsonArray([
                        .. components.Select(c => JsonValue.Create((string)c!["bom-ref"]!)),
                    ]),
                }
            ),
        };
    }

    private static JsonObject Model(VersionFacts facts, ModelManifest manifest, string name)
    {
        var metrics = facts.Run?.Metrics.Take(50).Where(m => double.IsFinite(m.Point.Value)) ?? [];
        var model = new JsonObject
        {
            ["type"] = "machine-learning-model",
            ["bom-ref"] = $"model:{name}",
            ["name"] = facts.Model.Name,
            ["version"] = facts.Version.Number.ToString(CultureInfo.InvariantCulture),
        };
        if ((facts.Version.Description ?? facts.Model.Description) is { Length: > 0 } description)
            model["description"] = description;
        if (manifest.Files is [var single])
            model["hashes"] = Hashes(single.Sha256);
        model["modelCard"] = new JsonObject
        {
            ["modelParameters"] = new JsonObject
            {
                ["datasets"] = new JsonArray([
                    .. (facts.Run?.Links.Datasets ?? []).Select(d => new JsonObject
                    {
                        ["ref"] = $"data:{d.Dataset.Name}@{d.Dataset.Digest}",
                    }),
                ]),
            },
            ["quantitativeAnalysis"] = new JsonObject
            {
                ["performanceMetrics"] = new JsonArray([
                    .. metrics.Select(m => new JsonObject
                    {
                        ["type"] = m.Key,
                        ["value"] = m.Point.Value.ToString("R", CultureInfo.InvariantCulture),
                    }),
                ]),
            },
        };
        model["properties"] = new JsonArray(
            Property("slipway:files-digest", manifest.Digest),
            Property("slipway:source", facts.Version.Source),
            Property("slipway:run", facts.Version.RunId),
            Property("slipway:scan", facts.Standing.Scan?.Verdict.ToString().ToLowerInvariant() ?? "not done"),
            Property("slipway:approval", facts.Standing.Status.ToString().ToLowerInvariant())
        );
        return model;
    }

    private static JsonObject FileOf(FileDigest file) =>
        new()
        {
            ["type"] = "file",
            ["bom-ref"] = $"file:{file.Path}",
            ["name"] = file.Path,
            ["hashes"] = Hashes(file.Sha256),
        };

    /// <summary>What the model says it needs installed, as far as versions are named exactly.</summary>
    private async Task<IEnumerable<JsonObject>> LibrariesAsync(
        Registry.ModelVersion version,
        ModelManifest manifest,
        CancellationToken cancellation
    )
    {
        if (
            manifest.Files.FirstOrDefault(f => f.Path == "requirements.txt" && f.SizeBytes <= LongestRequirements)
            is null
        )
            return [];
        await using var content = await files.OpenAsync(version, "requirements.txt", range: null, cancellation);
        using var reader = new StreamReader(content.Stream);
        var lines = (await reader.ReadToEndAsync(cancellation)).Split('\n');
        return lines
            .Select(line => Requirement().Match(line.Trim()))
            .Where(match => match.Success)
            .DistinctBy(match => match.Groups["name"].Value, StringComparer.OrdinalIgnoreCase)
            .Select(match =>
            {
                var purl =
                    $"pkg:pypi/{match.Groups["name"].Value.ToLowerInvariant().Replace('_', '-')}@{match.Groups["version"].Value}";
                return new JsonObject
                {
                    ["type"] = "library",
                    ["bom-ref"] = purl,
                    ["name"] = match.Groups["name"].Value,
                    ["version"] = match.Groups["version"].Value,
                    ["purl"] = purl,
                };
            });
    }

    private static JsonArray Hashes(string sha256) => new(new JsonObject { ["alg"] = "SHA-256", ["content"] = sha256 });

    private static JsonObject Property(string name, string value) => new() { ["name"] = name, ["value"] = value };

    /// <summary>The same files of the same version have the same number.</summary>
    private static Guid NumberOf(string text) => new(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 16));

    [GeneratedRegex(
        @"^(?<name>[A-Za-z0-9][A-Za-z0-9._-]*)(\[[A-Za-z0-9,._-]*\])?==(?<version>[A-Za-z0-9.+!_-]+)\s*(;.*|#.*)?$",
        RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture
    )]
    private static partial Regex Requirement();
}
