using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Slipway.Sdk;

namespace Slipway.Governance.Actions;

/// <summary>
/// The fields of SageMaker's model card (schema 0.1.0): filled from records, checked where people write them, and laid
/// out as Markdown.
/// </summary>
internal static class CardFields
{
    private const int LongestBytes = 256 * 1024;
    private const int MetricLimit = 50;

    private static readonly string[] Parts =
    [
        "model_overview",
        "intended_uses",
        "business_details",
        "training_details",
        "evaluation_details",
        "additional_information",
    ];

    private static readonly string[] Ratings = ["High", "Medium", "Low", "Unknown"];

    public static JsonObject Generate(VersionFacts facts)
    {
        var (model, version, standing) = (facts.Model, facts.Version, facts.Standing);
        var number = version.Number.ToString(CultureInfo.InvariantCulture);
        return new JsonObject
        {
            ["model_overview"] = Filled(
                ("model_id", $"{model.Name}/{number}"),
                ("model_name", model.Name),
                ("model_version", version.Number),
                ("model_description", version.Description ?? model.Description),
                ("model_owner", Tag(facts, "owner")),
                ("model_creator", version.CreatedBy),
                ("problem_type", Tag(facts, "problem_type")),
                ("algorithm_type", Tag(facts, "algorithm_type")),
                ("model_artifact", new JsonArray(version.ArtifactUri))
            ),
            ["intended_uses"] = Filled(
                ("purpose_of_model", Tag(facts, "purpose")),
                ("risk_rating", Ratings.Contains(Tag(facts, "risk_rating")) ? Tag(facts, "risk_rating") : "Unknown")
            ),
            ["training_details"] = new JsonObject { ["training_job_details"] = Training(facts) },
            ["additional_information"] = new JsonObject
            {
                ["custom_details"] = Filled(
                    ("files_digest", standing.Scan?.Digest),
                    ("scan", standing.Scan?.Verdict.ToString().ToLowerInvariant()),
                    ("signed_by", standing.Signature?.Signer),
                    ("approval", standing.Status.ToString()),
                    ("approval_reason", standing.Decision is { } d ? $"{d.Actor}: {d.Reason}" : null),
                    ("registered", Time(version.CreatedMs))
                ),
            },
        };
    }

    public static void Check(JsonObject fields)
    {
        if (fields.Count == 0 || Encoding.UTF8.GetByteCount(fields.ToJsonString()) > LongestBytes)
            throw Fault.Invalid("card.size", $"A card has fields, and at most {LongestBytes} bytes.");
        foreach (var (name, value) in fields)
        {
            if (!Parts.Contains(name))
                throw Fault.Invalid(
                    "card.field",
                    $"A card has no part '{name}'.",
                    name,
                    $"Its parts are {string.Join(", ", Parts)}."
                );
            if (value is not JsonObject && !(name == "evaluation_details" && value is JsonArray))
                throw Fault.Invalid("card.part", $"The part '{name}' of a card is an object.", name);
        }
        if (fields["intended_uses"]?["risk_rating"] is { } rating && !Ratings.Contains(rating.ToString()))
            throw Fault.Invalid("card.risk_rating", $"A risk is rated {string.Join(", ", Ratings)}.", "risk_rating");
    }

    /// <summary>What is written replaces what was generated, field by field.</summary>
    public static void LayOver(JsonObject card, JsonObject written)
    {
        foreach (var (name, value) in written)
        {
            if (value is JsonObject part && card[name] is JsonObject below)
                LayOver(below, part);
            else
                card[name] = value?.DeepClone();
        }
    }

    public static string ToMarkdown(JsonObject card)
    {
        var overview = card["model_overview"];
        var text = new StringBuilder(
            $"# {Escaped(overview?["model_name"])}, version {Escaped(overview?["model_version"])}\n"
        );
        foreach (var (name, value) in card)
        {
            text.Append(CultureInfo.InvariantCulture, $"\n## {Title(name)}\n\n");
            Write(text, value, depth: 0);
        }
        return text.ToString();
    }

