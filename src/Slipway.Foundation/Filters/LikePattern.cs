using Slipway.Sdk;

namespace Slipway.Foundation.Filters;

/// <summary>
/// A LIKE pattern, cut once at its % signs: the first piece is anchored at the start, the last at the end, and each
/// piece between is taken at its leftmost place, which never needs to be reconsidered. So a match costs at worst the
/// text's length times the pattern's, whatever the pattern is.
/// </summary>
public sealed class LikePattern
{
    private const int LengthLimit = 10_000;

    private readonly string[] pieces;
    private readonly bool ignoreCase;
    private readonly StringComparison comparison;

    private LikePattern(string pattern, bool ignoreCase)
    {
        pieces = pattern.Split('%');
        this.ignoreCase = ignoreCase;
        comparison = ignoreCase ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal;
    }

    /// <summary>% stands for any characters, _ for exactly one; there is no escape.</summary>
    public static LikePattern Compile(string pattern, bool ignoreCase) =>
        pattern.Length <= LengthLimit
            ? new LikePattern(pattern, ignoreCase)
            : throw Fault.Invalid(
                "filter.pattern",
                $"A LIKE pattern may have {LengthLimit} characters at most.",
                "filter"
            );

    public bool Matches(ReadOnlySpan<char> text)
    {
        var rest = MatchHere(pieces[0], text, whole: pieces.Length == 1);
        if (rest < 0)
            return false;
        if (pieces.Length == 1)
            return true;
        text = text[rest..];
        for (var i = 1; i < pieces.Length - 1; i++)
        {
            var end = FindEnd(pieces[i], text);
            if (end < 0)
                return false;
            text = text[end..];
        }
        return EndsWith(pieces[^1], text);
    }

    private int FindEnd(string piece, ReadOnlySpan<char> text)
    {
        if (!piece.Contains('_', StringComparison.Ordinal))
        {
            var found = text.IndexOf(piece, comparison);
            return found < 0 ? -1 : found + piece.Length;
        }
        for (var start = 0; start <= text.Length; start += StepAt(text, start))
        {
            var length = MatchHere(piece, text[start..], whole: false);
            if (length >= 0)
                return start + length;
        }
        return -1;
    }

    private bool EndsWith(string piece, ReadOnlySpan<char> text)
    {
        if (!piece.Contains('_', StringComparison.Ordinal))
            return text.EndsWith(piece, comparison);
        // A _ is one or two UTF-16 units, so the piece's length in the text is known only by matching backwards.
        var end = text.Length;
        for (var i = piece.Length - 1; i >= 0; i--)
        {
            if (end == 0)
                return false;
            if (piece[i] == '_')
                end -= end > 1 && char.IsSurrogatePair(text[end - 2], text[end - 1]) ? 2 : 1;
            else if (!Same(piece[i], text[--end]))
                return false;
        }
        return true;
    }

    /// <summary>How many characters of the text the piece takes from its start on; -1 where it does not fit.</summary>
    private int MatchHere(string piece, ReadOnlySpan<char> text, bool whole)
    {
        var at = 0;
        foreach (var c in piece)
        {
            if (at == text.Length)
                return -1;
            if (c == '_')
                at += StepAt(text, at);
            else if (!Same(c, text[at++]))
                return -1;
        }
        return !whole || at == text.Length ? at : -1;
    }

    private bool Same(char a, char b) => a == b || (ignoreCase && char.ToUpperInvariant(a) == char.ToUpperInvariant(b));

    private static int StepAt(ReadOnlySpan<char> text, int at) =>
        at + 1 < text.Length && char.IsSurrogatePair(text[at], text[at + 1]) ? 2 : 1;
}
