using System.Text;

namespace Slipway.Governance.Scanners;

/// <summary>A member as both of its headers agree it is.</summary>
internal sealed record ZipMember(string Name, ushort Flags, ushort Method, uint Crc, long Size, long ExpandedSize)
{
    public required long HeaderAt { get; init; }

    public required uint Mode { get; init; }

    public bool IsEncrypted => (Flags & 0x2041) != 0;

    public bool HasDescriptor => (Flags & 8) != 0;

    public bool IsFolder => Name.EndsWith('/');

    public bool IsLink => (Mode & 0xF000) == 0xA000;
}

/// <summary>
/// The directory at the end of a zip file, read as strictly as no unpacker does: a reader that starts at the front and
/// one that starts at the back have to see the same members.
/// </summary>
internal sealed class ZipDirectory
{
    private const uint EndMark = 0x06054B50;
    private const uint LargeEndMark = 0x06064B50;
    private const uint LargeLocatorMark = 0x07064B50;
    private const uint EntryMark = 0x02014B50;
    private const int EndBytes = 22;
    private const int LongestComment = ushort.MaxValue;

    private ZipDirectory(IReadOnlyList<ZipMember> members, long at)
    {
        Members = members;
        At = at;
    }

    public IReadOnlyList<ZipMember> Members { get; }

    /// <summary>Where it begins; members stand before.</summary>
    public long At { get; }

    /// <summary>Whether a reader that looks at the end finds a zip file, whatever stands at the beginning.</summary>
    public static bool EndsLikeOne(Stream stream, ScanSession session) =>
        FindEnd(new ByteReader(stream, session)) is not null;

    public static ZipDirectory Read(ByteReader reader, ScanSession session)
    {
        var end = FindEnd(reader) ?? throw ScanSession.Malformed("it has no directory where a zip file has one");
        reader.MoveTo(end + 4);
        var (disk, startDisk) = (reader.UInt16(), reader.UInt16());
        var (countHere, count) = ((long)reader.UInt16(), (long)reader.UInt16());
        var (size, at) = ((long)reader.UInt32(), (long)reader.UInt32());
        var close = end;
        if (count == ushort.MaxValue || size == uint.MaxValue || at == uint.MaxValue)
            (close, countHere, count, size, at) = ReadLargeEnd(reader, end);
        if (disk != 0 || startDisk != 0 || countHere != count)
            throw ScanSession.Malformed("it is one part of a zip file");
        if (at < 0 || size < 0 || at > close || size != close - at)
            throw ScanSession.Malformed("its directory is not where it says: bytes stand before or behind the archive");
        if (count > session.Limits.Members)
            throw ScanSession.Beyond($"it has more than {session.Limits.Members} members");
        reader.MoveTo(at);
        var members = new List<ZipMember>();
        for (var i = 0L; i < count; i++)
            members.Add(ReadEntry(reader));
        if (reader.Position != close)
            throw ScanSession.Malformed("its directory has room that no member takes");
        return new ZipDirectory(members, at);
    }

    private static long? FindEnd(ByteReader reader)
    {
        var length = (int)Math.Min(reader.Length, EndBytes + LongestComment);
        if (length < EndBytes)
            return null;
        reader.MoveTo(reader.Length - length);
        var tail = reader.Bytes(length, length);
        for (var i = length - EndBytes; i >= 0; i--)
        {
            if (
                BitConverter.ToUInt32(tail, i) == EndMark
                && BitConverter.ToUInt16(tail, i + EndBytes - 2) == length - i - EndBytes
            )
                return reader.Length - length + i;
        }
        return null;
    }

    private static (long Close, long CountHere, long Count, long Size, long At) ReadLargeEnd(
        ByteReader reader,
        long end
    )
    {
        reader.MoveTo(end - 20);
        if (reader.UInt32() != LargeLocatorMark || reader.UInt32() != 0)
            throw ScanSession.Malformed("its directory is of the large form and lacks a part");
        var large = Signed(reader.UInt64());
        reader.MoveTo(large);
        if (reader.UInt32() != LargeEndMark || Signed(reader.UInt64()) + 12 != end - 20 - large)
            throw ScanSession.Malformed("its directory is of the large form and lacks a part");
        reader.Skip(4);
        if (reader.UInt32() != 0 || reader.UInt32() != 0)
            throw ScanSession.Malformed("it is one part of a zip file");
        return (
            large,
            Signed(reader.UInt64()),
            Signed(reader.UInt64()),
            Signed(reader.UInt64()),
            Signed(reader.UInt64())
        );
    }

    private static ZipMember ReadEntry(ByteReader reader)
    {
        if (reader.UInt32() != EntryMark)
            throw ScanSession.Malformed("its directory is damaged");
        reader.Skip(4);
        var (flags, method) = (reader.UInt16(), reader.UInt16());
        reader.Skip(4);
        var crc = reader.UInt32();
        long size = reader.UInt32();
        long expanded = reader.UInt32();
        var (nameLength, extraLength, commentLength) = (reader.UInt16(), reader.UInt16(), reader.UInt16());
        reader.Skip(4);
        var mode = reader.UInt32() >> 16;
        long at = reader.UInt32();
        var name = NameOf(reader.Bytes(nameLength, ushort.MaxValue));
        var extra = new ByteReader(new MemoryStream(reader.Bytes(extraLength, ushort.MaxValue)), reader.Session);
        reader.Skip(commentLength);
        ReadLargeSizes(extra, ref expanded, ref size, ref at);
        return new ZipMember(name, flags, method, crc, size, expanded) { HeaderAt = at, Mode = mode };
    }

    private static void ReadLargeSizes(ByteReader extra, ref long expanded, ref long size, ref long at)
    {
        while (extra.Remaining >= 4)
        {
            var (id, length) = (extra.UInt16(), extra.UInt16());
            var next = extra.Position + length;
            if (id == 1)
            {
                if (expanded == uint.MaxValue)
                    expanded = Signed(extra.UInt64());
                if (size == uint.MaxValue)
                    size = Signed(extra.UInt64());
                if (at == uint.MaxValue)
                    at = Signed(extra.UInt64());
            }
            extra.MoveTo(next);
        }
    }

    public static string NameOf(byte[] bytes) =>
        bytes.AsSpan().Contains((byte)0)
            ? throw ScanSession.Malformed("a member's name has a zero byte")
            : ByteReader.Text(bytes) ?? Encoding.Latin1.GetString(bytes);

    private static long Signed(ulong value) =>
        value <= long.MaxValue ? (long)value : throw ScanSession.Malformed("a size in its directory is impossible");
}
