using System.Text.Json;

namespace Slipway.Governance.Scanners;

/// <summary>
/// Files of bare tensors, safetensors and GGUF: they carry no code, so the scan only holds their headers against the
/// file, because what reads them natively believes them.
/// </summary>
internal static class TensorFileScanner
{
    private const int LongestHeader = 100_000_000;
    private const int TensorLimit = 200_000;
    private const int EntryLimit = 1_000_000;
    private const int LongestKey = 64 * 1024;

    public static bool IsSafetensors(ReadOnlySpan<byte> head) =>
        head.Length >= 9 && BitConverter.ToUInt64(head) is > 1 and <= LongestHeader && head[8] == (byte)'{';

    public static bool IsGguf(ReadOnlySpan<byte> head) => head.StartsWith("GGUF"u8);

    public static void ScanSafetensors(ScanSession session, Stream stream)
    {
        var reader = new ByteReader(stream, session);
        var length = reader.UInt64();
        if (length > (ulong)Math.Min(reader.Remaining, session.Limits.TextBytes))
            throw ScanSession.Malformed("its header is longer than the file or than a header is");
        var header = reader.Bytes((long)length, session.Limits.TextBytes);
        var room = reader.Remaining;
        var parts = Tensors(header);
        parts.Sort();
        var at = 0L;
        foreach (var (from, to) in parts)
        {
            if (from != at)
                throw ScanSession.Malformed("its tensors overlap or leave holes");
            at = to;
        }
        if (at != room)
            throw ScanSession.Malformed("its tensors are not as long as the file");
    }

    public static void ScanGguf(ScanSession session, Stream stream)
    {
        var reader = new ByteReader(stream, session);
        reader.Skip(4);
        if (reader.UInt32() is not (2 or 3))
            throw ScanSession.Malformed("its version of GGUF is unknown");
        var (tensors, entries) = (reader.UInt64(), reader.UInt64());
        if (tensors > TensorLimit || entries > EntryLimit)
            throw ScanSession.Beyond("it announces more tensors or entries than any model has");
        var keys = new HashSet<string>();
        for (var i = 0UL; i < entries; i++)
        {
            if (!keys.Add(Key(reader)))
                throw ScanSession.Malformed("a key stands there twice");
            SkipValue(reader, reader.UInt32(), depth: 0);
        }
        for (var i = 0UL; i < tensors; i++)
        {
            if (!keys.Add($"tensor {Key(reader)}"))
                throw ScanSession.Malformed("a tensor stands there twice");
            var dimensions = reader.UInt32();
            if (dimensions > 8)
                throw ScanSession.Malformed("a tensor has more dimensions than there are");
            var elements = 1UL;
            for (var d = 0; d < dimensions; d++)
            {
                var dimension = reader.UInt64();
                if (dimension > 0 && elements > (ulong)reader.Length * 32 / dimension)
                    throw ScanSession.Malformed("a tensor is larger than the file");
                elements *= dimension;
            }
            reader.Skip(4);
            if (reader.UInt64() > (ulong)reader.Length)
                throw ScanSession.Malformed("a tensor lies behind the end of the file");
        }
    }

    private static List<(long From, long To)> Tensors(byte[] header)
    {
        var parts = new List<(long, long)>();
        var names = new HashSet<string>();
        try
        {
            var json = new Utf8JsonReader(header, new JsonReaderOptions { MaxDepth = 4 });
            Expect(json.Read() && json.TokenType == JsonTokenType.StartObject);
            while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
            {
                var name = json.GetString()!;
                Expect(names.Add(name) && parts.Count < TensorLimit && json.Read());
                if (name == "__metadata__")
                    SkipTexts(ref json);
                else
                    parts.Add(Tensor(ref json));
            }
            Expect(json.TokenType == JsonTokenType.EndObject && !json.Read());
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            throw Unreadable();
        }
        return parts;
    }

    private static void SkipTexts(ref Utf8JsonReader json)
    {
        Expect(json.TokenType == JsonTokenType.StartObject);
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
            Expect(json.Read() && json.TokenType == JsonTokenType.String);
        Expect(json.TokenType == JsonTokenType.EndObject);
    }

    private static (long From, long To) Tensor(ref Utf8JsonReader json)
    {
        Expect(json.TokenType == JsonTokenType.StartObject);
        int? bits = null;
        List<long>? shape = null;
        List<long>? offsets = null;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var key = json.GetString();
            Expect(json.Read());
            if (key == "dtype" && bits is null)
                bits = BitsOf(json.GetString());
            else if (key == "shape" && shape is null)
                shape = Numbers(ref json);
            else if (key == "data_offsets" && offsets is null)
                offsets = Numbers(ref json);
            else
                throw Unreadable();
        }
        Expect(bits is not null && shape is not null && offsets is [var from, var to] && from <= to);
        var room = (UInt128)(offsets![1] - offsets[0]) * 8;
        UInt128 size = (uint)bits!.Value;
        foreach (var length in shape!)
        {
            size *= (ulong)length;
            Expect(size <= room || shape.Contains(0));
        }
        Expect(size == room);
        return (offsets[0], offsets[1]);
    }

    private static List<long> Numbers(ref Utf8JsonReader json)
    {
        Expect(json.TokenType == JsonTokenType.StartArray);
        var numbers = new List<long>();
        while (json.Read() && json.TokenType == JsonTokenType.Number)
        {
            Expect(json.TryGetInt64(out var number) && number >= 0 && numbers.Count < 32);
            numbers.Add(json.GetInt64());
        }
        Expect(json.TokenType == JsonTokenType.EndArray);
        return numbers;
    }

    private static int BitsOf(string? type) =>
        type switch
        {
            "F64" or "I64" or "U64" or "C64" => 64,
            "F32" or "I32" or "U32" => 32,
            "F16" or "BF16" or "I16" or "U16" => 16,
            "I8" or "U8" or "BOOL" or "F8_E4M3" or "F8_E5M2" or "F8_E8M0" => 8,
            "F4" => 4,
            _ => throw Unreadable(),
        };

    private static string Key(ByteReader reader)
    {
        var length = reader.UInt64();
        var bytes = reader.Bytes(length <= LongestKey ? (long)length : -1, LongestKey);
        return ByteReader.Text(bytes) ?? throw ScanSession.Malformed("a key is no text");
    }

    private static void SkipValue(ByteReader reader, uint type, int depth)
    {
        switch (type)
        {
            case 0 or 1 or 7:
                reader.Skip(1);
                break;
            case 2 or 3:
                reader.Skip(2);
                break;
            case 4 or 5 or 6:
                reader.Skip(4);
                break;
            case 10 or 11 or 12:
                reader.Skip(8);
                break;
            case 8:
                reader.Skip(reader.UInt64() is <= long.MaxValue and var length ? (long)length : -1);
                break;
            case 9 when depth < 4:
                var items = reader.UInt32();
                var count = reader.UInt64();
                if (count > (ulong)reader.Remaining)
                    throw ScanSession.Malformed("a list is longer than the file");
                for (var i = 0UL; i < count; i++)
                    SkipValue(reader, items, depth + 1);
                break;
            default:
                throw ScanSession.Malformed("a value has an unknown type");
        }
    }

    private static void Expect(bool isSo)
    {
        if (!isSo)
            throw Unreadable();
    }

    private static Exception Unreadable() => ScanSession.Malformed("its header is not as the format says");
}
