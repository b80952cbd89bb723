using Slipway.Foundation.Sql;

namespace Slipway.Tracing.Storage;

/// <summary>The heads of traces.</summary>
internal static class TraceStore
{
    private const string Columns =
        "t.trace_no, t.trace_id, t.experiment_id, t.request_ms, t.duration_ms, t.state, t.client_request_id, t.request_preview, t.response_preview, t.finalized";

    /// <summary>The columns that <see cref="Read"/> wants of tracing_traces as t.</summary>
    public static string Selected => Columns;

    public static Trace? Find(Tx tx, string id) =>
        tx.One($"select {Columns} from tracing_traces t where t.trace_id = @id", Read, ("id", id));

    /// <summary>The head, locked until the transaction ends: it is about to change.</summary>
    public static Trace? FindForUpdate(Tx tx, string id) =>
        tx.One(
            $"select {Columns} from tracing_traces t where t.trace_id = @id {tx.Dialect.Locks.Row}",
            Read,
            ("id", id)
        );

    public static List<Trace> FindMany(Tx tx, IReadOnlyCollection<string> ids) =>
        tx.Many(
            $"select {Columns} from tracing_traces t where {tx.Dialect.AnyOf("t.trace_id", "ids")}",
            Read,
            ("ids", tx.Dialect.List(ids))
        );

    /// <summary>The trace with its labels and assessments.</summary>
    public static Trace Whole(Tx tx, Trace trace) => Whole(tx, [trace])[0];

    public static List<Trace> Whole(Tx tx, IReadOnlyList<Trace> traces)
    {
        if (traces.Count == 0)
            return [];
        var assessments = AssessmentStore.Of(tx, [.. traces.Select(t => t.Number)]);
        return [.. LabelStore.AddTo(tx, traces).Select(t => t with { Assessments = [.. assessments[t.Number]] })];
    }

    /// <summary>Adds a head and gives its number; null where a trace of this id exists already.</summary>
    public static long? Insert(Tx tx, Trace trace)
    {
        var number = tx.One(
            "insert into tracing_traces (trace_id, experiment_id, request_ms, duration_ms, state, finalized, client_request_id, request_preview, response_preview) "
                + "values (@id, @experiment_id, @request_ms, @duration_ms, @state, @finalized, @client_request_id, @request_preview, @response_preview) "
                + "on conflict (trace_id) do nothing returning trace_no",
            r => r.Long(0),
            ("id", trace.Id),
            ("experiment_id", trace.ExperimentId),
            ("request_ms", trace.RequestMs),
            ("duration_ms", trace.DurationMs),
            ("state", (int)trace.State),
            ("finalized", trace.IsFinalized),
            ("client_request_id", trace.ClientRequestId),
            ("request_preview", trace.RequestPreview),
            ("response_preview", trace.ResponsePreview)
        );
        return number == 0 ? null : number;
    }

    public static void Update(Tx tx, Trace trace) =>
        tx.Execute(
            "update tracing_traces set experiment_id = @experiment_id, request_ms = @request_ms, duration_ms = @duration_ms, state = @state, finalized = @finalized, "
                + "client_request_id = @client_request_id, request_preview = @request_preview, response_preview = @response_preview where trace_no = @trace_no",
            ("experiment_id", trace.ExperimentId),
            ("request_ms", trace.RequestMs),
            ("duration_ms", trace.DurationMs),
            ("state", (int)trace.State),
            ("finalized", trace.IsFinalized),
            ("client_request_id", trace.ClientRequestId),
            ("request_preview", trace.RequestPreview),
            ("response_preview", trace.ResponsePreview),
            ("trace_no", trace.Number)
        );

    public static void SetUsage(Tx tx, long number, TokenUsage usage) =>
        tx.Execute(
            "update tracing_traces set input_tokens = @input, output_tokens = @output, total_tokens = @total, "
                + "cache_read_tokens = @cache_read, cache_write_tokens = @cache_write where trace_no = @trace_no",
            ("input", usage.Input),
            ("output", usage.Output),
            ("total", usage.Total),
            ("cache_read", usage.CacheRead),
            ("cache_write", usage.CacheWrite),
            ("trace_no", number)
        );

    /// <summary>The oldest traces of an experiment that are not younger than a time.</summary>
    public static List<long> OldestUntil(Tx tx, long experimentId, long requestMs, long limit) =>
        tx.Many(
            "select trace_no from tracing_traces where experiment_id = @experiment_id and request_ms <= @request_ms "
                + "order by request_ms, trace_id limit @limit",
            r => r.Long(0),
            ("experiment_id", experimentId),
            ("request_ms", requestMs),
            ("limit", limit)
        );

    public static List<long> NumbersOf(Tx tx, long experimentId, IReadOnlyCollection<string> ids) =>
        tx.Many(
            $"select trace_no from tracing_traces where experiment_id = @experiment_id and {tx.Dialect.AnyOf("trace_id", "ids")}",
            r => r.Long(0),
            ("experiment_id", experimentId),
            ("ids", tx.Dialect.List(ids))
        );

    /// <summary>Removes traces with everything that hangs on them.</summary>
    public static void Delete(Tx tx, IReadOnlyCollection<long> numbers)
    {
        var list = tx.Dialect.List(numbers);
        tx.Execute(
            $"delete from tracing_links where trace_id in (select trace_id from tracing_traces where {tx.Dialect.AnyOf("trace_no", "numbers")})",
            ("numbers", list)
        );
        foreach (var statement in Deletions)
            tx.Execute(statement + tx.Dialect.AnyOf("trace_no", "numbers"), ("numbers", list));
    }

    public static Trace Read(Row r) =>
        new()
        {
            Number = r.Long(0),
            Id = r.Text(1),
            ExperimentId = r.Long(2),
            RequestMs = r.Long(3),
            DurationMs = r.LongOrNull(4),
            State = (TraceState)r.Int(5),
            ClientRequestId = r.TextOrNull(6),
            RequestPreview = r.TextOrNull(7),
            ResponsePreview = r.TextOrNull(8),
            IsFinalized = r.Flag(9),
        };

    private static readonly string[] Deletions =
    [
        "delete from tracing_assessments where ",
        "delete from tracing_spans where ",
        "delete from tracing_span_blocks where ",
        "delete from tracing_labels where ",
        "delete from tracing_traces where ",
    ];
}
