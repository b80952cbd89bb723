using System.Globalization;
using Slipway.Sdk;
using Slipway.Tracking;

namespace Slipway.Registry;

/// <summary>What names, tags and aliases may look like; the limits are those MLflow's clients know.</summary>
internal static class RegistryRules
{
    private const int NameLength = 500;
    private const int DescriptionLength = 100_000;
    private const int TagValueLength = 100_000;
    private const int AliasLength = 255;
    private const int SourceLength = 8192;
    private const int LinkLength = 2048;
    private const int IdLength = 250;

    /// <summary>A name that can stand in a models:/ address.</summary>
    public static void ModelName(string? name, string field = "name")
    {
        if (string.IsNullOrWhiteSpace(name))
            throw Fault.Invalid("registry.name", $"Missing value for required parameter '{field}'.", field);
        if (name.Contains('/') || name.Contains(':'))
            throw Fault.Invalid(
                "registry.name",
                $"Invalid model name '{name}'. Names cannot contain '/' or ':'.",
                field
            );
        if (name == "." || name.StartsWith("..", StringComparison.Ordinal))
            throw Fault.Invalid("registry.name", $"Invalid model name '{name}': it would be a place in a path.", field);
        Length(name, NameLength, field);
    }

    public static void Description(string? description) => Length(description ?? "", DescriptionLength, "description");

    /// <summary>What a version names of where it comes from. A run or model of another server is known by its id alone.</summary>
    public static void Links(NewModelVersion version)
    {
        Length(version.RunLink, LinkLength, "run_link");
        Length(version.RunId, IdLength, "run_id");
        Length(version.LoggedModelId, IdLength, "model_id");
    }

    public static void Source(string source)
    {
        if (source.Length == 0)
            throw Fault.Invalid("registry.source", "Missing value for required parameter 'source'.", "source");
        Length(source, SourceLength, "source");
    }

    public static void Tag(string key, string value)
    {
        TrackingRules.Key(key, "key");
        Length(value, TagValueLength, "value");
    }

    /// <summary>The key of a tag to be deleted; one that is too long for any tag is not there.</summary>
    public static void DeletedTag(string key) =>
        TrackingRules.Key(key.Length > TrackingRules.KeyLength ? key[..TrackingRules.KeyLength] : key, "key");

    /// <summary>Tags by key, of which the last counts.</summary>
    public static Dictionary<string, string> Tags(IReadOnlyList<KeyValuePair<string, string>> tags)
    {
        var texts = new Dictionary<string, string>(tags.Count);
        foreach (var (key, value) in tags)
        {
            Tag(key, value);
            texts[key] = value;
        }
        return texts;
    }

    public static void Alias(string alias)
    {
        if (alias.Length == 0)
            throw Fault.Invalid("registry.alias", "Registered model alias name cannot be empty.", "alias");
        if (!alias.All(c => char.IsLetterOrDigit(c) || c is '_' or '-' || IsNumber(c)))
            throw Fault.Invalid(
                "registry.alias",
                $"Invalid alias name: '{alias}'. Names may only contain alphanumerics, underscores (_), and dashes (-).",
                "alias"
            );
        Length(alias, AliasLength, "alias");
    }

    /// <summary>An alias that somebody sets; some words mean a version already.</summary>
    public static void NewAlias(string alias)
    {
        Alias(alias);
        if (alias.Equals("latest", StringComparison.OrdinalIgnoreCase))
            throw Fault.Invalid("registry.alias", "'latest' alias name (case insensitive) is reserved.", "alias");
        if (alias.Length > 1 && alias[0] is 'v' or 'V' && alias.Skip(1).All(char.IsDigit))
            throw Fault.Invalid("registry.alias", $"Version alias name '{alias}' is reserved.", "alias");
    }

    private static bool IsNumber(char c) =>
        char.GetUnicodeCategory(c) is UnicodeCategory.OtherNumber or UnicodeCategory.LetterNumber;

    private static string Length(string value, int limit, string field) =>
        value.Length <= limit
            ? value
            : throw Fault.Invalid(
                "registry.length",
                $"'{field}' exceeds the maximum length of {limit} characters",
                field
            );
}
