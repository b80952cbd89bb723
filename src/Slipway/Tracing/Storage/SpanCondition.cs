using Slipway.Foundation.Filters;

namespace Slipway.Tracing.Storage;

/// <summary>What a filter asks of one span.</summary>
internal abstract record SpanCondition
{
    private SpanCondition() { }

    public sealed record All(IReadOnlyList<SpanCondition> Parts) : SpanCondition;

    public sealed record Any(IReadOnlyList<SpanCondition> Parts) : SpanCondition;

    public sealed record Leaf(TraceField Field, ValueTest Test) : SpanCondition;

    public static SpanCondition Of(Filter filter)
    {
        if (filter is Filter.All all)
            return new All([.. all.Parts.Select(Of)]);
        if (filter is Filter.Any any)
            return new Any([.. any.Parts.Select(Of)]);
        var comparison = (Filter.Comparison)filter;
        var field = TraceField.Of(comparison.Field);
        field.Check(comparison);
        return new Leaf(field, ValueTest.Of(comparison));
    }

    /// <summary>What lies inside the blocks of spans is only seen by reading them.</summary>
    public bool IsExact =>
        this switch
        {
            All all => all.Parts.All(p => p.IsExact),
            Any any => any.Parts.All(p => p.IsExact),
            _ => ((Leaf)this) is var leaf
                && leaf.Field.Kind switch
                {
                    TraceFieldKind.SpanStatus => true,
                    TraceFieldKind.SpanContent or TraceFieldKind.SpanAttribute => false,
                    _ => leaf.Test.IsExact,
                },
        };

    /// <summary>SQL on tracing_spans as s that holds for every span that meets the condition.</summary>
    public string Sql(SqlArguments arguments) =>
        this switch
        {
            All all => SqlText.Joined([.. all.Parts.Select(p => p.Sql(arguments))], all: true),
            Any any => SqlText.Joined([.. any.Parts.Select(p => p.Sql(arguments))], all: false),
            _ => ((Leaf)this) is var leaf
                ? leaf.Field.Kind switch
                {
                    TraceFieldKind.SpanName => leaf.Test.Sql("s.name", arguments),
                    TraceFieldKind.SpanType => $"(s.type is not null and {leaf.Test.Sql("s.type", arguments)})",
                    TraceFieldKind.SpanStatus => TraceSql.SpanStatusSql(leaf.Test, arguments),
                    _ => "1 = 1",
                }
                : "",
        };

    public bool Holds(Span span) =>
        this switch
        {
            All all => all.Parts.All(p => p.Holds(span)),
            Any any => any.Parts.Any(p => p.Holds(span)),
            _ => ((Leaf)this) is var leaf && Holds(span, leaf.Field, leaf.Test),
        };

    private static bool Holds(Span span, TraceField field, ValueTest test) =>
        field.Kind switch
        {
            TraceFieldKind.SpanName => test.Holds(span.Name),
            TraceFieldKind.SpanType => span.Text(TraceKeys.SpanType) is { } type && test.Holds(type),
            TraceFieldKind.SpanStatus => test.Holds(TraceSql.NameOf(span.Status)),
            TraceFieldKind.SpanContent => test.Holds(SpanJson.Write(span)),
            _ => span[field.Key] is { } value && test.Holds(value.Searched),
        };
}
