using System.Buffers;
using Slipway.Sdk;

namespace Slipway.Tracking;

/// <summary>What names, parameters and tags of logged models may look like.</summary>
internal static class LoggedModelRules
{
    private const int KeyLength = 255;
    private const int ValueLength = 65_535;

    /// <summary>Such a name could not stand in a models:/ address.</summary>
    private static readonly SearchValues<char> Unfit = SearchValues.Create("/:.%\"'");

    public static void Name(string name)
    {
        if (name.AsSpan().ContainsAny(Unfit))
            throw Fault.Invalid(
                "model.name",
                $"Invalid model name ('{name}') provided. Model name must be a non-empty string and cannot contain the following characters: / : . % \" '",
                "name"
            );
        TrackingRules.Length(name, TrackingRules.ExperimentNameLength, "name");
    }

    /// <summary>Entries of a new model, each given once.</summary>
    public static Dictionary<string, string> EntriesOfNew(IReadOnlyList<Entry> entries, string field)
    {
        var texts = Entries(entries, field);
        return texts.Count == entries.Count
            ? texts
            : throw Fault.Conflict("model.entry_twice", $"A key is given twice in '{field}'.");
    }

    /// <summary>Entries by key, of which the last counts.</summary>
    public static Dictionary<string, string> Entries(IReadOnlyList<Entry> entries, string field)
    {
        var texts = new Dictionary<string, string>(entries.Count);
        foreach (var (key, value) in entries)
        {
            TrackingRules.Length(key, KeyLength, $"{field}.key");
            texts[key] = TrackingRules.Length(value, ValueLength, $"{field}.value");
        }
        return texts;
    }
}
