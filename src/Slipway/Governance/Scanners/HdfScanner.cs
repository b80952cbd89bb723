namespace Slipway.Governance.Scanners;

/// <summary>
/// HDF5, the older form of Keras: the layers stand as one JSON text in an attribute, which the format does not compress.
/// The scan looks for such texts rather than for the attribute, so that it does not matter by which of the format's many
/// ways a reader would find it. Where layers are described in any other way, nobody can tell.
/// </summary>
internal static class HdfScanner
{
    private const int Overlap = 16;
    private const int FrontBytes = 64;

    private static readonly byte[] ClassName = "class_name"u8.ToArray();

    // A Lambda layer, and letters written so that a search does not find them; Keras writes none of them like that.
    private static readonly byte[][] Hidden =
    [
        "\\u004"u8.ToArray(),
        "\\u005"u8.ToArray(),
        "\\u006"u8.ToArray(),
        "\\u007"u8.ToArray(),
    ];

    public static bool LooksLike(ReadOnlySpan<byte> head) =>
        head is [0x89, (byte)'H', (byte)'D', (byte)'F', 13, 10, 26, 10, ..];

    public static void Scan(ScanSession session, string path, Stream stream)
    {
        var reader = new ByteReader(stream, session);
        if (Find(reader, 0, "Lambda"u8.ToArray()) is not null)
            session.Unsafe(path, "scan.keras_code", "It names a Lambda layer, which is code that Keras runs.");
        if (Find(reader, 0, Hidden) is not null)
            session.Unsafe(path, "scan.keras_hidden", "It writes plain letters in a hidden way.");
        var from = 0L;
        var described = false;
        while (Find(reader, from, ClassName) is { } at)
        {
            described = true;
            if (Object(reader, from, at, session.Limits.TextBytes) is not { } json)
            {
                session.Unscannable(
                    path,
                    "scan.keras_hidden",
                    "It describes layers in a way that the scan does not read."
                );
                return;
            }
            JsonScanner.Scan(session, path, json);
            from = reader.Position;
        }
        if (!described && Find(reader, 0, "model_config"u8.ToArray()) is not null)
            session.Unscannable(path, "scan.keras_hidden", "It describes layers in a way that the scan does not read.");
        else if (!described)
            session.Note(path, "scan.weights_only", "It holds arrays and describes no layers.");
    }

    /// <summary>Where the first of the marks stands.</summary>
    private static long? Find(ByteReader reader, long from, params byte[][] marks)
    {
        var window = new byte[128 * 1024];
        var kept = 0;
        reader.MoveTo(from);
        while (reader.Remaining > 0)
        {
            var start = reader.Position - kept;
            var take = (int)Math.Min(window.Length - kept, reader.Remaining);
            reader.Fill(window.AsSpan(kept, take));
            var filled = window.AsSpan(0, kept + take);
            foreach (var mark in marks)
            {
                if (filled.IndexOf(mark) is var at and >= 0)
                    return start + at;
            }
            kept = Math.Min(Overlap, filled.Length);
            filled[^kept..].CopyTo(window);
        }
        return null;
    }

    /// <summary>The JSON object around a class name, from its first brace as far as braces balance.</summary>
    private static byte[]? Object(ByteReader reader, long from, long around, int longest)
    {
        var start = Math.Max(from, around - FrontBytes);
        reader.MoveTo(start);
        var front = reader.Bytes(around - start, FrontBytes);
        if (Array.IndexOf(front, (byte)'{') is not (var brace and >= 0))
            return null;
        reader.MoveTo(start + brace);
        var text = new MemoryStream();
        var (depth, inText, escaped) = (0, false, false);
        while (reader.Next() is var next and >= 0)
        {
            if (text.Length >= longest)
                throw ScanSession.Beyond("its description of layers is longer than any model's");
            text.WriteByte((byte)next);
            (inText, escaped) = (inText ? escaped || next != '"' : next == '"', inText && !escaped && next == '\\');
            if (!inText && next is '{' or '}')
                depth += next == '{' ? 1 : -1;
            if (depth == 0)
                return reader.Position > around ? text.ToArray() : null;
        }
        return null;
    }
}
