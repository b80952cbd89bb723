using Slipway.Foundation.Sql;

namespace Slipway.Foundation.Filters;

/// <summary>Values bound to one statement, named in the order they were added.</summary>
public sealed class SqlArguments(Dialect dialect)
{
    private readonly List<(string Name, object? Value)> values = [];

    public ReadOnlySpan<(string, object?)> Span => values.ToArray();

    public string Add(object? value)
    {
        values.Add(($"p{values.Count}", value));
        return "@" + values[^1].Name;
    }

    public string AnyOf<T>(string column, IReadOnlyCollection<T> list) =>
        dialect.AnyOf(column, Add(dialect.List(list))[1..]);
}

/// <summary>Pieces of conditions, put together.</summary>
public static class SqlText
{
    /// <summary>Conditions joined as a tree of pairs, since a chain of a thousand would be deeper than SQLite accepts.</summary>
    public static string Joined(ReadOnlySpan<string> parts, bool all) =>
        parts.Length switch
        {
            0 => all ? "1 = 1" : "1 = 0",
            1 => parts[0],
            _ =>
                $"({Joined(parts[..(parts.Length / 2)], all)}{(all ? " and " : " or ")}{Joined(parts[(parts.Length / 2)..], all)})",
        };
}
