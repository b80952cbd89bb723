using Slipway.Sdk;

namespace Slipway.Foundation.Filters;

/// <summary>One item of a search order: a field, and whether small values come first (they do where nothing is said).</summary>
public sealed record OrderBy(FilterField Field, bool Ascending)
{
    private const int LengthLimit = 10_000;
    private const int CountLimit = 100;

    /// <summary>Reads items such as <c>metrics.`a b` DESC</c>.</summary>
    public static IReadOnlyList<OrderBy> ParseAll(IReadOnlyList<string> items)
    {
        if (items.Count > CountLimit)
            throw Fault.Invalid("filter.too_many", $"order_by has more than {CountLimit} items.", "order_by");
        return [.. items.Select(Parse)];
    }

    public static OrderBy Parse(string item)
    {
        if (item.Length > LengthLimit)
            throw Fault.Invalid("filter.too_long", $"order_by is longer than {LengthLimit} characters.", "order_by");
        FilterParser.RefuseUnreadable(item, "order_by");
        var lexer = new FilterLexer(item, "order_by");
        var field = lexer.Next();
        var direction = lexer.Next();
        if (!field.MayBeName || (direction.Kind != TokenKind.End && lexer.Next().Kind != TokenKind.End))
            throw Unreadable(item);
        var ascending = direction switch
        {
            { Kind: TokenKind.End } => true,
            { Kind: TokenKind.Name, Names: [var word] } when Is(word, "ASC") => true,
            { Kind: TokenKind.Name, Names: [var word] } when Is(word, "DESC") => false,
            _ => throw Unreadable(item),
        };
        var names = field.Names!;
        return new OrderBy(
            names.Count == 1
                ? new FilterField(null, names[0])
                : new FilterField(names[0], string.Join('.', names.Skip(1))),
            ascending
        );
    }

    public override string ToString() => Ascending ? $"{Field}" : $"{Field} DESC";

    private static bool Is(string word, string direction) => word.Equals(direction, StringComparison.OrdinalIgnoreCase);

    private static Fault Unreadable(string item) =>
        Fault.Invalid(
            "filter.syntax",
            $"The order_by item '{(item.Length > 100 ? item[..100] + "..." : item)}' is not a field name with ASC or DESC after it.",
            "order_by"
        );
}
