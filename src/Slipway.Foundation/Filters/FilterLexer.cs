using System.Collections.Frozen;
using System.Globalization;
using System.Text;
using Slipway.Sdk;

namespace Slipway.Foundation.Filters;

internal enum TokenKind
{
    End,
    Name,
    Text,
    Number,
    Operator,
    Open,
    Close,
    Comma,
    Keyword,
}

/// <summary>
/// One word of a filter string. Text is what it means: a keyword in capitals, a quoted text without its quotes. A name
/// has its parts in Names.
/// </summary>
internal readonly record struct Token(TokenKind Kind, string Text, int Position)
{
    public List<string>? Names { get; init; }

    public FilterValue.Number? Number { get; init; }

    /// <summary>A text in double quotes may also stand for a name: "my key" = 1.</summary>
    public bool MayBeName => Kind == TokenKind.Name || (Kind == TokenKind.Text && Names is not null);
}

/// <summary>Splits a filter string into tokens, in one pass and one character of look-ahead.</summary>
internal sealed class FilterLexer(string text, string field)
{
    private static readonly FrozenSet<string> Keywords = FrozenSet.ToFrozenSet(
        ["AND", "OR", "NOT", "IN", "IS", "NULL", "LIKE", "ILIKE", "RLIKE"],
        StringComparer.OrdinalIgnoreCase
    );

    private int at;

    public static bool IsKeyword(string word) => Keywords.Contains(word);

    public Token Next()
    {
        while (at < text.Length && char.IsWhiteSpace(text[at]))
            at++;
        if (at == text.Length)
            return new Token(TokenKind.End, "the end", at + 1);
        var start = at;
        var c = text[at];
        switch (c)
        {
            case '(':
                return Symbol(TokenKind.Open, 1);
            case ')':
                return Symbol(TokenKind.Close, 1);
            case ',':
                return Symbol(TokenKind.Comma, 1);
            case '=':
                return Symbol(TokenKind.Operator, 1);
            case '<' or '>':
                return Symbol(TokenKind.Operator, Peek(1) == '=' ? 2 : 1);
            case '!' when Peek(1) == '=':
                return Symbol(TokenKind.Operator, 2);
            case '\'':
                return new Token(TokenKind.Text, Quoted(), start + 1);
            case '"':
                return TextOrName();
            case '+' or '-' or '.' or (>= '0' and <= '9'):
                return Number();
            case '`':
                return Name([]);
            default:
                if (IsWordStart(c))
                    return Name([]);
                throw Fault.Invalid(
                    "filter.syntax",
                    $"Character {start + 1} of the {field}, {Shown(c)}, has no meaning here.",
                    field,
                    c is '\u2018' or '\u2019' or '\u201C' or '\u201D' ? "Write straight quotes: ' or \"." : null
                );
        }
    }

    private char Peek(int ahead) => at + ahead < text.Length ? text[at + ahead] : '\0';

    private Token Symbol(TokenKind kind, int length)
    {
        var token = new Token(kind, text.Substring(at, length), at + 1);
        at += length;
        return token;
    }

    private Token TextOrName()
    {
        var start = at;
        var quoted = Quoted();
        return Peek(0) == '.'
            ? Name([quoted], start)
            : new Token(TokenKind.Text, quoted, start + 1) { Names = [quoted] };
    }

    /// <summary>Parts joined by dots; each is a bare word or stands in backticks or quotes.</summary>
    private Token Name(List<string> names, int start = -1)
    {
        start = start < 0 ? at : start;
        var bare = names.Count == 0;
        if (bare)
        {
            bare = text[at] != '`';
            names.Add(Part());
        }
        while (Peek(0) == '.')
        {
            at++;
            bare = false;
            names.Add(Part());
        }
        return bare && Keywords.Contains(names[0])
            ? new Token(TokenKind.Keyword, names[0].ToUpperInvariant(), start + 1)
            : new Token(TokenKind.Name, text[start..at], start + 1) { Names = names };
    }

    private string Part()
    {
        var start = at;
        var part = Peek(0) is '`' or '"' or '\'' ? Quoted() : Word();
        if (part.Length == 0)
            throw Fault.Invalid("filter.syntax", $"A name is expected at character {start + 1} of the {field}.", field);
        return part;
    }

    private string Word()
    {
        var start = at;
        while (at < text.Length && (IsWordStart(text[at]) || text[at] is '-' or '/' or ':'))
            at++;
        return text[start..at];
    }

    /// <summary>A quote inside is written twice.</summary>
    private string Quoted()
    {
        var start = at;
        var quote = text[at++];
        StringBuilder? pieces = null;
        while (true)
        {
            var close = text.IndexOf(quote, at);
            if (close < 0)
                throw Fault.Invalid(
                    "filter.syntax",
                    $"The quote at character {start + 1} of the {field} is never closed.",
                    field
                );
            var piece = text.AsSpan(at, close - at);
            at = close + 1;
            if (Peek(0) != quote)
                return pieces is null ? piece.ToString() : pieces.Append(piece).ToString();
            pieces = (pieces ?? new StringBuilder()).Append(piece).Append(quote);
            at++;
        }
    }

    private Token Number()
    {
        var start = at++;
        while (
            char.IsAsciiLetterOrDigit(Peek(0))
            || Peek(0) == '.'
            || (Peek(0) is '+' or '-' && text[at - 1] is 'e' or 'E')
        )
            at++;
        var word = text.AsSpan(start, at - start);
        if (
            !double.TryParse(
                word,
                NumberStyles.Float & ~NumberStyles.AllowLeadingWhite,
                CultureInfo.InvariantCulture,
                out var value
            ) || !double.IsFinite(value)
        )
            throw Fault.Invalid(
                "filter.syntax",
                $"Character {start + 1} of the {field} starts neither a number nor a name.",
                field,
                "Names that begin with a digit stand in backticks, texts in quotes."
            );
        long? whole = null;
        if (long.TryParse(word, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var exact))
            whole = exact;
        else if (Math.Abs(value) < 1L << 53 && Math.Truncate(value) == value)
            whole = (long)value;
        return new Token(TokenKind.Number, word.ToString(), start + 1)
        {
            Number = new FilterValue.Number(value, whole),
        };
    }

    private static bool IsWordStart(char c) =>
        char.IsLetterOrDigit(c)
        || c == '_'
        || char.IsSurrogate(c)
        || char.GetUnicodeCategory(c) is UnicodeCategory.NonSpacingMark;

    private static string Shown(char c) => char.IsControl(c) ? $"U+{(int)c:X4}" : $"'{c}'";
}
