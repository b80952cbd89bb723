using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Slipway.Foundation.Console;
using Slipway.Sdk;
using Slipway.Sdk.Tracking;

namespace Slipway.Tracking.Cli;

/// <summary>Values as they stand in tables, and what several commands read and show alike.</summary>
internal static class Cells
{
    public static string Time(long milliseconds) =>
        DateTimeOffset
            .FromUnixTimeMilliseconds(milliseconds)
            .ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    public static string Duration(RunResource run) =>
        run.Duration is not { } duration ? "-"
        : duration.TotalMinutes < 1 ? string.Create(CultureInfo.InvariantCulture, $"{duration.TotalSeconds:0.0}s")
        : duration.TotalHours < 1 ? $"{duration.Minutes}m {duration.Seconds}s"
        : $"{(long)duration.TotalHours}h {duration.Minutes}m";

    public static string Number(double value) => value.ToString("G6", CultureInfo.InvariantCulture);

    public static string Whole(long value) => value.ToString(CultureInfo.InvariantCulture);

    public static string Tags(IReadOnlyDictionary<string, string> tags) =>
        string.Join(", ", tags.Select(tag => $"{tag.Key}={tag.Value}"));

    public static string Status(RunResource run) =>
        run.Lifecycle == Sdk.Tracking.Lifecycle.Deleted ? "deleted" : run.Status.ToString().ToLowerInvariant();

    /// <summary>Records as the API writes them, for programs; a table for people.</summary>
    public static void Show<T>(this Terminal terminal, T record, JsonTypeInfo<T> type, Action<T> forPeople)
    {
        if (terminal.Json)
            terminal.Show(JsonSerializer.SerializeToElement(record, type), _ => { });
        else
            forPeople(record);
    }

    /// <summary>The texts of options such as <c>--tag team=taxi</c>.</summary>
    public static Dictionary<string, string> Pairs(IEnumerable<string> texts, string option)
    {
        var pairs = new Dictionary<string, string>();
        foreach (var text in texts)
        {
            var at = text.IndexOf('=', StringComparison.Ordinal);
            if (at < 1)
                throw Fault.Invalid(
                    "command.pair",
                    $"'{text}' is not a name and its value.",
                    option,
                    $"Write it as {option} NAME=VALUE."
                );
            pairs[text[..at]] = text[(at + 1)..];
        }
        return pairs;
    }

    /// <summary>People name experiments by id or by name; a name of digits gives way to an id.</summary>
    public static async Task<ExperimentResource> ExperimentAsync(
        SlipwayClient client,
        string idOrName,
        CancellationToken cancellation
    )
    {
        if (idOrName.All(char.IsAsciiDigit))
        {
            try
            {
                return await client.Experiments.GetAsync(idOrName, cancellation);
            }
            catch (Fault fault) when (fault.Kind is FaultKind.NotFound)
            {
                // It may still be a name.
            }
        }
        return await client.Experiments.FindAsync(idOrName, cancellation)
            ?? throw Fault.NotFound("experiment.not_found", $"There is no experiment '{idOrName}'.");
    }
}
