using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Slipway.Foundation.Console;
using Slipway.Sdk;
using Slipway.Sdk.Registry;

namespace Slipway.Registry.Cli;

/// <summary>Options that several of the commands share.</summary>
internal static class ModelOptions
{
    public static readonly Option<string?> Filter = new("--filter")
    {
        Description = "Condition, such as \"name LIKE 'fare%' AND tags.team = 'taxi'\".",
        HelpName = "CONDITION",
    };

    public static readonly Option<string[]> OrderBy = new("--order-by")
    {
        Description = "Field to order by, such as \"name\" or \"last_updated_timestamp DESC\"; may be repeated.",
        HelpName = "FIELD",
    };

    public static readonly Option<int> Limit = new("--limit")
    {
        Description = "How many are shown at most.",
        HelpName = "N",
        DefaultValueFactory = _ => 50,
    };

    public static readonly Option<string[]> Tags = new("--tag")
    {
        Description = "A tag; may be repeated.",
        HelpName = "NAME=VALUE",
    };
}

/// <summary>Values as they stand in tables.</summary>
internal static class ModelCells
{
    public static string Time(long milliseconds) =>
        DateTimeOffset
            .FromUnixTimeMilliseconds(milliseconds)
            .ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    public static string Whole(long value) => value.ToString(CultureInfo.InvariantCulture);

    public static string Tags(IReadOnlyDictionary<string, string> tags) =>
        string.Join(", ", tags.Select(tag => $"{tag.Key}={tag.Value}"));

    public static string Aliases(ModelResource model) =>
        string.Join(", ", model.Aliases.Select(alias => $"{alias.Key}={Whole(alias.Value)}"));

    public static string Newest(ModelResource model) =>
        model.LatestVersions.Count == 0 ? "-" : Whole(model.LatestVersions.Max(version => version.Version));

    public static string Word<T>(T value)
        where T : struct, Enum => value.ToString().ToLowerInvariant();

    public static void NoteRest(Terminal terminal, string? nextPageToken)
    {
        if (nextPageToken is not null)
            terminal.Note("There are more; --limit shows more.");
    }

    /// <summary>Records as the API writes them, for programs; a table for people.</summary>
    public static void Show<T>(this Terminal terminal, T record, JsonTypeInfo<T> type, Action<T> forPeople)
    {
        if (terminal.Json)
            terminal.Show(JsonSerializer.SerializeToElement(record, type), _ => { });
        else
            forPeople(record);
    }

    /// <summary>The texts of options such as <c>--tag team=taxi</c>.</summary>
    public static Dictionary<string, string> Pairs(IEnumerable<string> texts)
    {
        var pairs = new Dictionary<string, string>();
        foreach (var text in texts)
        {
            var at = text.IndexOf('=', StringComparison.Ordinal);
            if (at < 1)
                throw Fault.Invalid(
                    "registry.pair",
                    $"'{text}' is not a name and its value.",
                    "--tag",
                    "Write it as --tag NAME=VALUE."
                );
            pairs[text[..at]] = text[(at + 1)..];
        }
        return pairs;
    }
}
