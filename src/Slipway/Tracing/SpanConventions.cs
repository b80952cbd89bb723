namespace Slipway.Tracing;

/// <summary>
/// Instrumentation libraries name the same things differently. A span that lacks the keys of this house gets them from
/// the first convention that has the value, so that search, previews and token counts work whoever made the span.
/// </summary>
public static class SpanConventions
{
    private const string Unknown = "UNKNOWN";

    /// <summary>The span with type, inputs, outputs, token usage, model and provider under the keys of this house, where it has them.</summary>
    public static Span Complete(Span span)
    {
        var added = new List<KeyValuePair<string, AnyValue>>();
        void Add(string key, AnyValue? value)
        {
            if (value is not null)
                added.Add(KeyValuePair.Create(key, value));
        }
        if (span[TraceKeys.SpanType] is null or AnyValue.Text { Value: Unknown })
            Add(TraceKeys.SpanType, TypeOf(span));
        AddIfLacking(TraceKeys.SpanInputs, c => Said(span, c.Inputs) ?? Said(span.Events, c.InputEvent));
        AddIfLacking(TraceKeys.SpanOutputs, c => Said(span, c.Outputs) ?? Said(span.Events, c.OutputEvent));
        AddIfLacking(TraceKeys.SpanTokenUsage, c => UsageOf(span, c)?.ToValue());
        AddIfLacking(TraceKeys.SpanModel, c => Said(span, c.Models));
        AddIfLacking(TraceKeys.SpanProvider, c => Said(span, c.Providers));
        return added.Count == 0
            ? span
            : span with
            {
                Attributes = [.. span.Attributes.Where(a => added.All(b => b.Key != a.Key)), .. added],
            };

        void AddIfLacking(string key, Func<SpanConvention, AnyValue?> find)
        {
            if (span[key] is null)
                Add(key, SpanConvention.All.Select(find).FirstOrDefault(value => value is not null));
        }
    }

    private static AnyValue.Text? TypeOf(Span span)
    {
        foreach (var convention in SpanConvention.All)
        {
            if (convention.Only is { } only && span.Text(only.Key) != only.Value)
                continue;
            foreach (var key in convention.Kinds)
            {
                if (span.Text(key) is { } kind && convention.Types.TryGetValue(kind, out var type))
                    return new AnyValue.Text(type);
            }
        }
        return null;
    }

    /// <summary>The first of the attributes that says something: an empty text, list or map does not.</summary>
    private static AnyValue? Said(Span span, string[] keys)
    {
        foreach (var key in keys)
        {
            if (span[key] is { } value && !IsEmpty(value))
                return value;
        }
        return null;
    }

    private static AnyValue? Said(IReadOnlyList<SpanEvent> events, (string Event, string Key)? place) =>
        place is { } at
            ? events
                .Where(e => e.Name == at.Event)
                .SelectMany(e => e.Attributes)
                .FirstOrDefault(a => a.Key == at.Key && !IsEmpty(a.Value))
                .Value
            : null;

    private static bool IsEmpty(AnyValue value) =>
        value switch
        {
            AnyValue.Absent => true,
            AnyValue.Text { Value: "" or "{}" or "[]" or "null" or "\"\"" } => true,
            AnyValue.Items items => items.Values.Count == 0,
            AnyValue.Map map => map.Entries.Count == 0,
            _ => false,
        };

    private static TokenUsage? UsageOf(Span span, SpanConvention convention)
    {
        long? Count(string[] keys) =>
            keys.Select(key => TokenUsage.Count(span[key])).FirstOrDefault(n => n is not null);
        var usage = new TokenUsage(
            Count(convention.InputTokens),
            Count(convention.OutputTokens),
            Count(convention.TotalTokens)
        );
        if (usage.IsNone)
            return null;
        return usage with
        {
            Total = usage.Total ?? usage.Input + usage.Output,
            CacheRead = Count(convention.CacheReadTokens),
            CacheWrite = Count(convention.CacheWriteTokens),
        };
    }
}
