using System.IO.Compression;
using System.Text.RegularExpressions;

namespace Slipway.Governance.Scanners;

/// <summary>
/// Zip files: what torch, Keras, NumPy and Java write. Members have to lie side by side from the first byte on, and say
/// the same of themselves in both of their headers; then each is scanned as a file of its own.
/// </summary>
internal sealed partial class ZipScanner(ScanSession session, string path, Stream stream, int depth)
{
    private const uint LocalMark = 0x04034B50;
    private const int LocalBytes = 30;
    private const int LargestDescriptor = 24;
    private const int Stored = 0;
    private const int Deflated = 8;

    private readonly ByteReader reader = new(stream, session);

    public void Scan()
    {
        var directory = ZipDirectory.Read(reader, session);
        var names = new MemberNames(session, path);
        var places = new List<(long From, long To, bool HasDescriptor)>();
        var sound = new List<(ZipMember Member, long At)>();
        foreach (var member in directory.Members)
        {
            var at = Locate(member);
            if (member.Size > directory.At - at)
                throw ScanSession.Malformed(
                    $"its member '{ScanSession.Quoted(member.Name)}' reaches past the directory"
                );
            places.Add((member.HeaderAt, at + member.Size, member.HasDescriptor));
            if (names.Accept(member.IsFolder ? member.Name[..^1] : member.Name) && IsReadable(member))
                sound.Add((member, at));
        }
        RequireSideBySide(places, directory.At);
        var isTorch = directory.Members.Any(m =>
            m.Name == "data.pkl" || m.Name.EndsWith("/data.pkl", StringComparison.Ordinal)
        );
        foreach (var (member, at) in sound.Where(s => !s.Member.IsFolder))
            Scan(member, at, isTorch);
    }

    private void Scan(ZipMember member, long at, bool isTorch)
    {
        var name = $"{path}!{member.Name}";
        var window = new WindowStream(stream, at, member.Size);
        using var content =
            member.Method == Stored
                ? window
                : session.Expand(
                    new DeflateStream(window, CompressionMode.Decompress),
                    member.Size,
                    member.ExpandedSize
                );
        if (content.Length != member.ExpandedSize)
            throw ScanSession.Malformed(
                $"the size of its member '{ScanSession.Quoted(member.Name)}' is another than it says"
            );
        if (Crc32.Of(content, session) != member.Crc)
            throw ScanSession.Malformed($"the checksum of its member '{ScanSession.Quoted(member.Name)}' is wrong");
        if (isTorch && TensorName().IsMatch(member.Name))
            PickleScanner.Probe(session, name, content);
        else
            FileScanner.Scan(session, name, content, depth + 1);
    }

    /// <summary>Where the bytes of the member begin, behind a header that agrees with the directory.</summary>
    private long Locate(ZipMember member)
    {
        var shown = ScanSession.Quoted(member.Name);
        reader.MoveTo(member.HeaderAt);
        if (reader.Remaining < LocalBytes || reader.UInt32() != LocalMark)
            throw ScanSession.Malformed($"its member '{shown}' is not where the directory says");
        reader.Skip(2);
        var (flags, method) = (reader.UInt16(), reader.UInt16());
        reader.Skip(4);
        var (crc, size, expanded) = (reader.UInt32(), reader.UInt32(), reader.UInt32());
        var (nameLength, extraLength) = (reader.UInt16(), reader.UInt16());
        var name = ZipDirectory.NameOf(reader.Bytes(nameLength, ushort.MaxValue));
        reader.Skip(extraLength);
        var saysNothing =
            member.HasDescriptor && crc == 0 && size is 0 or uint.MaxValue && expanded is 0 or uint.MaxValue;
        var saysTheSame = crc == member.Crc && Agrees(size, member.Size) && Agrees(expanded, member.ExpandedSize);
        if (name != member.Name || method != member.Method || flags != member.Flags || !(saysNothing || saysTheSame))
            throw ScanSession.Malformed($"the two headers of its member '{shown}' disagree");
        return reader.Position;
    }

    private static bool Agrees(uint local, long size) => local == uint.MaxValue ? size >= 0 : local == size;

    private bool IsReadable(ZipMember member)
    {
        var name = $"{path}!{member.Name}";
        if (member.IsLink)
            session.Unsafe(name, "scan.link", "It is a link; a model holds files only.");
        else if (member.IsEncrypted)
            session.Unscannable(name, "scan.encrypted", "It is encrypted, so nobody can tell what it holds.");
        else if (member.Method is not (Stored or Deflated))
            session.Unscannable(name, "scan.compression", "It is compressed in a way that the scan does not read.");
        else if (member.Method == Stored && member.Size != member.ExpandedSize)
            throw ScanSession.Malformed($"its member '{ScanSession.Quoted(member.Name)}' has two sizes");
        else
            return true;
        return false;
    }

    /// <summary>No two members share bytes, and no bytes hide before, between or behind them.</summary>
    private static void RequireSideBySide(List<(long From, long To, bool HasDescriptor)> places, long directoryAt)
    {
        var at = 0L;
        var slack = 0;
        foreach (var place in places.OrderBy(p => p.From))
        {
            if (place.From < at)
                throw ScanSession.Malformed("two of its members share bytes");
            if (place.From - at > slack)
                throw ScanSession.Malformed("bytes stand before or between its members that belong to none");
            at = place.To;
            slack = place.HasDescriptor ? LargestDescriptor : 0;
        }
        if (directoryAt - at > slack)
            throw ScanSession.Malformed("bytes stand before its directory that belong to no member");
    }

    /// <summary>Where torch keeps the bare numbers of tensors; it never unpickles them.</summary>
    [GeneratedRegex(
        "^([^/]+/)?(data|constants|tensors)/[0-9]+$",
        RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture
    )]
    private static partial Regex TensorName();
}
