using Slipway.Foundation.Filters;
using Slipway.Foundation.Sql;

namespace Slipway.Tracking.Storage;

/// <summary>
/// Which runs match a query, in its order: the numbers of those on the page, how many there are in all, and the highest
/// number there is, matching or not.
/// </summary>
internal sealed record RunMatches(IReadOnlyList<long> Page, int Total, long Newest);

/// <summary>A row found, with the columns it is ordered by.</summary>
internal readonly record struct Match(RunColumns Columns, RunColumn[] Order, int Row)
{
    public long Number => Columns.NumberAt(Row);
}

/// <summary>Answers searches from columns in memory, one set for each experiment that is searched.</summary>
internal sealed class RunSearch(MetricNames names)
{
    /// <summary>About half a gigabyte; experiments that were not searched for longest give way.</summary>
    private const long CellLimit = 50_000_000;

    /// <summary>Rows that conditions look at together: their masks stay in the fastest cache.</summary>
    private const int BlockRows = 2048;

    private readonly Lock gate = new();
    private readonly LinkedList<(long ExperimentId, RunColumns Columns)> recent = [];

    public RunMatches Find(Tx tx, RunQuery query)
    {
        var fields = query.Filter.Comparisons().Select(c => c.Field).Concat(query.Order.Select(o => o.Field)).ToList();
        var found = new List<Match>();
        var wanted = query.Offset + (long)query.Limit;
        var total = 0;
        var newest = 0L;
        foreach (var experimentId in query.ExperimentIds.Distinct())
        {
            var columns = ColumnsOf(experimentId);
            lock (columns)
            {
                columns.Refresh(tx, fields.Select(RunField.Of));
                total += Collect(columns, query, (int)Math.Min(wanted, int.MaxValue), found);
                newest = Math.Max(newest, columns.Newest);
            }
        }
        if (query.ExperimentIds.Count > 1)
            found.Sort((a, b) => Compare(a, b, query.Order));
        return new RunMatches([.. found.Skip(query.Offset).Take(query.Limit).Select(m => m.Number)], total, newest);
    }

    public RunGroups Group(Tx tx, RunQuery query, RunField by, IReadOnlyList<string> metricKeys)
    {
        var metrics = metricKeys.Select(key => new RunField(RunFieldKind.Metric, key)).ToList();
        var fields = query.Filter.Comparisons().Select(c => RunField.Of(c.Field)).Append(by).Concat(metrics).ToList();
        var groups = new RunGrouping(metricKeys);
        Span<bool> block = stackalloc bool[BlockRows];
        foreach (var experimentId in query.ExperimentIds.Distinct())
        {
            var columns = ColumnsOf(experimentId);
            lock (columns)
            {
                columns.Refresh(tx, fields);
                var condition = RunCondition.Of(columns, query.Filter);
                var values = columns.Column(by);
                NumberColumn[] numbers = [.. metrics.Select(metric => (NumberColumn)columns.Column(metric))];
                for (var first = 0; first < columns.Count; first += BlockRows)
                {
                    var rows = block[..Math.Min(BlockRows, columns.Count - first)];
                    columns.InView(query.View, first, rows);
                    condition(first, rows);
                    for (var i = 0; i < rows.Length; i++)
                    {
                        if (rows[i])
                            groups.Add(values.KeyOf(first + i).Text, numbers, first + i);
                    }
                }
            }
        }
        return groups.Result();
    }

    public void Forget()
    {
        lock (gate)
            recent.Clear();
    }

    private static int Collect(RunColumns columns, RunQuery query, int wanted, List<Match> into)
    {
        var condition = RunCondition.Of(columns, query.Filter);
        var kept = new BestRows(
            columns,
            [.. query.Order.Select(item => columns.Column(RunField.Of(item.Field)))],
            query.Order,
            wanted
        );
        var total = 0;
        Span<bool> rows = stackalloc bool[BlockRows];
        // From the newest on: where nothing else is asked for, they are the ones wanted, and the rest is turned away at once.
        for (var end = columns.Count; end > 0; end -= rows.Length)
        {
            rows = rows[..Math.Min(BlockRows, end)];
            var first = end - rows.Length;
            columns.InView(query.View, first, rows);
            columns.UpTo(query.UpTo, first, rows);
            condition(first, rows);
            for (var i = rows.Length - 1; i >= 0; i--)
            {
                if (!rows[i])
                    continue;
                total++;
                kept.Offer(first + i);
            }
        }
        into.AddRange(kept.Sorted());
        return total;
    }

    internal static int Compare(Match a, Match b, IReadOnlyList<OrderBy> order)
    {
        for (var i = 0; i < order.Count; i++)
        {
            var byField = a.Order[i].KeyOf(a.Row).CompareTo(b.Order[i].KeyOf(b.Row), order[i].Ascending);
            if (byField != 0)
                return byField;
        }
        var byStart = b.Columns.StartAt(b.Row).CompareTo(a.Columns.StartAt(a.Row));
        return byStart != 0 ? byStart : a.Columns.IdPrefixAt(a.Row).CompareTo(b.Columns.IdPrefixAt(b.Row));
    }

    private RunColumns ColumnsOf(long experimentId)
    {
        lock (gate)
        {
            var node = recent.First;
            while (node is not null && node.Value.ExperimentId != experimentId)
                node = node.Next;
            if (node is null)
                node = new LinkedListNode<(long, RunColumns)>((experimentId, new RunColumns(experimentId, names)));
            else
                recent.Remove(node);
            recent.AddFirst(node);
            while (recent.Count > 1 && recent.Sum(item => item.Columns.Cells) > CellLimit)
                recent.RemoveLast();
            return node.Value.Columns;
        }
    }
}
