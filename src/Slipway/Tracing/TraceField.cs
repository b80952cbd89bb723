using Slipway.Foundation.Filters;
using Slipway.Sdk;

namespace Slipway.Tracing;

/// <summary>The kinds of field that traces can be searched by.</summary>
public enum TraceFieldKind
{
    Id,
    Experiment,
    RequestTime,
    Duration,
    EndTime,
    State,
    Name,
    ClientRequestId,
    Run,
    Prompt,
    Tag,
    Metadata,
    Feedback,
    Expectation,
    Issue,
    SpanName,
    SpanType,
    SpanStatus,
    SpanContent,
    SpanAttribute,
}

/// <summary>A field of traces, named as the search grammar names it or by one of its aliases.</summary>
public readonly record struct TraceField(TraceFieldKind Kind, string Key)
{
    private const string AttributeKeys =
        "request_id, name, status, timestamp_ms, execution_time_ms, end_time_ms, run_id, client_request_id, prompt and text";

    /// <summary>Whether the field is one of a span. Comparisons of such fields that are joined by AND are of the same span.</summary>
    public bool IsOfSpan =>
        Kind
            is TraceFieldKind.SpanName
                or TraceFieldKind.SpanType
                or TraceFieldKind.SpanStatus
                or TraceFieldKind.SpanContent
                or TraceFieldKind.SpanAttribute;

    public bool IsNumber => Kind is TraceFieldKind.RequestTime or TraceFieldKind.Duration or TraceFieldKind.EndTime;

    public static TraceField Of(FilterField field) =>
        field.Entity switch
        {
            null or "attribute" or "attributes" or "attr" or "trace" => new(Attribute(field.Key), field.Key),
            "tag" or "tags" => new(TraceFieldKind.Tag, field.Key),
            "metadata" or "request_metadata" or "trace_metadata" => new(TraceFieldKind.Metadata, field.Key),
            "feedback" => new(TraceFieldKind.Feedback, field.Key),
            "expectation" => new(TraceFieldKind.Expectation, field.Key),
            "issue" when field.Key == "id" => new(TraceFieldKind.Issue, field.Key),
            "span" => Span(field.Key),
            _ => throw Refused(
                $"Invalid entity type '{field.Entity}'. Valid values are trace, tag, metadata, span, feedback, expectation and issue."
            ),
        };

    /// <summary>Refuses a comparison that the field does not take.</summary>
    public void Check(Filter.Comparison comparison)
    {
        var fits = comparison.Operator switch
        {
            FilterOperator.IsNull or FilterOperator.IsNotNull => Kind
                is TraceFieldKind.Tag
                    or TraceFieldKind.Metadata
                    or TraceFieldKind.Feedback
                    or TraceFieldKind.Expectation
                    or TraceFieldKind.Name
                    or TraceFieldKind.ClientRequestId
                    or TraceFieldKind.Run,
            FilterOperator.Less
            or FilterOperator.LessOrEqual
            or FilterOperator.Greater
            or FilterOperator.GreaterOrEqual => (IsNumber || IsJudgement) && comparison.Value is FilterValue.Number,
            FilterOperator.Equal or FilterOperator.NotEqual => Equals(comparison),
            FilterOperator.In or FilterOperator.NotIn => Lists(comparison),
            FilterOperator.Like or FilterOperator.ILike => !IsNumber
                && Kind != TraceFieldKind.Prompt
                && comparison.Value is FilterValue.Text,
            _ => !IsNumber
                && Kind is not (TraceFieldKind.Prompt or TraceFieldKind.SpanContent)
                && comparison.Value is FilterValue.Text,
        };
        if (!fits)
            throw Refused(
                $"Invalid comparison of '{comparison.Field}' with {comparison.Operator.Symbol()} {comparison.Value} at position {comparison.Position}. {Hint}"
            );
    }

    /// <summary>Feedback and expectations hold numbers as well as texts.</summary>
    private bool IsJudgement => Kind is TraceFieldKind.Feedback or TraceFieldKind.Expectation;

    private string Hint =>
        IsNumber ? "A number is compared with =, !=, <, <=, >, >=, IN or NOT IN."
        : Kind == TraceFieldKind.Prompt ? "A prompt is compared with = 'name/version'."
        : Kind == TraceFieldKind.SpanContent ? "Content is searched with LIKE or ILIKE."
        : "A text in quotes is compared with =, !=, LIKE, ILIKE or RLIKE.";

    private bool Equals(Filter.Comparison comparison) =>
        Kind switch
        {
            TraceFieldKind.Prompt => comparison is { Operator: FilterOperator.Equal, Value: FilterValue.Text prompt }
                && prompt.Value.Split('/') is [{ Length: > 0 }, { Length: > 0 }],
            TraceFieldKind.SpanContent => false,
            TraceFieldKind.Feedback or TraceFieldKind.Expectation => true,
            _ => IsNumber ? comparison.Value is FilterValue.Number : comparison.Value is FilterValue.Text,
        };

    private bool Lists(Filter.Comparison comparison) =>
        Kind is not (TraceFieldKind.Name or TraceFieldKind.Prompt or TraceFieldKind.SpanContent)
        && comparison.Value is FilterValue.Items items
        && (IsNumber ? items.Values.All(v => v is FilterValue.Number) : items.Values.All(v => v is FilterValue.Text));

    private static TraceFieldKind Attribute(string key) =>
        key switch
        {
            "request_id" or "trace_id" => TraceFieldKind.Id,
            "experiment_id" => TraceFieldKind.Experiment,
            "timestamp" or "timestamp_ms" or "request_time" => TraceFieldKind.RequestTime,
            "execution_time" or "execution_time_ms" or "execution_duration" => TraceFieldKind.Duration,
            "end_time" or "end_time_ms" => TraceFieldKind.EndTime,
            "status" or "state" => TraceFieldKind.State,
            "name" => TraceFieldKind.Name,
            "client_request_id" => TraceFieldKind.ClientRequestId,
            "run_id" => TraceFieldKind.Run,
            "prompt" => TraceFieldKind.Prompt,
            "text" => TraceFieldKind.SpanContent,
            _ => throw Refused($"Invalid attribute key '{key}' specified. Valid keys are {AttributeKeys}."),
        };

    private static TraceField Span(string key) =>
        key switch
        {
            "name" => new(TraceFieldKind.SpanName, key),
            "type" => new(TraceFieldKind.SpanType, key),
            "status" => new(TraceFieldKind.SpanStatus, key),
            "content" => new(TraceFieldKind.SpanContent, key),
            _ when key.StartsWith("attributes.", StringComparison.Ordinal) => new(
                TraceFieldKind.SpanAttribute,
                key["attributes.".Length..]
            ),
            _ => throw Refused(
                $"Invalid span key '{key}'. Valid keys are name, type, status, content and attributes.<key>."
            ),
        };

    private static Fault Refused(string why) => Fault.Invalid("trace.search_field", why, "filter");
}
