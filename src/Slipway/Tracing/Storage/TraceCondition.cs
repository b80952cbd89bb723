using Slipway.Foundation.Filters;
using Slipway.Sdk;

namespace Slipway.Tracing.Storage;

/// <summary>
/// A filter on traces, with NOT pushed down to what it negates. A comparison asks whether any value of a field passes a
/// test, so a trace without the field fails it; only NOT turns that round. Comparisons of span fields that AND joins are
/// asked of one and the same span.
/// </summary>
internal abstract record TraceCondition
{
    private TraceCondition() { }

    public sealed record All(IReadOnlyList<TraceCondition> Parts) : TraceCondition;

    public sealed record Any(IReadOnlyList<TraceCondition> Parts) : TraceCondition;

    public sealed record Leaf(TraceField Field, ValueTest Test, bool Negated) : TraceCondition;

    /// <summary>That some span meets a condition, or, negated, that none does.</summary>
    public sealed record SomeSpan(SpanCondition Condition, bool Negated) : TraceCondition;

    public static TraceCondition Of(Filter filter, bool negated = false) =>
        filter switch
        {
            Filter.All all => Joined(OneSpanEach(all, negated), all: !negated),
            Filter.Any any => Joined([.. any.Parts.Select(p => Of(p, negated))], all: negated),
            Filter.Not not => Of(not.Part, !negated),
            _ => Of((Filter.Comparison)filter, negated),
        };

    /// <summary>The fields of traces that the condition looks at; those of spans are not among them.</summary>
    public IEnumerable<TraceFieldKind> Fields() =>
        this switch
        {
            All all => all.Parts.SelectMany(p => p.Fields()),
            Any any => any.Parts.SelectMany(p => p.Fields()),
            Leaf leaf => [leaf.Field.Kind],
            _ => [],
        };

    public bool LooksAtSpans() =>
        this switch
        {
            All all => all.Parts.Any(p => p.LooksAtSpans()),
            Any any => any.Parts.Any(p => p.LooksAtSpans()),
            _ => this is SomeSpan,
        };

    /// <summary>Whether the SQL alone decides.</summary>
    public bool IsExact =>
        this switch
        {
            All all => all.Parts.All(p => p.IsExact),
            Any any => any.Parts.All(p => p.IsExact),
            Leaf leaf => TraceSql.IsExact(leaf.Field, leaf.Test),
            _ => ((SomeSpan)this).Condition.IsExact,
        };

    /// <summary>SQL on tracing_traces as t that holds for every trace that meets the condition.</summary>
    public string Sql(SqlArguments arguments) =>
        this switch
        {
            All all => SqlText.Joined([.. all.Parts.Select(p => p.Sql(arguments))], all: true),
            Any any => SqlText.Joined([.. any.Parts.Select(p => p.Sql(arguments))], all: false),
            Leaf { Negated: false } leaf => TraceSql.Of(leaf.Field, leaf.Test, arguments),
            SomeSpan { Negated: false } some => TraceSql.OfSpan(some.Condition, arguments),
            _ when !IsExact => "1 = 1",
            Leaf leaf => $"not ({TraceSql.Of(leaf.Field, leaf.Test, arguments)})",
            _ => $"not ({TraceSql.OfSpan(((SomeSpan)this).Condition, arguments)})",
        };

    public bool Holds(TraceCandidate candidate) =>
        this switch
        {
            All all => all.Parts.All(p => p.Holds(candidate)),
            Any any => any.Parts.Any(p => p.Holds(candidate)),
            Leaf leaf => candidate.Has(leaf.Field, leaf.Test) != leaf.Negated,
            SomeSpan some => candidate.Spans.Any(some.Condition.Holds) != some.Negated,
            _ => false,
        };

    /// <summary>The parts of an AND, with those that are of spans alone drawn together into one.</summary>
    private static List<TraceCondition> OneSpanEach(Filter.All all, bool negated)
    {
        var flat = all.Parts.SelectMany(Flattened).ToList();
        var ofSpans = flat.Where(IsOfSpans).Select(SpanCondition.Of).ToList();
        var parts = flat.Where(p => !IsOfSpans(p)).Select(p => Of(p, negated)).ToList();
        if (ofSpans.Count > 0)
            parts.Add(new SomeSpan(ofSpans.Count == 1 ? ofSpans[0] : new SpanCondition.All(ofSpans), negated));
        return parts;
    }

    private static IEnumerable<Filter> Flattened(Filter filter) =>
        filter is Filter.All all ? all.Parts.SelectMany(Flattened) : [filter];

    /// <summary>Whether it asks of a span what one span can answer: NOT asks it of all of them.</summary>
    private static bool IsOfSpans(Filter filter) =>
        filter switch
        {
            Filter.All all => all.Parts.Count > 0 && all.Parts.All(IsOfSpans),
            Filter.Any any => any.Parts.All(IsOfSpans),
            Filter.Comparison comparison => TraceField.Of(comparison.Field).IsOfSpan,
            _ => false,
        };

    private static TraceCondition Joined(IReadOnlyList<TraceCondition> parts, bool all) =>
        all ? new All(parts) : new Any(parts);

    private static TraceCondition Of(Filter.Comparison comparison, bool negated)
    {
        var field = TraceField.Of(comparison.Field);
        if (field.Kind == TraceFieldKind.Experiment)
            throw Fault.Invalid(
                "trace.search_field",
                "Traces are searched by experiment with experiment_ids.",
                "filter"
            );
        if (field.IsOfSpan)
            return new SomeSpan(SpanCondition.Of(comparison), negated);
        field.Check(comparison);
        return new Leaf(field, ValueTest.Of(comparison), negated != (comparison.Operator == FilterOperator.IsNull));
    }
}
