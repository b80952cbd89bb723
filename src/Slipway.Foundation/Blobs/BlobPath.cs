using System.Buffers;
using System.Text;
using Slipway.Sdk;

namespace Slipway.Foundation.Blobs;

/// <summary>
/// The name of a blob or of a folder of blobs: segments joined by '/', always inside the store, whoever wrote it. This
/// is the one place that decides what a path may say. A name is looked at as it was given and again after each round of
/// percent decoding, so that nothing dangerous hides under an encoding that somebody further on might undo; it is
/// kept as it was given. What reads like a dot or a slash counts as one.
/// </summary>
public sealed record BlobPath
{
    private const int LongestBytes = 900; // of the 1024 that S3 allows for prefix and name together
    private const int LongestSegmentBytes = 255;
    private const int DecodingRounds = 8;

    /// <summary>The folder at the root of every store in which the store keeps what is its own.</summary>
    internal const string Reserved = ".slipway";

    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    // Slashes and backslashes of other scripts; a file system or a proxy may fold them into the plain ones.
    private static readonly SearchValues<char> Separators = SearchValues.Create(
        "\\\u2044\u2215\u29F8\u29F5\uFE68\uFF0F\uFF3C"
    );
    private static readonly SearchValues<char> Dots = SearchValues.Create(". \u2024\u2025\u2026\uFE52\uFF0E");
    private static readonly SearchValues<char> Reordering = SearchValues.Create(
        "\u061C\u200E\u200F\u2028\u2029\u202A\u202B\u202C\u202D\u202E\u2066\u2067\u2068\u2069\uFEFF"
    );
    private static readonly string[] Devices = ["con", "prn", "aux", "nul"];

    private BlobPath(string value)
    {
        Value = value;
        Segments = value.Length == 0 ? [] : value.Split('/');
    }

    /// <summary>The folder that holds everything.</summary>
    public static BlobPath Root { get; } = new("");

    public string Value { get; }

    public IReadOnlyList<string> Segments { get; }

    /// <summary>The last segment; empty for the root.</summary>
    public string Name => Segments.Count == 0 ? "" : Segments[^1];

    /// <summary>The folder that holds it; the root holds itself.</summary>
    public BlobPath Parent => Segments.Count <= 1 ? Root : new BlobPath(Value[..^(Name.Length + 1)]);

    public bool IsRoot => Value.Length == 0;

    /// <summary>The path a text names, or a fault that says what is wrong with it. An empty text is refused.</summary>
    public static BlobPath Parse(string text) =>
        Objection(text) is { } objection ? throw Refused(objection) : new BlobPath(text);

    /// <summary>The path in a part of a URL, of which one round of percent encoding belongs to the URL.</summary>
    public static BlobPath ParseEncoded(string text) =>
        Parse(PercentDecode(text) ?? throw Refused("it does not decode to text"));

    /// <summary>Null where <see cref="Parse"/> would refuse.</summary>
    public static BlobPath? TryParse(string text) => Objection(text) is null ? new BlobPath(text) : null;

    /// <summary>Like <see cref="Parse"/>, where an empty text means the root and a folder may end in a slash.</summary>
    public static BlobPath ParseFolder(string? text) =>
        text is null or "" ? Root : Parse(text.EndsWith('/') ? text[..^1] : text);

    /// <summary>What lies at a path relative to this folder.</summary>
    public BlobPath Append(string relative) => IsRoot ? Parse(relative) : Parse($"{Value}/{relative}");

    /// <summary>Null where <see cref="Append"/> would refuse.</summary>
    public BlobPath? TryAppend(string relative) => TryParse(IsRoot ? relative : $"{Value}/{relative}");

    /// <summary>True for the folder itself and all that lies beneath it.</summary>
    public bool Contains(BlobPath other) =>
        IsRoot
        || other.Value.StartsWith(Value, StringComparison.Ordinal)
            && (other.Value.Length == Value.Length || other.Value[Value.Length] == '/');

    public bool Equals(BlobPath? other) => other is not null && Value == other.Value;

    public override int GetHashCode() => Value.GetHashCode(StringComparison.Ordinal);

    public override string ToString() => Value;

