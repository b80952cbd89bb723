namespace Slipway.Tracing;

/// <summary>How a trace ended, or that it has not.</summary>
public enum TraceState
{
    Unspecified,
    Ok,
    Error,
    InProgress,
}

/// <summary>
/// One request through an application, as its head says: when, how long, how it ended, and what was noted about it.
/// The work inside it stands in its spans. A trace lives in an experiment, and who may see that may see the trace.
/// </summary>
public sealed record Trace
{
    /// <summary>The small number that stands for the trace in tall tables; never shown.</summary>
    internal long Number { get; init; }

    public required string Id { get; init; }

    public required long ExperimentId { get; init; }

    public required long RequestMs { get; init; }

    public long? DurationMs { get; init; }

    public TraceState State { get; init; }

    /// <summary>The id that the application's own client gave to the request.</summary>
    public string? ClientRequestId { get; init; }

    public string? RequestPreview { get; init; }

    public string? ResponsePreview { get; init; }

    /// <summary>What the instrumentation noted; it does not change once the trace is finished.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = None;

    /// <summary>What people and programs note afterwards.</summary>
    public IReadOnlyDictionary<string, string> Tags { get; init; } = None;

    public IReadOnlyList<Assessment> Assessments { get; init; } = [];

    /// <summary>Whether its maker has said all there is to say: spans that come later widen its time and change nothing else.</summary>
    public bool IsFinalized { get; init; }

    /// <summary>Whether its spans were sent to this server, and not left as a file among the artifacts.</summary>
    public bool HasSpans => Tags.GetValueOrDefault(TraceKeys.SpansLocation) == TraceKeys.SpansHere;

    private static readonly Dictionary<string, string> None = [];
}

/// <summary>A trace with the spans that have arrived so far, in the order of their starts.</summary>
public sealed record RecordedTrace(Trace Trace, IReadOnlyList<Span> Spans);

/// <summary>Keys of tags, metadata and attributes that mean something to MLflow's clients and so to us.</summary>
public static class TraceKeys
{
    public const string Name = "mlflow.traceName";
    public const string ArtifactLocation = "mlflow.artifactLocation";
    public const string SpansLocation = "mlflow.trace.spansLocation";
    public const string SpansHere = "TRACKING_STORE";
    public const string SourceRun = "mlflow.sourceRun";
    public const string Finalized = "mlflow.trace.infoFinalized";
    public const string TokenUsage = "mlflow.trace.tokenUsage";
    public const string Cost = "mlflow.trace.cost";
    public const string SizeStats = "mlflow.trace.sizeStats";
    public const string Session = "mlflow.trace.session";
    public const string User = "mlflow.trace.user";
    public const string SpanTraceId = "mlflow.traceRequestId";
    public const string SpanType = "mlflow.spanType";
    public const string SpanInputs = "mlflow.spanInputs";
    public const string SpanOutputs = "mlflow.spanOutputs";
    public const string SpanTokenUsage = "mlflow.chat.tokenUsage";
    public const string SpanCost = "mlflow.llm.cost";
    public const string SpanModel = "mlflow.llm.model";
    public const string SpanProvider = "mlflow.llm.provider";
}
