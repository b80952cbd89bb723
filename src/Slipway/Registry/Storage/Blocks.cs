using Slipway.Foundation.Filters;
using Slipway.Sdk;

namespace Slipway.Registry.Storage;

/// <summary>
/// Fills a page of a search. SQL narrows and orders; what it lets through is judged here, one block after the other,
/// until the page is full and it is known whether anything follows. A page begins behind a count of what was found, as
/// clients of MLflow count; where nothing is left to judge, SQL passes over it.
/// </summary>
internal static class Blocks
{
    private const int Size = 500;

    public static (List<T> Found, int? Next) Find<T>(
        int offset,
        int limit,
        Func<T, bool>? holds,
        Func<long, int, List<T>> candidates,
        CancellationToken cancellation
    )
    {
        var size = holds is null ? limit + 1 : Size;
        var passed = holds is null ? offset : 0;
        var found = new List<T>();
        for (long position = passed; ; position += size)
        {
            cancellation.ThrowIfCancellationRequested();
            var block = candidates(position, size);
            foreach (var candidate in block)
            {
                if (holds?.Invoke(candidate) == false)
                    continue;
                if (passed < offset)
                {
                    passed++;
                    continue;
                }
                if (found.Count == limit)
                    return (found, offset + limit);
                found.Add(candidate);
            }
            if (block.Count < size)
                return (found, null);
        }
    }
}

/// <summary>What a search orders by, in SQL.</summary>
internal static class OrderSql
{
    /// <summary>The items, each once, and behind them what makes the order whole.</summary>
    public static string Of(IReadOnlyList<OrderBy> items, Func<string, string?> column, IReadOnlyList<string> whole)
    {
        var terms = new List<string>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var item in items)
        {
            var name =
                RegistryField.Attribute(item.Field) is { } key && column(key) is { } known
                    ? known
                    : throw Fault.Invalid(
                        "registry.search_order",
                        $"Invalid order by key '{item.Field}' specified.",
                        "order_by"
                    );
            if (!seen.Add(name))
                throw Fault.Invalid("registry.search_order", "`order_by` contains duplicate fields.", "order_by");
            terms.Add(item.Ascending ? name : $"{name} desc");
        }
        terms.AddRange(whole.Where(term => !seen.Contains(term.Split(' ')[0])));
        return string.Join(", ", terms);
    }
}
