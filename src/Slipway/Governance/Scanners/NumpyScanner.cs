using System.Globalization;
using System.Text.RegularExpressions;

namespace Slipway.Governance.Scanners;

/// <summary>NumPy's own file of one array: numbers are only numbers, objects are a pickle behind the header.</summary>
internal static partial class NumpyScanner
{
    private const int LongestHeader = 1 << 20;

    public static bool LooksLike(ReadOnlySpan<byte> head) =>
        head is [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y', ..];

    public static void Scan(ScanSession session, string path, Stream stream)
    {
        var reader = new ByteReader(stream, session);
        reader.Skip(6);
        var major = reader.Byte();
        reader.Skip(1);
        var length = major switch
        {
            1 => reader.UInt16(),
            2 or 3 => reader.UInt32(),
            _ => throw ScanSession.Malformed("its version of the array format is unknown"),
        };
        var text = ByteReader.Text(reader.Bytes(length, LongestHeader));
        if (text is null || Header().Match(text) is not { Success: true } header)
            throw ScanSession.Malformed("the header of the array is not as NumPy writes it");
        var kind = Kind(header.Groups["kind"].Value);
        if (kind.HasObjects)
        {
            session.Note(path, "scan.objects", "It is an array of objects, which is stored as a pickle.");
            PickleScanner.Scan(session, path, new WindowStream(stream, reader.Position, reader.Remaining));
            return;
        }
        var shape = header
            .Groups["shape"]
            .Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Select(l => long.TryParse(l, NumberStyles.None, CultureInfo.InvariantCulture, out var n) ? n : -1);
        if (kind.BytesOf(shape) != reader.Remaining)
            throw ScanSession.Malformed("the array is not as long as its header says");
        PickleScanner.Probe(session, path, stream, reader.Position);
    }

    /// <summary>One type, or a record of named ones.</summary>
    private static NumpyKind Kind(string written)
    {
        if (written[0] is '\'' or '"')
            return NumpyKind.Parse(written[1..^1]);
        var bytes = 0L;
        var hasObjects = false;
        var fields = Field().Matches(written);
        var inside = written[1..^1].Trim().TrimEnd(',');
        if (fields.Count == 0 || fields.Sum(f => f.Length) + 2 * (fields.Count - 1) != inside.Length)
            throw ScanSession.Malformed("the record type of the array cannot be told");
        foreach (Match field in fields)
        {
            var kind = NumpyKind.Parse(field.Groups["kind"].Value);
            bytes += kind.SizeBytes;
            hasObjects |= kind.HasObjects;
        }
        return new NumpyKind(bytes, hasObjects);
    }

    [GeneratedRegex(
        @"^\{'descr': (?<kind>'[^'\\]+'|""[^""\\]+""|\[[^\]]+\]), 'fortran_order': (True|False), 'shape': \((?<shape>[0-9, ]*)\), *\} *\n?$",
        RegexOptions.NonBacktracking | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture
    )]
    private static partial Regex Header();

    [GeneratedRegex(
        @"\('[^'\\]*', '(?<kind>[^'\\]+)'\)",
        RegexOptions.NonBacktracking | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture
    )]
    private static partial Regex Field();
}
