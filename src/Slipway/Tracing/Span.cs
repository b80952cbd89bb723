namespace Slipway.Tracing;

public enum SpanStatus
{
    Unset,
    Ok,
    Error,
}

/// <summary>One piece of work inside a trace, with the fields that OpenTelemetry gives it.</summary>
public sealed record Span
{
    /// <summary>Sixteen bytes as OpenTelemetry has them; the trace's own id is derived from them unless an attribute says another.</summary>
    public required ReadOnlyMemory<byte> OtelTraceId { get; init; }

    public required ReadOnlyMemory<byte> Id { get; init; }

    public ReadOnlyMemory<byte> ParentId { get; init; }

    public string TraceState { get; init; } = "";

    public uint Flags { get; init; }

    public required string Name { get; init; }

    public int Kind { get; init; }

    public long StartNs { get; init; }

    /// <summary>0 while the work goes on.</summary>
    public long EndNs { get; init; }

    public IReadOnlyList<KeyValuePair<string, AnyValue>> Attributes { get; init; } = [];

    public IReadOnlyList<SpanEvent> Events { get; init; } = [];

    public IReadOnlyList<SpanLink> Links { get; init; } = [];

    public SpanStatus Status { get; init; }

    public string StatusMessage { get; init; } = "";

    public bool IsRoot => ParentId.IsEmpty;

    /// <summary>The id of the trace it belongs to.</summary>
    public string TraceId =>
        this[TraceKeys.SpanTraceId] is AnyValue.Text { Value.Length: > 0 } said
            ? said.Value
            : $"tr-{Convert.ToHexStringLower(OtelTraceId.Span)}";

    public AnyValue? this[string key]
    {
        get
        {
            foreach (var (name, value) in Attributes)
            {
                if (name == key)
                    return value;
            }
            return null;
        }
    }

    public string? Text(string key) => (this[key] as AnyValue.Text)?.Value;

    public Span With(string key, AnyValue value) =>
        this with
        {
            Attributes = [.. Attributes, KeyValuePair.Create(key, value)],
        };
}

public sealed record SpanEvent(string Name, long TimeNs, IReadOnlyList<KeyValuePair<string, AnyValue>> Attributes);

/// <summary>A pointer to a span of this or another trace.</summary>
public sealed record SpanLink(
    ReadOnlyMemory<byte> OtelTraceId,
    ReadOnlyMemory<byte> SpanId,
    string TraceState,
    IReadOnlyList<KeyValuePair<string, AnyValue>> Attributes
);
