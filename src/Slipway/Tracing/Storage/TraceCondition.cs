using Slipway.Foundation.Filters;
using Slipway.Sdk;

namespace Slipway.Tracing.Storage;

/// <summary>
/// A filter on traces, with NOT pushed down to its comparisons. Each comparison asks whether any value of a field passes
/// a test, so a trace without the field fails it; only NOT turns that round.
/// </summary>
internal abstract record TraceCondition
{
    private TraceCondition() { }

    public sealed record All(IReadOnlyList<TraceCondition> Parts) : TraceCondition;

    public sealed record Any(IReadOnlyList<TraceCondition> Parts) : TraceCondition;

    public sealed record Leaf(TraceField Field, ValueTest Test, bool Negated) : TraceCondition;

    public static TraceCondition Of(Filter filter, bool negated = false) =>
        filter switch
        {
            Filter.All all => Joined([.. all.Parts.Select(p => Of(p, negated))], all: !negated),
            Filter.Any any => Joined([.. any.Parts.Select(p => Of(p, negated))], all: negated),
            Filter.Not not => Of(not.Part, !negated),
            _ => Of((Filter.Comparison)filter, negated),
        };

    /// <summary>The fields that the condition looks at.</summary>
    public IEnumerable<TraceField> Fields() =>
        this switch
        {
            All all => all.Parts.SelectMany(p => p.Fields()),
            Any any => any.Parts.SelectMany(p => p.Fields()),
            _ => [((Leaf)this).Field],
        };

    /// <summary>Whether the SQL alone decides.</summary>
    public bool IsExact =>
        this switch
        {
            All all => all.Parts.All(p => p.IsExact),
            Any any => any.Parts.All(p => p.IsExact),
            _ => ((Leaf)this) is var leaf && TraceSql.IsExact(leaf.Field, leaf.Test),
        };

    /// <summary>SQL on tracing_traces as t that holds for every trace that meets the condition.</summary>
    public string Sql(SqlArguments arguments) =>
        this switch
        {
            All all => Balanced([.. all.Parts.Select(p => p.Sql(arguments))], " and "),
            Any any => Balanced([.. any.Parts.Select(p => p.Sql(arguments))], " or "),
            Leaf { Negated: true } leaf => TraceSql.IsExact(leaf.Field, leaf.Test)
                ? $"not ({TraceSql.Of(leaf.Field, leaf.Test, arguments)})"
                : "1 = 1",
            _ => ((Leaf)this) is var leaf ? TraceSql.Of(leaf.Field, leaf.Test, arguments) : "",
        };

    public bool Holds(TraceCandidate candidate) =>
        this switch
        {
            All all => all.Parts.All(p => p.Holds(candidate)),
            Any any => any.Parts.Any(p => p.Holds(candidate)),
            _ => ((Leaf)this) is var leaf && candidate.Has(leaf.Field, leaf.Test) != leaf.Negated,
        };

    private static TraceCondition Joined(IReadOnlyList<TraceCondition> parts, bool all) =>
        all ? new All(parts) : new Any(parts);

    private static Leaf Of(Filter.Comparison comparison, bool negated)
    {
        var field = TraceField.Of(comparison.Field);
        if (field.Kind == TraceFieldKind.Experiment)
            throw Fault.Invalid(
                "trace.search_field",
                "Traces are searched by experiment with experiment_ids.",
                "filter"
            );
        field.Check(comparison);
        return new Leaf(field, ValueTest.Of(comparison), negated != (comparison.Operator == FilterOperator.IsNull));
    }

    /// <summary>A tree of pairs, since a chain of a thousand would be deeper than SQLite accepts.</summary>
    private static string Balanced(ReadOnlySpan<string> parts, string joint) =>
        parts.Length switch
        {
            0 => joint == " and " ? "1 = 1" : "1 = 0",
            1 => parts[0],
            _ =>
                $"({Balanced(parts[..(parts.Length / 2)], joint)}{joint}{Balanced(parts[(parts.Length / 2)..], joint)})",
        };
}
