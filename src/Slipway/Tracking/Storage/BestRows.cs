using Slipway.Foundation.Filters;

namespace Slipway.Tracking.Storage;

/// <summary>
/// Keeps the first so many of the rows offered to it, in a heap whose top is the last of them. Once it is full, most
/// rows of a large experiment are turned away by one comparison of numbers.
/// </summary>
internal sealed class BestRows
{
    private readonly RunColumns columns;
    private readonly RunColumn[] order;
    private readonly IReadOnlyList<OrderBy> items;
    private readonly int wanted;
    private readonly NumberColumn? leading;
    private readonly bool ascending;
    private readonly PriorityQueue<Match, Match> heap;
    private double worst = double.NaN;

    public BestRows(RunColumns columns, RunColumn[] order, IReadOnlyList<OrderBy> items, int wanted)
    {
        this.columns = columns;
        this.order = order;
        this.items = items;
        this.wanted = wanted;
        leading = order.Length > 0 ? order[0] as NumberColumn : columns.Starts;
        ascending = items.Count > 0 && items[0].Ascending;
        heap = new PriorityQueue<Match, Match>(Comparer<Match>.Create((a, b) => RunSearch.Compare(b, a, items)));
    }

    public void Offer(int row)
    {
        // With a NaN on either side the comparison is false and the row is looked at properly.
        if (leading is not null && (ascending ? leading.Values[row] > worst : leading.Values[row] < worst))
            return;
        var match = new Match(columns, order, row);
        if (heap.Count < wanted)
            heap.Enqueue(match, match);
        else if (wanted > 0 && RunSearch.Compare(match, heap.Peek(), items) < 0)
            heap.DequeueEnqueue(match, match);
        else
            return;
        if (heap.Count == wanted && leading is not null)
            worst = leading.Values[heap.Peek().Row];
    }

    public IEnumerable<Match> Sorted()
    {
        var matches = heap.UnorderedItems.Select(item => item.Element).ToList();
        matches.Sort((a, b) => RunSearch.Compare(a, b, items));
        return matches;
    }
}
