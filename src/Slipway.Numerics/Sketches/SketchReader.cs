using System.Buffers.Binary;
using System.Text;

namespace Slipway.Numerics.Sketches;

/// <summary>Reads what <see cref="SketchWriter"/> wrote. Bytes may come from anywhere: nothing is believed before it is there.</summary>
internal ref struct SketchReader
{
    private ReadOnlySpan<byte> rest;

    public SketchReader(ReadOnlySpan<byte> bytes, SketchKind kind)
    {
        if (bytes.Length < 3 || bytes[0] != 'S' || bytes[1] != (byte)kind || bytes[2] != 1)
            throw new FormatException($"These bytes are no sketch of the kind {kind}.");
        rest = bytes[3..];
    }

    public byte Byte() => Take(1)[0];

    public long Long() => BinaryPrimitives.ReadInt64LittleEndian(Take(8));

    /// <summary>A number that counts something, and so lies between 0 and a limit.</summary>
    public long Count(long atMost = long.MaxValue)
    {
        var count = Long();
        return count >= 0 && count <= atMost
            ? count
            : throw new FormatException("A count in a sketch is out of range.");
    }

    public double Double() => BitConverter.Int64BitsToDouble(Long());

    public double[] Doubles()
    {
        var values = new double[Count(rest.Length / 8)];
        for (var i = 0; i < values.Length; i++)
            values[i] = Double();
        return values;
    }

    public ReadOnlySpan<byte> Bytes() => Take((int)Count(rest.Length));

    public string Text() => Encoding.UTF8.GetString(Bytes());

    public readonly void End()
    {
        if (!rest.IsEmpty)
            throw new FormatException("A sketch is followed by bytes that are not its own.");
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        if (rest.Length < count)
            throw new FormatException("The bytes of a sketch end too early.");
        var taken = rest[..count];
        rest = rest[count..];
        return taken;
    }
}
