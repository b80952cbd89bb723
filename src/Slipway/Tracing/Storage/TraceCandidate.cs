using Slipway.Foundation.Filters;

namespace Slipway.Tracing.Storage;

/// <summary>A trace that the SQL of a search let through, with as much of it loaded as the search looks at.</summary>
internal sealed record TraceCandidate(Trace Trace)
{
    public IReadOnlyList<(LinkKind Kind, string Target)> Links { get; init; } = [];

    public IReadOnlyList<Span> Spans { get; init; } = [];

    /// <summary>Assessments of the session that the trace is part of.</summary>
    public IReadOnlyList<Assessment> OfSession { get; init; } = [];

    /// <summary>Whether any value of the field passes the test.</summary>
    public bool Has(TraceField field, ValueTest test) =>
        field.Kind switch
        {
            TraceFieldKind.Id => test.Holds(Trace.Id),
            TraceFieldKind.RequestTime => test.Holds(Trace.RequestMs),
            TraceFieldKind.Duration => Trace.DurationMs is { } duration && test.Holds(duration),
            TraceFieldKind.EndTime => test.Holds(Trace.RequestMs + (Trace.DurationMs ?? 0)),
            TraceFieldKind.State => test.Holds(TraceSql.NameOf(Trace.State)),
            TraceFieldKind.ClientRequestId => Trace.ClientRequestId is { } id && test.Holds(id),
            TraceFieldKind.Name => Labelled(Trace.Tags, TraceKeys.Name, test),
            TraceFieldKind.Tag => Labelled(Trace.Tags, field.Key, test),
            TraceFieldKind.Metadata => Labelled(Trace.Metadata, field.Key, test),
            TraceFieldKind.Run => Links.Any(l => l.Kind is LinkKind.Run or LinkKind.SourceRun && test.Holds(l.Target)),
            TraceFieldKind.Prompt => Links.Any(l => l.Kind == LinkKind.Prompt && test.Holds(l.Target)),
            TraceFieldKind.Feedback => Judged(AssessmentKind.Feedback, field.Key, test),
            TraceFieldKind.Expectation => Judged(AssessmentKind.Expectation, field.Key, test),
            _ => false,
        };

    private static bool Labelled(IReadOnlyDictionary<string, string> labels, string key, ValueTest test) =>
        labels.TryGetValue(key, out var value) && test.Holds(value);

    private bool Judged(AssessmentKind kind, string name, ValueTest test) =>
        Trace
            .Assessments.Concat(OfSession)
            .Any(a => a.IsValid && a.Kind == kind && a.Name == name && Holds(test, a.Value));

    private static bool Holds(ValueTest test, AnyValue value) =>
        test.IsPresence
        || (
            test.IsOfNumbers
                ? AssessmentStore.NumberOf(value) is { } number && test.Holds(number)
                : value is not AnyValue.Absent && test.Holds(value.Searched)
        );
}
