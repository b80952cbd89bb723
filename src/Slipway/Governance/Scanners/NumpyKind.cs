using System.Globalization;

namespace Slipway.Governance.Scanners;

/// <summary>
/// The element type of an array, as far as its bytes go: how many there are, and whether they are objects, which are
/// stored as a pickle. A type that cannot be told is a fault: guessing where data ends is guessing what is code.
/// </summary>
internal readonly record struct NumpyKind(long SizeBytes, bool HasObjects)
{
    /// <summary>The type written as text, such as <c>&lt;f8</c> or <c>|S12</c>.</summary>
    public static NumpyKind Parse(string code)
    {
        var text = code.AsSpan().TrimStart("<>|=");
        if (text.Length == 0)
            throw Unclear();
        var digits = text[1..];
        var end = digits.IndexOf('[');
        var size = 0L;
        if (
            (end >= 0 ? digits[..end] : digits) is { Length: > 0 } number
            && !long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out size)
        )
            throw Unclear();
        if (size > int.MaxValue)
            throw Unclear();
        return text[0] switch
        {
            'O' => new NumpyKind(8, HasObjects: true),
            'b' or 'i' or 'u' or 'f' or 'c' or 'M' or 'm' or 'S' or 'V' when digits.Length > 0 => new(size, false),
            'U' when digits.Length > 0 => new(size * 4, false),
            '?' when digits.Length == 0 => new(1, false),
            _ => throw Unclear(),
        };
    }

    /// <summary>The type that a pickle made by calling <c>numpy.dtype</c> and building its state.</summary>
    public static NumpyKind Of(PickleValue? value, int depth = 0)
    {
        if (depth > 16 || value is not PickleValue.Made { By: { Module: "numpy", Name: "dtype" } } made)
            throw Unclear();
        if (made.Arguments is not PickleValue.Items { Values: [PickleValue.Text code, ..] })
            throw Unclear();
        var kind = Parse(code.Value);
        if (made.State is not PickleValue.Items { Values: { Length: >= 5 } state })
            return kind;
        if (state[4] is PickleValue.Map { IsPartial: true })
            throw Unclear();
        var parts = state[4] is PickleValue.Map fields ? fields.Values : [];
        foreach (var part in state[2] is PickleValue.Items ? parts.Append(state[2]) : parts)
        {
            // Objects inside a record are a pointer that the file chooses where the flags beside it lie.
            if (part is not PickleValue.Items { Values: [var type, ..] } || Of(type, depth + 1).HasObjects)
                throw Unclear();
        }
        return kind;
    }

    /// <summary>How many bytes an array of this shape has.</summary>
    public long BytesOf(IEnumerable<long> shape)
    {
        var bytes = SizeBytes;
        foreach (var length in shape)
        {
            if (length < 0 || (length > 0 && bytes > long.MaxValue / length))
                throw Unclear();
            bytes *= length;
        }
        return bytes;
    }

    private static Exception Unclear() => ScanSession.Malformed("the type or the shape of an array cannot be told");
}
