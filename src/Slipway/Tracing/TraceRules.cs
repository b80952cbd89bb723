using Slipway.Sdk;
using Slipway.Tracking;

namespace Slipway.Tracing;

/// <summary>What ids and labels of traces may look like; the limits are those MLflow's clients know.</summary>
public static class TraceRules
{
    public const int IdLength = 250;
    public const int LinkLength = 10_000;
    public const int LabelLength = 8000;
    public const int NewKeyLength = 600;
    public const int LabelsPerTrace = 1000;
    public const int TracesPerCall = 1000;
    public const int LinksPerCall = 100;
    public const int PromptNameLength = 500;
    public const int PromptVersionLength = 255;

    public static string Id(string id)
    {
        if (id.Length > IdLength || id.Any(char.IsControl))
            throw Fault.Invalid(
                "trace.id",
                $"The id of a trace has up to {IdLength} characters, none of them a control character.",
                "trace_id"
            );
        return id;
    }

    /// <summary>Checks the key; a value that is too long is cut, as MLflow's store does.</summary>
    public static Entry Label(Entry label)
    {
        TrackingRules.Key(label.Key, "key");
        return label.Value.Length <= LabelLength ? label : label with { Value = label.Value[..LabelLength] };
    }

    /// <summary>Labels that come with a trace: like the tags of a new run, they may look like anything.</summary>
    public static IEnumerable<Entry> Labels(IReadOnlyDictionary<string, string> labels)
    {
        if (labels.Count > LabelsPerTrace)
            throw Fault.Invalid("trace.too_many_labels", $"A trace has at most {LabelsPerTrace} tags and metadata.");
        return labels.Select(label => new Entry(TrackingRules.Length(label.Key, NewKeyLength, "key"), label.Value));
    }

    public static void Prompts(IReadOnlyList<(string Name, string Version)> prompts)
    {
        Ids([.. prompts.Select(prompt => prompt.Name)], LinksPerCall);
        foreach (var (name, version) in prompts)
        {
            TrackingRules.Length(name, PromptNameLength, "name");
            TrackingRules.Length(version, PromptVersionLength, "version");
        }
    }

    public static IReadOnlyList<string> Ids(IReadOnlyList<string> ids, int limit) =>
        ids.Count <= limit
            ? ids
            : throw Fault.Invalid("trace.too_many", $"At most {limit} traces can be named in one call.", "trace_ids");
}
