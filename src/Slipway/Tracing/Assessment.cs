using Slipway.Tracking;

namespace Slipway.Tracing;

public enum AssessmentKind
{
    /// <summary>What somebody or something thinks of the trace.</summary>
    Feedback,

    /// <summary>What the trace should have said.</summary>
    Expectation,

    /// <summary>A problem that the trace is an instance of; its value is the problem's name.</summary>
    Issue,
}

/// <summary>A judgement on a trace or on one of its spans, by a person, a model or a program.</summary>
public sealed record Assessment
{
    public required string Id { get; init; }

    public required string TraceId { get; init; }

    /// <summary>The span it is about, where it is not about the whole trace.</summary>
    public string? SpanId { get; init; }

    public required string Name { get; init; }

    public required AssessmentSource Source { get; init; }

    public AssessmentKind Kind { get; init; }

    public AnyValue Value { get; init; } = AnyValue.Absent.Instance;

    /// <summary>Why there is no value.</summary>
    public AssessmentError? Error { get; init; }

    public string? Rationale { get; init; }

    public IReadOnlyList<Entry> Metadata { get; init; } = [];

    public required long CreatedMs { get; init; }

    public required long UpdatedMs { get; init; }

    /// <summary>The assessment that this one corrects. The older one is kept, no longer valid.</summary>
    public string? Overrides { get; init; }

    public bool IsValid { get; init; } = true;
}

public sealed record AssessmentSource(string Kind, string Id);

public sealed record AssessmentError(string Code, string? Message, string? StackTrace);

/// <summary>What changes of an assessment; null stays as it is.</summary>
public sealed record AssessmentChange
{
    public string? Name { get; init; }

    public AnyValue? Value { get; init; }

    public AssessmentError? Error { get; init; }

    public AssessmentKind? Kind { get; init; }

    public string? Rationale { get; init; }

    public IReadOnlyList<Entry>? Metadata { get; init; }

    public bool? IsValid { get; init; }
}