    private static void Write(StringBuilder text, JsonNode? node, int depth)
    {
        if (depth > 8 || node is null)
            return;
        var indent = new string(' ', depth * 2);
        if (node is JsonArray items)
        {
            foreach (var item in items)
            {
                if (item is JsonObject or JsonArray)
                {
                    text.Append(CultureInfo.InvariantCulture, $"{indent}-\n");
                    Write(text, item, depth + 1);
                }
                else
                {
                    text.Append(CultureInfo.InvariantCulture, $"{indent}- {Escaped(item)}\n");
                }
            }
        }
        else if (node is JsonObject fields)
        {
            foreach (var (name, value) in fields)
            {
                if (value is JsonObject or JsonArray)
                {
                    text.Append(CultureInfo.InvariantCulture, $"{indent}- **{Title(name)}**\n");
                    Write(text, value, depth + 1);
                }
                else
                {
                    text.Append(CultureInfo.InvariantCulture, $"{indent}- **{Title(name)}**: {Escaped(value)}\n");
                }
            }
        }
    }

    private static JsonObject Training(VersionFacts facts)
    {
        if (facts.Run is not { } run)
            return [];
        return Filled(
            ("training_arn", run.Head.Id),
            (
                "training_datasets",
                new JsonArray([
                    .. run.Links.Datasets.Select(d => JsonValue.Create($"{d.Dataset.Name}@{d.Dataset.Digest}")),
                ])
            ),
            (
                "training_metrics",
                new JsonArray([
                    .. run
                        .Metrics.Take(MetricLimit)
                        .Select(m => new JsonObject { ["name"] = m.Key, ["value"] = Number(m.Point.Value) }),
                ])
            ),
            (
                "hyper_parameters",
                new JsonArray([
                    .. run
                        .Params.Take(MetricLimit)
                        .Select(p => new JsonObject { ["name"] = p.Key, ["value"] = p.Value }),
                ])
            ),
            ("user", run.Head.User),
            ("source_code", run.Tags.GetValueOrDefault("mlflow.source.git.commit"))
        );
    }

    private static JsonObject Filled(params ReadOnlySpan<(string Name, JsonNode? Value)> fields)
    {
        var filled = new JsonObject();
        foreach (var (name, value) in fields)
        {
            if (value is not null && !(value is JsonArray { Count: 0 }) && value.ToString().Length > 0)
                filled[name] = value;
        }
        return filled;
    }

    private static string? Tag(VersionFacts facts, string key) =>
        facts.Version.Tags.GetValueOrDefault(key) ?? facts.Model.Tags.GetValueOrDefault(key);

    // JSON has no word for what is no number.
    private static JsonNode Number(double value) =>
        double.IsFinite(value)
            ? JsonValue.Create(value)
            : JsonValue.Create(value.ToString(CultureInfo.InvariantCulture));

    private static string Time(long ms) =>
        DateTimeOffset.FromUnixTimeMilliseconds(ms).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static string Title(string name)
    {
        var words = name.Replace('_', ' ');
        return Escaped(words.Length == 0 ? words : char.ToUpperInvariant(words[0]) + words[1..]);
    }

    /// <summary>Text of a stranger in Markdown: no markup, no link, one line.</summary>
    private static string Escaped(JsonNode? value) => Escaped(value?.ToString() ?? "");

    private static string Escaped(string text)
    {
        var escaped = new StringBuilder(text.Length);
        foreach (var c in text.ReplaceLineEndings(" "))
        {
            if ("\\`*_{}[]()<>#!|~&:@".Contains(c) && c != ':')
                escaped.Append('\\');
            else if (c == ':')
            {
                escaped.Append("&#58;");
                continue;
            }
            if (!char.IsControl(c))
                escaped.Append(c);
        }
        return escaped.ToString();
    }
}