    private static string? Objection(string text)
    {
        if (Encoding.UTF8.GetByteCount(text) > LongestBytes)
            return $"it is longer than {LongestBytes} bytes";
        var level = text;
        for (var round = 0; round <= DecodingRounds; round++)
        {
            if (LevelObjection(level) is { } objection)
                return objection;
            if (PercentDecode(level) is not { } decoded)
                return "it does not decode to text";
            if (decoded == level)
                return null;
            level = decoded;
        }
        return "it is encoded too many times over";
    }

    private static string? LevelObjection(string path)
    {
        if (path.Length == 0)
            return "it is empty";
        if (path.AsSpan().ContainsAny(Separators))
            return "it has a character that stands for a separator";
        if (path.Contains('#'))
            return "it has a '#'";
        if (path.AsSpan().ContainsAny(Reordering) || path.Any(char.IsControl))
            return "it has a character that cannot be seen";
        if (!IsWellFormed(path))
            return "it has half of a character";
        if (path[0] == '/')
            return "it is absolute";
        var segments = path.Split('/');
        if (NamesDriveOrScheme(segments[0]))
            return "it names a drive or a scheme";
        if (segments[0] == Reserved)
            return $"'{Reserved}' is reserved";
        return segments.Select(SegmentObjection).FirstOrDefault(objection => objection is not null);
    }

    private static string? SegmentObjection(string segment)
    {
        if (segment.Length == 0)
            return "a segment is empty";
        // Some servers cut "..;x" at the semicolon, and Windows drops dots and spaces at the end of a name.
        var core = segment.AsSpan(0, segment.IndexOf(';') is var cut and >= 0 ? cut : segment.Length).TrimEnd();
        if (core.Length == 0 || core.IndexOfAnyExcept(Dots) < 0)
            return "a segment is made of dots";
        if (segment[^1] is '.' or ' ')
            return "a segment ends in a dot or a space";
        if (IsDevice(segment))
            return "a segment names a device";
        return Encoding.UTF8.GetByteCount(segment) > LongestSegmentBytes
            ? $"a segment is longer than {LongestSegmentBytes} bytes"
            : null;
    }

    /// <summary><c>C:</c>, <c>C:x</c>, <c>file:x</c> or <c>any-scheme:</c>; a colon elsewhere, as in a time, is a name.</summary>
    private static bool NamesDriveOrScheme(string first)
    {
        var colon = first.IndexOf(':');
        if (colon <= 0 || !char.IsAsciiLetter(first[0]))
            return false;
        var scheme = first.AsSpan(0, colon);
        foreach (var c in scheme)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('+' or '-' or '.'))
                return false;
        }
        return colon == 1 || colon == first.Length - 1 || scheme.Equals("file", StringComparison.OrdinalIgnoreCase);
    }

    private static bool IsDevice(string segment) =>
        Devices.Contains(segment, StringComparer.OrdinalIgnoreCase)
        || segment.Length == 4
            && char.IsAsciiDigit(segment[3])
            && (
                segment.StartsWith("com", StringComparison.OrdinalIgnoreCase)
                || segment.StartsWith("lpt", StringComparison.OrdinalIgnoreCase)
            );

    private static bool IsWellFormed(string text)
    {
        foreach (var rune in text.EnumerateRunes())
        {
            // A lone surrogate is enumerated as the replacement character.
            if (rune == Rune.ReplacementChar)
                return false;
        }
        return true;
    }

    /// <summary>One round of percent decoding; null where the bytes are not UTF-8 (overlong forms are not).</summary>
    private static string? PercentDecode(string text)
    {
        if (!text.Contains('%'))
            return text;
        var bytes = Encoding.UTF8.GetBytes(text);
        var length = 0;
        for (var i = 0; i < bytes.Length; i++)
        {
            if (
                bytes[i] == '%'
                && i + 2 < bytes.Length
                && Hex(bytes[i + 1]) is var high and >= 0
                && Hex(bytes[i + 2]) is var low and >= 0
            )
            {
                bytes[length++] = (byte)(high << 4 | low);
                i += 2;
            }
            else
            {
                bytes[length++] = bytes[i];
            }
        }
        try
        {
            return Strict.GetString(bytes, 0, length);
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }

    private static int Hex(byte c) => char.IsAsciiHexDigit((char)c) ? Convert.ToInt32(((char)c).ToString(), 16) : -1;

    private static Fault Refused(string why) =>
        Fault.Invalid("blob.invalid_path", $"Invalid path: {why}.", field: "path");
}
