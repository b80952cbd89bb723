using System.Text.Json;
using Slipway.Doors.Mlflow.Wire;
using Slipway.Sdk;
using Slipway.Tracing;
using Slipway.Tracking;

namespace Slipway.Doors.Mlflow;

/// <summary>Traces and assessments as clients send them.</summary>
internal static class TraceReader
{
    /// <summary>The message TraceInfoV3. Who sends one has said all there is to say about the trace.</summary>
    public static Trace Head(WireObject fields, long nowMs)
    {
        var id = fields.Text("trace_id") ?? "";
        return new Trace
        {
            Id = id,
            ExperimentId = fields.Object("trace_location")?.Object("mlflow_experiment") is { } experiment
                ? Experiments.ParseId(experiment.Text("experiment_id") ?? "")
                : throw OfNoExperiment("trace_location"),
            RequestMs = Time(fields, "request_time") ?? nowMs,
            DurationMs = Duration(fields, "execution_duration"),
            State = State(fields, "state"),
            ClientRequestId = fields.Text("client_request_id"),
            RequestPreview = fields.Text("request_preview"),
            ResponsePreview = fields.Text("response_preview"),
            Metadata = Map(fields, "trace_metadata"),
            Tags = Map(fields, "tags"),
            Assessments = [.. fields.Objects("assessments").Select(a => Assessment(a, id, nowMs))],
            IsFinalized = true,
        };
    }

    public static Fault OfNoExperiment(string field) =>
        Fault.Invalid("trace.no_experiment", $"A trace belongs to an experiment: '{field}' names none.", field);

    /// <summary>The experiment that a TraceLocation names.</summary>
    public static long Location(WireObject location) =>
        Experiments.ParseId(location.RequiredObject("mlflow_experiment").Required("experiment_id"));

    /// <summary>A state by name or, as protobuf allows, by number; one that is not known is as good as none.</summary>
    public static TraceState State(WireObject fields, string name) =>
        WireEnums.NameOf(fields, name) switch
        {
            "OK" or "1" => TraceState.Ok,
            "ERROR" or "2" => TraceState.Error,
            "IN_PROGRESS" or "3" => TraceState.InProgress,
            _ => TraceState.Unspecified,
        };

    public static Dictionary<string, string> Map(WireObject fields, string name)
    {
        var map = new Dictionary<string, string>();
        if (fields.Object(name) is not { } entries)
            return map;
        foreach (var entry in entries.Json.EnumerateObject())
            map[entry.Name] =
                entry.Value.ValueKind == JsonValueKind.String
                    ? entry.Value.GetString()!
                    : throw fields.Invalid(name, entry.Value.GetRawText());
        return map;
    }

    /// <summary>A list of key and value, as version 2 has its maps.</summary>
    public static Dictionary<string, string> Pairs(WireObject fields, string name)
    {
        var map = new Dictionary<string, string>();
        foreach (var entry in fields.Objects(name).Select(Experiments.ReadEntry))
            map[entry.Key] = entry.Value;
        return map;
    }

    public static Assessment Assessment(WireObject fields, string traceId, long nowMs)
    {
        var createdMs = Time(fields, "create_time") ?? nowMs;
        var assessment = new Assessment
        {
            Id = fields.Text("assessment_id") is { Length: > 0 } id ? id : Tracing.Actions.Assessments.NewId(),
            TraceId = traceId,
            SpanId = fields.Text("span_id"),
            Name = fields.Text("assessment_name") ?? "",
            Source = Source(fields.Object("source") ?? default),
            CreatedMs = createdMs,
            UpdatedMs = Time(fields, "last_update_time") ?? createdMs,
            Rationale = fields.Text("rationale"),
            Metadata = [.. Map(fields, "metadata").Select(e => new Entry(e.Key, e.Value))],
            Overrides = fields.Text("overrides"),
            IsValid = fields.Flag("valid") ?? true,
        };
        return Judgement(fields) is var (kind, value, error)
            ? assessment with
            {
                Kind = kind,
                Value = value,
                Error = error,
            }
            : throw fields.Missing("feedback");
    }

    /// <summary>What an assessment says; null where it says nothing.</summary>
    public static (AssessmentKind Kind, AnyValue Value, AssessmentError? Error)? Judgement(WireObject fields)
    {
        if (fields.Object("feedback") is { } feedback)
            return (
                AssessmentKind.Feedback,
                Value(feedback),
                Error(feedback.Object("error") ?? fields.Object("error"))
            );
        if (fields.Object("expectation") is { } expectation)
            return (AssessmentKind.Expectation, Expected(expectation), null);
        if (fields.Object("issue") is { } issue)
            return (AssessmentKind.Issue, new AnyValue.Text(issue.Text("issue_name") ?? ""), null);
        return null;
    }

    private static AnyValue Expected(WireObject expectation) =>
        expectation.Object("serialized_value") is { } serialized
            ? AnyValue.ParseJson(serialized.Required("value"))
                ?? throw serialized.Invalid("value", serialized.Required("value"))
            : Value(expectation);

    /// <summary>Numbers of a protobuf Value are doubles, also the whole ones.</summary>
    private static AnyValue Value(WireObject holder) =>
        holder.Find("value") is { } json ? AnyValue.FromJson(json, wholeNumbers: false) : AnyValue.Absent.Instance;

    private static AssessmentError? Error(WireObject? fields) =>
        fields is { } error
            ? new AssessmentError(
                error.Text("error_code") ?? "",
                error.Text("error_message"),
                error.Text("stack_trace")
            )
            : null;

    private static AssessmentSource Source(WireObject source) =>
        new(source.Text("source_type") ?? "SOURCE_TYPE_UNSPECIFIED", source.Text("source_id") ?? "");

    private static long? Time(WireObject fields, string name) =>
        fields.Text(name) is not { } text
            ? null
            : TrackingRules.Time(WireTime.ParseTime(text) ?? throw fields.Invalid(name, text), name);

    private static long? Duration(WireObject fields, string name) =>
        fields.Text(name) is not { } text ? null : WireTime.ParseDuration(text) ?? throw fields.Invalid(name, text);
}
