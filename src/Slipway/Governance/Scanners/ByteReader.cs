using System.Buffers.Binary;
using System.Text;

namespace Slipway.Governance.Scanners;

/// <summary>
/// Reads a file through one small buffer. Whatever reaches past the end is a fault; no length that a file
/// claims is believed before it is held against what is left.
/// </summary>
internal sealed class ByteReader(Stream stream, ScanSession session)
{
    private static readonly UTF8Encoding Utf8 = new(false, throwOnInvalidBytes: true);

    private readonly byte[] buffer = new byte[32 * 1024];
    private long end;
    private int at;
    private int filled;

    public ScanSession Session => session;

    public long Length { get; } = stream.Length;

    public long Position => end - filled + at;

    public long Remaining => Length - Position;

    public void MoveTo(long position)
    {
        if (position < 0 || position > Length)
            throw PastEnd();
        if (position >= end - filled && position <= end)
        {
            at = (int)(position - (end - filled));
            return;
        }
        end = position;
        at = filled = 0;
    }

    /// <summary>The next byte, or -1 at the end.</summary>
    public int Next()
    {
        if (at == filled && !Refill())
            return -1;
        return buffer[at++];
    }

    public int Peek()
    {
        if (at == filled && !Refill())
            return -1;
        return buffer[at];
    }

    public byte Byte() => Next() is var next and >= 0 ? (byte)next : throw PastEnd();

    public void Fill(Span<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            if (at == filled && !Refill())
                throw PastEnd();
            var part = Math.Min(bytes.Length, filled - at);
            buffer.AsSpan(at, part).CopyTo(bytes);
            at += part;
            bytes = bytes[part..];
        }
    }

    public byte[] Bytes(long length, int longest)
    {
        if (length < 0 || length > Remaining)
            throw PastEnd();
        if (length > longest)
            throw ScanSession.Beyond($"a part of it is longer than {longest} bytes");
        var bytes = new byte[length];
        Fill(bytes);
        return bytes;
    }

    /// <summary>The whole file, of which the caller knows that it is small.</summary>
    public byte[] Whole()
    {
        MoveTo(0);
        return Bytes(Length, int.MaxValue);
    }

    public void Skip(long length)
    {
        if (length < 0 || length > Remaining)
            throw PastEnd();
        MoveTo(Position + length);
    }

    public ushort UInt16()
    {
        Span<byte> bytes = stackalloc byte[2];
        Fill(bytes);
        return BinaryPrimitives.ReadUInt16LittleEndian(bytes);
    }

    public uint UInt32()
    {
        Span<byte> bytes = stackalloc byte[4];
        Fill(bytes);
        return BinaryPrimitives.ReadUInt32LittleEndian(bytes);
    }

    public ulong UInt64()
    {
        Span<byte> bytes = stackalloc byte[8];
        Fill(bytes);
        return BinaryPrimitives.ReadUInt64LittleEndian(bytes);
    }

    /// <summary>Up to the line feed, which is taken and not returned.</summary>
    public byte[] Line(int longest)
    {
        var line = new List<byte>();
        while (true)
        {
            var next = Byte();
            if (next == (byte)'\n')
                return [.. line];
            if (line.Count == longest)
                throw ScanSession.Beyond($"a line of it is longer than {longest} bytes");
            line.Add(next);
        }
    }

    /// <summary>Null where the bytes are not UTF-8.</summary>
    public static string? Text(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return Utf8.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }

    private bool Refill()
    {
        session.Breathe();
        stream.Position = end; // another reader of the same file may have moved it
        at = 0;
        filled = stream.Read(buffer);
        end += filled;
        return filled > 0;
    }

    private static Exception PastEnd() => ScanSession.Malformed("it ends before what it announces");
}
