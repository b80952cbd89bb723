using System.Buffers.Binary;
using Slipway.Foundation.Basics;
using Slipway.Foundation.Sql;

namespace Slipway.Tracing.Storage;

/// <summary>
/// Spans: as they came, in one block for each batch, and beside it a row for each with what is searched and counted.
/// A span that comes again replaces the one before it.
/// </summary>
internal static class SpanStore
{
    private const int SpanField = 1;

    public static void Append(Tx tx, long trace, IReadOnlyList<Span> spans)
    {
        var block = new ProtobufWriter();
        foreach (var span in spans)
            block.Message(SpanField, span, SpanWriter.Write);
        tx.Execute(
            "insert into tracing_span_blocks (trace_no, spans) values (@trace_no, @spans)",
            ("trace_no", trace),
            ("spans", block.Written.ToArray())
        );
        foreach (var span in spans)
            InsertRow(tx, trace, span);
    }

    /// <summary>The token usage of all spans of a trace together.</summary>
    public static TokenUsage UsageOf(Tx tx, long trace) =>
        tx.One(
            "select cast(sum(input_tokens) as bigint), cast(sum(output_tokens) as bigint), cast(sum(total_tokens) as bigint), "
                + "cast(sum(cache_read_tokens) as bigint), cast(sum(cache_write_tokens) as bigint) from tracing_spans where trace_no = @trace_no",
            r => new TokenUsage(r.LongOrNull(0), r.LongOrNull(1), r.LongOrNull(2))
            {
                CacheRead = r.LongOrNull(3),
                CacheWrite = r.LongOrNull(4),
            },
            ("trace_no", trace)
        )!;

    /// <summary>The cost of all spans of a trace together.</summary>
    public static SpanCost CostOf(Tx tx, long trace) =>
        tx.One(
            "select coalesce(sum(input_cost), 0.0), coalesce(sum(output_cost), 0.0), coalesce(sum(total_cost), 0.0) "
                + "from tracing_spans where trace_no = @trace_no",
            r => new SpanCost(r.Double(0), r.Double(1), r.Double(2)),
            ("trace_no", trace)
        )!;

    /// <summary>The spans of traces, each once: roots first, then in the order of their starts.</summary>
    public static Dictionary<long, List<Span>> Of(Tx tx, IReadOnlyCollection<long> traces)
    {
        var spans = traces.ToDictionary(t => t, _ => new List<Span>());
        tx.Each(
            $"select trace_no, spans from tracing_span_blocks where {tx.Dialect.AnyOf("trace_no", "numbers")}",
            r => ReadBlock(r.Bytes(1), spans[r.Long(0)]),
            ("numbers", tx.Dialect.List(traces))
        );
        foreach (var (trace, list) in spans)
            spans[trace] =
            [
                .. list.GroupBy(Key).Select(group => group.Last()).OrderBy(s => !s.IsRoot).ThenBy(s => s.StartNs),
            ];
        return spans;
    }

    private static void ReadBlock(byte[] block, List<Span> spans)
    {
        var reader = new ProtobufReader(block);
        while (reader.Next(out _))
            spans.Add(SpanReader.Read(reader.Bytes()));
    }

    private static void InsertRow(Tx tx, long trace, Span span)
    {
        var usage = TokenUsage.Of(span[TraceKeys.SpanTokenUsage]);
        var cost = SpanCost.Of(span);
        tx.Execute(
            "insert into tracing_spans (trace_no, span_id, name, type, status, start_ns, end_ns, model, provider, "
                + "input_tokens, output_tokens, total_tokens, cache_read_tokens, cache_write_tokens, input_cost, output_cost, total_cost) "
                + "values (@trace_no, @span_id, @name, @type, @status, @start_ns, @end_ns, @model, @provider, "
                + "@input_tokens, @output_tokens, @total_tokens, @cache_read_tokens, @cache_write_tokens, @input_cost, @output_cost, @total_cost) "
                + "on conflict (trace_no, span_id) do update set name = excluded.name, type = excluded.type, status = excluded.status, "
                + "start_ns = excluded.start_ns, end_ns = excluded.end_ns, model = excluded.model, provider = excluded.provider, "
                + "input_tokens = excluded.input_tokens, output_tokens = excluded.output_tokens, total_tokens = excluded.total_tokens, "
                + "cache_read_tokens = excluded.cache_read_tokens, cache_write_tokens = excluded.cache_write_tokens, "
                + "input_cost = excluded.input_cost, output_cost = excluded.output_cost, total_cost = excluded.total_cost",
            ("trace_no", trace),
            ("span_id", Key(span)),
            ("name", span.Name),
            ("type", span.Text(TraceKeys.SpanType)),
            ("status", (int)span.Status),
            ("start_ns", span.StartNs),
            ("end_ns", span.EndNs == 0 ? null : span.EndNs),
            ("model", span.Text(TraceKeys.SpanModel)),
            ("provider", span.Text(TraceKeys.SpanProvider)),
            ("input_tokens", usage?.Input),
            ("output_tokens", usage?.Output),
            ("total_tokens", usage?.Total),
            ("cache_read_tokens", usage?.CacheRead),
            ("cache_write_tokens", usage?.CacheWrite),
            ("input_cost", cost?.Input),
            ("output_cost", cost?.Output),
            ("total_cost", cost?.Total)
        );
    }

    private static long Key(Span span) => BinaryPrimitives.ReadInt64BigEndian(span.Id.Span);
}
