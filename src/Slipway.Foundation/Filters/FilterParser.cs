using System.Buffers;
using System.Text;
using Slipway.Sdk;

namespace Slipway.Foundation.Filters;

/// <summary>
/// Recursive descent over the tokens of one filter string:
/// <code>
/// any        = all { OR all }
/// all        = one { AND one } [ AND ]
/// one        = NOT one | "(" any ")" | comparison
/// comparison = field operator value | field [NOT] IN "(" value { "," value } [ "," ] ")" | field IS [NOT] NULL
/// </code>
/// The limits keep a hostile text from costing more than its length; nesting is bounded so that neither reading nor
/// walking the result can exhaust the stack.
/// </summary>
internal sealed class FilterParser
{
    internal const int LengthLimit = 1_000_000;
    internal const int ComparisonLimit = 1000;
    internal const int NestingLimit = 100;
    internal const int ItemLimit = 50_000;

    private readonly FilterLexer lexer;
    private Token token;
    private int comparisons;
    private int items;

    public FilterParser(string text)
    {
        RefuseUnreadable(text, "filter");
        lexer = new FilterLexer(text, "filter");
        token = lexer.Next();
    }

    public Filter Parse()
    {
        var filter = AnyOf(depth: 0);
        if (token.Kind != TokenKind.End)
            throw Unexpected("AND, OR or the end");
        return filter;
    }

    /// <summary>Texts that a database could not take as they are: too long, or not Unicode.</summary>
    internal static void RefuseUnreadable(string text, string field)
    {
        if (text.Length > LengthLimit)
            throw Fault.Invalid("filter.too_long", $"The {field} is longer than {LengthLimit} characters.", field);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\0')
                throw Fault.Invalid("filter.syntax", $"Character {i + 1} of the {field} is U+0000.", field);
            if (!char.IsSurrogate(text[i]))
                continue;
            if (Rune.DecodeFromUtf16(text.AsSpan(i), out _, out var length) != OperationStatus.Done)
                throw Fault.Invalid("filter.syntax", $"Character {i + 1} of the {field} is half a character.", field);
            i += length - 1;
        }
    }

    private Filter AnyOf(int depth)
    {
        var first = AllOf(depth);
        if (!IsKeyword("OR"))
            return first;
        var parts = new List<Filter> { first };
        while (Take("OR"))
            parts.Add(AllOf(depth));
        return new Filter.Any(parts);
    }

    private Filter AllOf(int depth)
    {
        var first = One(depth);
        if (!IsKeyword("AND"))
            return first;
        var parts = new List<Filter> { first };
        // MLflow reads over an AND that nothing follows, and there are clients that leave one.
        while (Take("AND") && token.Kind != TokenKind.End)
            parts.Add(One(depth));
        return parts.Count == 1 ? first : new Filter.All(parts);
    }

    private Filter One(int depth)
    {
        if (depth > NestingLimit)
            throw Fault.Invalid(
                "filter.too_deep",
                $"The filter is nested deeper than {NestingLimit} levels at character {token.Position}.",
                "filter"
            );
        if (Take("NOT"))
            return new Filter.Not(One(depth + 1));
        if (token.Kind != TokenKind.Open)
            return Compare();
        Advance();
        var inner = AnyOf(depth + 1);
        Expect(TokenKind.Close, "AND, OR or ')'");
        return inner;
    }

    private Filter Compare()
    {
        if (++comparisons > ComparisonLimit)
            throw Fault.Invalid(
                "filter.too_many",
                $"The filter has more than {ComparisonLimit} comparisons.",
                "filter",
                "Compare with a list instead: field IN ('a', 'b')."
            );
        var position = token.Position;
        var field = Field();
        if (token.Kind == TokenKind.Operator)
            return new Filter.Comparison(field, SymbolOperator(), Value(), position);
        if (Take("IS"))
        {
            var kind = Take("NOT") ? FilterOperator.IsNotNull : FilterOperator.IsNull;
            if (!Take("NULL"))
                throw Unexpected("NULL");
            return new Filter.Comparison(field, kind, FilterValue.Absent.Instance, position);
        }
        var negated = Take("NOT");
        if (Take("IN"))
            return new Filter.Comparison(field, negated ? FilterOperator.NotIn : FilterOperator.In, List(), position);
        var match = new Filter.Comparison(field, MatchOperator(), Value(), position);
        return negated ? new Filter.Not(match) : match;
    }

    private FilterField Field()
    {
        if (!token.MayBeName)
            throw Unexpected("a field name");
        var names = token.Names!;
        Advance();
        return names.Count == 1
            ? new FilterField(null, names[0])
            : new FilterField(names[0], string.Join('.', names.Skip(1)));
    }

    private FilterOperator SymbolOperator()
    {
        var kind = token.Text switch
        {
            "=" => FilterOperator.Equal,
            "!=" => FilterOperator.NotEqual,
            "<" => FilterOperator.Less,
            "<=" => FilterOperator.LessOrEqual,
            ">" => FilterOperator.Greater,
            _ => FilterOperator.GreaterOrEqual,
        };
        Advance();
        return kind;
    }

    private FilterOperator MatchOperator() =>
        Take("LIKE") ? FilterOperator.Like
        : Take("ILIKE") ? FilterOperator.ILike
        : Take("RLIKE") ? FilterOperator.RLike
        : throw Unexpected("one of =, !=, <, <=, >, >=, LIKE, ILIKE, RLIKE, IN, NOT IN, IS NULL, IS NOT NULL");

    private FilterValue Value()
    {
        FilterValue value = token.Kind switch
        {
            TokenKind.Text => new FilterValue.Text(token.Text),
            TokenKind.Number => token.Number!,
            _ => throw Unexpected("a number or a text in quotes"),
        };
        Advance();
        return value;
    }

    private FilterValue.Items List()
    {
        Expect(TokenKind.Open, "'('");
        var values = new List<FilterValue> { Value() };
        while (token.Kind == TokenKind.Comma)
        {
            Advance();
            // Python writes a list of one with a comma behind it.
            if (token.Kind != TokenKind.Close)
                values.Add(Value());
        }
        if ((items += values.Count) > ItemLimit)
            throw Fault.Invalid(
                "filter.too_many",
                $"The lists of the filter hold more than {ItemLimit} values.",
                "filter"
            );
        Expect(TokenKind.Close, "',' or ')'");
        return new FilterValue.Items(values);
    }

    private bool IsKeyword(string word) => token.Kind == TokenKind.Keyword && token.Text == word;

    private bool Take(string keyword)
    {
        var found = IsKeyword(keyword);
        if (found)
            Advance();
        return found;
    }

    private void Expect(TokenKind kind, string expected)
    {
        if (token.Kind != kind)
            throw Unexpected(expected);
        Advance();
    }

    private void Advance() => token = lexer.Next();

    private Fault Unexpected(string expected)
    {
        var found =
            token.Kind == TokenKind.End ? "the filter ends"
            : token.Text.Length > 40 ? $"stands '{token.Text[..40]}...'"
            : $"stands '{token.Text}'";
        return Fault.Invalid(
            "filter.syntax",
            $"At character {token.Position} of the filter, {expected} is expected, but there {found}.",
            "filter"
        );
    }
}
