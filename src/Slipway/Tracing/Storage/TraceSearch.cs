using System.Globalization;
using Slipway.Foundation.Filters;
using Slipway.Foundation.Sql;
using Slipway.Sdk;

namespace Slipway.Tracing.Storage;

/// <summary>
/// Finds traces page by page. SQL narrows as far as it can; where it cannot decide (patterns, contents of spans) its
/// candidates are loaded and judged one block after the other, until the page is full. In the default order a page
/// starts behind the last trace of the page before, in any other behind a count of candidates.
/// </summary>
internal sealed class TraceSearch(Tx tx, TraceQuery query, CancellationToken cancellation)
{
    private const int BlockSize = 200;
    private const string Listing = "traces";

    private readonly TraceCondition condition = TraceCondition.Of(query.Filter);
    private readonly IReadOnlyList<(TraceField Field, bool Ascending)> order = Ordered(query.Order);

    /// <summary>Each field orders once: a second time would say nothing, or mean something else.</summary>
    private static IReadOnlyList<(TraceField Field, bool Ascending)> Ordered(IReadOnlyList<OrderBy> items)
    {
        var fields = items.Select(item => (Field: TraceField.Of(item.Field), item.Ascending)).ToList();
        return fields.DistinctBy(o => o.Field).Count() == fields.Count
            ? fields
            : throw Fault.Invalid("trace.search_order", "`order_by` contains duplicate fields.", "order_by");
    }

    private bool IsNewestFirst => order is [] or [{ Field.Kind: TraceFieldKind.RequestTime, Ascending: false }];

    /// <summary>A full page has a token even if nothing follows, as MLflow's has; then the next page is empty.</summary>
    public TracePage Page()
    {
        var position = Position.Read(query.PageToken, IsNewestFirst);
        var found = new List<Trace>();
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            var block = condition.IsExact ? query.Limit : BlockSize;
            var candidates = Candidates(position, block);
            foreach (var trace in Judged(candidates))
            {
                found.Add(trace);
                if (found.Count < query.Limit)
                    continue;
                var taken = candidates.FindIndex(c => c.Number == trace.Number) + 1;
                return new TracePage(found, position.After(candidates, taken).Token());
            }
            if (candidates.Count < block)
                return new TracePage(found, null);
            position = position.After(candidates, candidates.Count);
        }
    }

    public long Count()
    {
        if (condition.IsExact)
        {
            var arguments = new SqlArguments(tx.Dialect);
            var where = Where(arguments);
            return tx.One($"select count(*) from tracing_traces t where {where}", r => r.Long(0), arguments.Span);
        }
        var count = 0L;
        var position = Position.Read(null, IsNewestFirst);
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            var candidates = Candidates(position, BlockSize);
            count += Judged(candidates).Count();
            if (candidates.Count < BlockSize)
                return count;
            position = position.After(candidates, candidates.Count);
        }
    }

    private List<Trace> Candidates(Position position, int limit)
    {
        var arguments = new SqlArguments(tx.Dialect);
        var where = Where(arguments);
        if (position.Last is { } last)
        {
            var ms = arguments.Add(last.RequestMs);
            where += $" and (t.request_ms < {ms} or (t.request_ms = {ms} and t.trace_id > {arguments.Add(last.Id)}))";
        }
        var sql =
            $"select {TraceStore.Selected} from tracing_traces t where {where} order by {OrderSql(arguments)} "
            + $"limit {arguments.Add((long)limit)} offset {arguments.Add(position.Offset)}";
        return tx.Many(sql, TraceStore.Read, arguments.Span);
    }

    private string Where(SqlArguments arguments) =>
        $"{arguments.AnyOf("t.experiment_id", query.ExperimentIds)} and {condition.Sql(arguments)}";

    private string OrderSql(SqlArguments arguments)
    {
        var terms = order.Select(o =>
            $"{TraceSql.Ordered(o.Field, arguments)} {(o.Ascending ? "asc" : "desc")} nulls last"
        );
        return IsNewestFirst
            ? "t.request_ms desc, t.trace_id"
            : string.Join(", ", [.. terms, "t.request_ms desc", "t.trace_id"]);
    }

    /// <summary>Those of the candidates that meet the condition, whole and in their order.</summary>
    private IEnumerable<Trace> Judged(List<Trace> candidates)
    {
        if (candidates.Count == 0)
            return [];
        var traces = TraceStore.Whole(tx, candidates);
        if (condition.IsExact)
            return traces;
        return Load(traces).Where(condition.Holds).Select(candidate => candidate.Trace);
    }

    /// <summary>The traces with as much beside them as the condition looks at.</summary>
    private IEnumerable<TraceCandidate> Load(List<Trace> traces)
    {
        var fields = condition.Fields().ToHashSet();
        var numbers = traces.Select(t => t.Number).ToList();
        var links = fields.Overlaps([TraceFieldKind.Run, TraceFieldKind.Prompt])
            ? LabelStore.LinksOf(tx, [.. traces.Select(t => t.Id)])
            : null;
        var spans = condition.LooksAtSpans() ? SpanStore.Of(tx, numbers) : null;
        var ofSessions = fields.Overlaps([TraceFieldKind.Feedback, TraceFieldKind.Expectation])
            ? AssessmentStore.OfSessions(
                tx,
                query.ExperimentIds,
                [.. traces.Select(SessionOf).Where(s => s.Length > 0)]
            )
            : null;
        return traces.Select(t => new TraceCandidate(t)
        {
            Links = links is null ? [] : [.. links[t.Id]],
            Spans = spans?[t.Number] ?? [],
            OfSession = ofSessions is null ? [] : [.. ofSessions[(t.ExperimentId, SessionOf(t))]],
        });
    }

    private static string SessionOf(Trace trace) => trace.Metadata.GetValueOrDefault(TraceKeys.Session, "");

    /// <summary>Where a page starts: behind a trace, or behind a number of candidates.</summary>
    private readonly record struct Position(bool IsNewestFirst, (long RequestMs, string Id)? Last, long Offset)
    {
        public static Position Read(string? token, bool isNewestFirst) =>
            !isNewestFirst ? new Position(false, null, PageToken.ReadOffset(token, Listing))
            : PageToken.ReadKey(token, Listing, 2) is [{ } ms, { } id]
                ? new Position(true, (PageToken.ReadNumber(ms), id), 0)
            : string.IsNullOrEmpty(token) ? new Position(true, null, 0)
            : throw PageToken.Unknown();

        public Position After(List<Trace> candidates, int count) =>
            IsNewestFirst
                ? this with
                {
                    Last = (candidates[count - 1].RequestMs, candidates[count - 1].Id),
                }
                : this with
                {
                    Offset = Offset + count,
                };

        public string Token() =>
            Last is { } last
                ? PageToken.After(Listing, last.RequestMs.ToString(CultureInfo.InvariantCulture), last.Id)
                : PageToken.Offset(Listing, Offset);
    }
}
