using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace Slipway.Governance.Scanners;

/// <summary>
/// Tar files: ustar with the long names of GNU and of pax. Only files and folders belong into one; a link, a device or a
/// sparse file makes it unsafe, and so does whatever an unpacker and this scan might read differently.
/// </summary>
internal sealed class TarScanner(ScanSession session, string path, Stream stream, int depth)
{
    private const int Block = 512;
    private const int LongestRecord = 64 * 1024;
    private const int SetIdBits = 0xC00;

    private readonly ByteReader reader = new(stream, session);
    private readonly byte[] header = new byte[Block];
    private string? longName;
    private long? longSize;

    public void Scan()
    {
        var names = new MemberNames(session, path);
        while (true)
        {
            reader.Fill(header);
            if (!header.AsSpan().ContainsAnyExcept((byte)0))
                break;
            RequireChecksum();
            var size = longSize ?? Number(header.AsSpan(124, 12));
            var start = reader.Position;
            Member((char)header[156], size, start, names);
            reader.MoveTo(start);
            reader.Skip(size);
            reader.Skip(Math.Min(reader.Remaining, (Block - size % Block) % Block));
        }
        while (reader.Next() is var next and >= 0)
        {
            if (next != 0)
                throw ScanSession.Malformed("bytes stand behind its end");
        }
    }

    private void Member(char kind, long size, long start, MemberNames names)
    {
        if (kind is 'L' or 'x' or 'g' or 'K')
        {
            if (longName is not null || longSize is not null)
                throw ScanSession.Malformed("two records say the same of one member");
            Describe(kind, reader.Bytes(size, LongestRecord));
            return;
        }
        var name = longName ?? NameInHeader();
        (longName, longSize) = (null, null);
        if (!names.Accept(name.EndsWith('/') ? name[..^1] : name))
            return;
        if ((Number(header.AsSpan(100, 8)) & SetIdBits) != 0)
            session.Unsafe($"{path}!{name}", "scan.mode", "It would run as another user.");
        if (kind is '0' or '\0' or '7')
        {
            if (size > reader.Remaining)
                throw ScanSession.Malformed("it ends within a member");
            FileScanner.Scan(session, $"{path}!{name}", new WindowStream(stream, start, size), depth + 1);
        }
        else if (kind != '5')
        {
            session.Unsafe(
                $"{path}!{name}",
                "scan.link",
                "It is a link, a device or a sparse file; a model holds files only."
            );
        }
    }

    /// <summary>What a record says of the member behind it.</summary>
    private void Describe(char kind, byte[] record)
    {
        if (kind == 'K')
            return;
        if (kind == 'L')
        {
            longName = ZipDirectory.NameOf([.. record.TakeWhile(b => b != 0)]);
            return;
        }
        var at = 0;
        while (at < record.Length)
        {
            var space = record.AsSpan(at).IndexOf((byte)' ');
            if (
                space is < 1 or > 9
                || !int.TryParse(
                    record.AsSpan(at, space),
                    NumberStyles.None,
                    CultureInfo.InvariantCulture,
                    out var length
                )
                || length <= space + 1
                || length > record.Length - at
                || record[at + length - 1] != (byte)'\n'
            )
                throw ScanSession.Malformed("a record about a member is damaged");
            var text = ByteReader.Text(record.AsSpan(at + space + 1, length - space - 2));
            var equal = text?.IndexOf('=') ?? 0;
            if (text is null || equal < 1)
                throw ScanSession.Malformed("a record about a member is damaged");
            Say(kind, text[..equal], text[(equal + 1)..]);
            at += length;
        }
    }

    private void Say(char kind, string key, string value)
    {
        if (key.StartsWith("GNU.sparse", StringComparison.Ordinal))
            throw ScanSession.Malformed("it has a sparse file");
        if (key is not ("path" or "size"))
            return;
        if (kind == 'g' || value.Contains('\0'))
            throw ScanSession.Malformed("a record about all members renames them");
        if (key == "path")
            longName = value;
        else if (long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var size))
            longSize = size;
        else
            throw ScanSession.Malformed("the size of a member is no number");
    }

    private string NameInHeader()
    {
        var name = Field(0, 100);
        // GNU's old form has times where ustar has the front of a long name.
        var prefix = header.AsSpan(257, 6).SequenceEqual("ustar\0"u8) ? Field(345, 155) : "";
        return prefix.Length > 0 ? $"{prefix}/{name}" : name;
    }

    private string Field(int at, int length)
    {
        var bytes = header.AsSpan(at, length);
        var end = bytes.IndexOf((byte)0);
        return ZipDirectory.NameOf(bytes[..(end < 0 ? length : end)].ToArray());
    }

    private void RequireChecksum()
    {
        var sum = 0L;
        for (var i = 0; i < Block; i++)
            sum += i is >= 148 and < 156 ? ' ' : header[i];
        if (Number(header.AsSpan(148, 8)) != sum)
            throw ScanSession.Malformed("the checksum of a member's header is wrong");
    }

    /// <summary>Octal digits, or a binary number where the first bit says so.</summary>
    private static long Number(ReadOnlySpan<byte> field)
    {
        if (field[0] == 0x80)
        {
            var value = BinaryPrimitives.ReadInt64BigEndian(field[^8..]);
            return value >= 0 && !field[1..^8].ContainsAnyExcept((byte)0) ? value : throw Impossible();
        }
        var text = Encoding.ASCII.GetString(field).Trim(' ', '\0');
        var number = 0L;
        foreach (var c in text)
        {
            if (c is < '0' or > '7' || number > long.MaxValue >> 4)
                throw Impossible();
            number = number << 3 | (uint)(c - '0');
        }
        return number;
    }

    private static Exception Impossible() => ScanSession.Malformed("a number in a member's header is impossible");
}
