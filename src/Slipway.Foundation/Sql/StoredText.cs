using System.Text;

namespace Slipway.Foundation.Sql;

/// <summary>
/// Texts as both databases hold them alike. PostgreSQL takes neither U+0000 nor half of a surrogate pair, and clients
/// send the one, as MLflow lets them: it is written as two characters, and read back as what it was. A lone half, which
/// no encoding can carry, becomes U+FFFD.
/// </summary>
internal static class StoredText
{
    // The first character for private use, right behind the surrogates.
    private const char Escape = '\uE000';
    private const char Nul = '0';

    public static string Of(string text) =>
        text.AsSpan().ContainsAnyInRange('\uD800', Escape) || text.Contains('\0') ? Escaped(text) : text;

    /// <summary>The values of a list; those that are no texts as they are.</summary>
    public static T[] OfAll<T>(IReadOnlyCollection<T> values) =>
        values is IReadOnlyCollection<string> texts ? (T[])(object)texts.Select(Of).ToArray() : [.. values];

    public static string Read(string stored) => stored.Contains(Escape) ? Unescaped(stored) : stored;

    private static string Escaped(string text)
    {
        var escaped = new StringBuilder(text.Length + 8);
        Span<char> pair = stackalloc char[2];
        foreach (var rune in text.EnumerateRunes())
        {
            if (rune.Value == 0)
                escaped.Append(Escape).Append(Nul);
            else if (rune.Value == Escape)
                escaped.Append(Escape).Append(Escape);
            else
                escaped.Append(pair[..rune.EncodeToUtf16(pair)]);
        }
        return escaped.ToString();
    }

    private static string Unescaped(string stored)
    {
        var text = new StringBuilder(stored.Length);
        for (var i = 0; i < stored.Length; i++)
        {
            if (stored[i] == Escape && i + 1 < stored.Length && stored[i + 1] is (Nul or Escape))
                text.Append(stored[++i] == Nul ? '\0' : Escape);
            else
                text.Append(stored[i]);
        }
        return text.ToString();
    }
}
