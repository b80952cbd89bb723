using Slipway.Foundation.Filters;
using Slipway.Sdk;

namespace Slipway.Tracing.Storage;

/// <summary>
/// Where each field of traces lies in the tables. Every condition is true or false, never unknown, so that it can be
/// negated. What lies beside the head is asked for with a scalar subquery and not with EXISTS: PostgreSQL would join a
/// hundred EXISTS, and spend minutes on their order, where one probe for each row is what is wanted.
/// </summary>
internal static class TraceSql
{
    private static readonly string[] States = ["STATE_UNSPECIFIED", "OK", "ERROR", "IN_PROGRESS"];
    private static readonly string[] SpanStatuses = ["UNSET", "OK", "ERROR"];

    private static readonly string[] AssessmentKinds = ["feedback", "expectation", "issue"];

    public static string NameOf(TraceState state) => States[(int)state];

    public static string NameOf(SpanStatus status) => SpanStatuses[(int)status];

    public static bool IsExact(TraceField field, ValueTest test) =>
        field.Kind is TraceFieldKind.State or TraceFieldKind.Issue || test.IsExact;

    public static string OfSpan(SpanCondition condition, SqlArguments arguments) =>
        $"(select 1 from tracing_spans s where s.trace_no = t.trace_no and {condition.Sql(arguments)} limit 1) is not null";

    public static string Of(TraceField field, ValueTest test, SqlArguments arguments) =>
        field.Kind switch
        {
            TraceFieldKind.Id => test.Sql("t.trace_id", arguments),
            TraceFieldKind.RequestTime => test.Sql("t.request_ms", arguments),
            TraceFieldKind.Duration => $"(t.duration_ms is not null and {test.Sql("t.duration_ms", arguments)})",
            TraceFieldKind.EndTime => test.Sql("(t.request_ms + coalesce(t.duration_ms, 0))", arguments),
            TraceFieldKind.State => Coded("t.state", States, test, arguments),
            TraceFieldKind.ClientRequestId =>
                $"(t.client_request_id is not null and {test.Sql("t.client_request_id", arguments)})",
            TraceFieldKind.Name => Label(LabelKind.Tag, TraceKeys.Name, test, arguments),
            TraceFieldKind.Tag => Label(LabelKind.Tag, field.Key, test, arguments),
            TraceFieldKind.Metadata => Label(LabelKind.Metadata, field.Key, test, arguments),
            TraceFieldKind.Run =>
                $"t.trace_id in (select k.trace_id from tracing_links k where k.kind in ({(int)LinkKind.Run}, {(int)LinkKind.SourceRun}) "
                    + $"and {test.Sql("k.target", arguments)})",
            TraceFieldKind.Prompt =>
                $"t.trace_id in (select k.trace_id from tracing_links k where k.kind = {(int)LinkKind.Prompt} "
                    + $"and {test.Sql("k.target", arguments)})",
            TraceFieldKind.Feedback => Judgement(AssessmentKind.Feedback, field.Key, test, arguments),
            TraceFieldKind.Expectation => Judgement(AssessmentKind.Expectation, field.Key, test, arguments),
            // Issues are not kept here, so none is linked to a trace.
            _ => "1 = 0",
        };

    public static string SpanStatusSql(ValueTest test, SqlArguments arguments) =>
        Coded("s.status", SpanStatuses, test, arguments);

    public static string AssessmentKindSql(ValueTest test, SqlArguments arguments) =>
        Coded("a.kind", AssessmentKinds, test, arguments);

    /// <summary>What traces are ordered by.</summary>
    public static string Ordered(TraceField field, SqlArguments arguments) =>
        field.Kind switch
        {
            TraceFieldKind.Id => "t.trace_id",
            TraceFieldKind.Experiment => "t.experiment_id",
            TraceFieldKind.RequestTime => "t.request_ms",
            TraceFieldKind.Duration => "t.duration_ms",
            TraceFieldKind.EndTime => "(t.request_ms + coalesce(t.duration_ms, 0))",
            TraceFieldKind.State => ByName("t.state", States),
            TraceFieldKind.ClientRequestId => "t.client_request_id",
            TraceFieldKind.Name => LabelValue(LabelKind.Tag, TraceKeys.Name, arguments),
            TraceFieldKind.Run => LabelValue(LabelKind.Metadata, TraceKeys.SourceRun, arguments),
            TraceFieldKind.Tag => LabelValue(LabelKind.Tag, field.Key, arguments),
            TraceFieldKind.Metadata => LabelValue(LabelKind.Metadata, field.Key, arguments),
            _ => throw Fault.Invalid(
                "trace.search_order",
                $"Invalid order_by key '{field.Key}': traces are not ordered by it.",
                "order_by"
            ),
        };

    /// <summary>A column of small numbers that stand for names: the names are tested here, and SQL is given the numbers.</summary>
    private static string Coded(string column, string[] names, ValueTest test, SqlArguments arguments)
    {
        var codes = Enumerable.Range(0, names.Length).Where(code => test.Holds(names[code])).ToList();
        return arguments.AnyOf(column, codes);
    }

    /// <summary>What a code stands for, to order by: readers expect the order of the words.</summary>
    private static string ByName(string column, string[] names) =>
        $"(case {column} {string.Join(' ', names.Select((name, code) => $"when {code} then '{name}'"))} end)";

    private static string Label(LabelKind kind, string key, ValueTest test, SqlArguments arguments) =>
        $"(select 1 from tracing_labels l where l.trace_no = t.trace_no and l.kind = {(int)kind} "
        + $"and l.key = {arguments.Add(key)} and {test.Sql("l.value", arguments)}) is not null";

    private static string LabelValue(LabelKind kind, string key, SqlArguments arguments) =>
        $"(select l.value from tracing_labels l where l.trace_no = t.trace_no and l.kind = {(int)kind} and l.key = {arguments.Add(key)})";

    /// <summary>An assessment of the trace, or one of the session that the trace is part of.</summary>
    private static string Judgement(AssessmentKind kind, string name, ValueTest test, SqlArguments arguments)
    {
        var wanted =
            $"a.valid = 1 and a.kind = {(int)kind} and a.name = {arguments.Add(name)} and {Judged(test, arguments)}";
        return $"((select 1 from tracing_assessments a where a.trace_no = t.trace_no and {wanted} limit 1) is not null "
            + "or (select 1 from tracing_labels l join tracing_assessments a on a.session = l.value join tracing_traces o on o.trace_no = a.trace_no "
            + $"where l.trace_no = t.trace_no and l.kind = {(int)LabelKind.Metadata} and l.key = '{TraceKeys.Session}' "
            + $"and o.experiment_id = t.experiment_id and {wanted} limit 1) is not null)";
    }

    private static string Judged(ValueTest test, SqlArguments arguments)
    {
        var column = test.IsOfNumbers ? "a.number" : "a.searched";
        return test.IsPresence ? "1 = 1" : $"{column} is not null and {test.Sql(column, arguments)}";
    }
}
