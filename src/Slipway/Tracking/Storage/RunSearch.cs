using Slipway.Foundation.Filters;
using Slipway.Foundation.Sql;
using Slipway.Sdk;

namespace Slipway.Tracking.Storage;

/// <summary>Which runs match a query, in its order: the numbers of those on the page, and how many there are in all.</summary>
internal sealed record RunMatches(IReadOnlyList<long> Page, int Total);

/// <summary>Answers searches from columns in memory, one set for each experiment that is searched.</summary>
internal sealed class RunSearch(MetricNames names)
{
    /// <summary>About half a gigabyte; experiments that were not searched for longest give way.</summary>
    private const long CellLimit = 50_000_000;

    private readonly Lock gate = new();
    private readonly LinkedList<(long ExperimentId, RunColumns Columns)> recent = [];

    public RunMatches Find(Tx tx, RunQuery query)
    {
        var found = new List<Match>();
        var wanted = query.Offset + (long)query.Limit;
        var total = 0;
        foreach (var experimentId in query.ExperimentIds.Distinct())
        {
            var columns = ColumnsOf(experimentId);
            lock (columns)
            {
                columns.Refresh(tx);
                total += Collect(tx, columns, query, (int)Math.Min(wanted, int.MaxValue), found);
            }
        }
        if (query.ExperimentIds.Count > 1)
            found.Sort((a, b) => Compare(a, b, query.Order));
        return new RunMatches([.. found.Skip(query.Offset).Take(query.Limit).Select(m => m.Number)], total);
    }

    public void Forget()
    {
        lock (gate)
            recent.Clear();
    }

    private static int Collect(Tx tx, RunColumns columns, RunQuery query, int wanted, List<Match> into)
    {
        var matches = Compile(tx, columns, query.Filter);
        var order = query.Order.Select(item => columns.Column(tx, RunField.Of(item.Field))).ToArray();
        var total = 0;
        // A heap whose top is the worst kept: most candidates of a large experiment are turned away by one comparison.
        var worstFirst = Comparer<Match>.Create((a, b) => Compare(b, a, query.Order));
        var kept = new PriorityQueue<Match, Match>(worstFirst);
        for (var row = 0; row < columns.Count; row++)
        {
            if (query.View != View.All && columns.IsDeleted(row) != (query.View == View.DeletedOnly))
                continue;
            if (!matches(row))
                continue;
            total++;
            if (wanted == 0)
                continue;
            var match = new Match(columns, order, row);
            if (kept.Count < wanted)
                kept.Enqueue(match, match);
            else if (Compare(match, kept.Peek(), query.Order) < 0)
                kept.DequeueEnqueue(match, match);
        }
        var start = into.Count;
        into.AddRange(kept.UnorderedItems.Select(item => item.Element));
        into.Sort(start, into.Count - start, Comparer<Match>.Create((a, b) => Compare(a, b, query.Order)));
        return total;
    }

    private static int Compare(Match a, Match b, IReadOnlyList<OrderBy> order)
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

    private static Func<int, bool> Compile(Tx tx, RunColumns columns, Filter filter)
    {
        switch (filter)
        {
            case Filter.All { Parts: [] }:
                return _ => true;
            case Filter.All { Parts: [var only] }:
                return Compile(tx, columns, only);
            case Filter.All all:
                var every = all.Parts.Select(part => Compile(tx, columns, part)).ToArray();
                return row => Array.TrueForAll(every, part => part(row));
            case Filter.Any any:
                var some = any.Parts.Select(part => Compile(tx, columns, part)).ToArray();
                return row => Array.Exists(some, part => part(row));
            case Filter.Not not:
                var inner = Compile(tx, columns, not.Part);
                return row => !inner(row);
            default:
                return Compile(tx, columns, (Filter.Comparison)filter);
        }
    }

    private static Func<int, bool> Compile(Tx tx, RunColumns columns, Filter.Comparison comparison)
    {
        var field = RunField.Of(comparison.Field);
        RunFieldRules.Check(field, comparison);
        return columns.Column(tx, field) switch
        {
            NumberColumn column => NumberCondition(column, comparison),
            TextsColumn column => column.Where(TextCondition.Of(comparison)),
            TextColumn column when comparison.Operator == FilterOperator.IsNull => column.IsMissing,
            TextColumn column when comparison.Operator == FilterOperator.IsNotNull => row => !column.IsMissing(row),
            var column => ((TextColumn)column).Where(TextCondition.Of(comparison)),
        };
    }

    private static Func<int, bool> NumberCondition(NumberColumn column, Filter.Comparison comparison)
    {
        if (comparison.Value is FilterValue.Items items)
        {
            var values = items.Values.Select(v => ((FilterValue.Number)v).Value).ToHashSet();
            return comparison.Operator == FilterOperator.In
                ? row => values.Contains(column.Values[row])
                : row => column.Values[row] is var value && !double.IsNaN(value) && !values.Contains(value);
        }
        var limit = ((FilterValue.Number)comparison.Value).Value;
        // A row without a value holds a NaN, and every comparison with a NaN is false; only "not equal" has to say so.
        return comparison.Operator switch
        {
            FilterOperator.Equal => row => column.Values[row] == limit,
            FilterOperator.NotEqual => row => column.Values[row] is var value && !double.IsNaN(value) && value != limit,
            FilterOperator.Less => row => column.Values[row] < limit,
            FilterOperator.LessOrEqual => row => column.Values[row] <= limit,
            FilterOperator.Greater => row => column.Values[row] > limit,
            FilterOperator.GreaterOrEqual => row => column.Values[row] >= limit,
            _ => throw Fault.Internal("run.search_operator", "A number has no such comparison."),
        };
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

    private readonly record struct Match(RunColumns Columns, RunColumn[] Order, int Row)
    {
        public long Number => Columns.NumberAt(Row);
    }
}
