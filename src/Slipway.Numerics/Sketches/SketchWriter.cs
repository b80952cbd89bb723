using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Slipway.Numerics.Sketches;

/// <summary>Lays a sketch down as bytes, little-endian, behind a mark that says what it is.</summary>
internal sealed class SketchWriter
{
    private readonly ArrayBufferWriter<byte> buffer = new();

    public SketchWriter(SketchKind kind)
    {
        Byte((byte)'S');
        Byte((byte)kind);
        Byte(1);
    }

    public byte[] ToBytes() => buffer.WrittenSpan.ToArray();

    public void Byte(byte value)
    {
        buffer.GetSpan(1)[0] = value;
        buffer.Advance(1);
    }

    public void Long(long value)
    {
        BinaryPrimitives.WriteInt64LittleEndian(buffer.GetSpan(8), value);
        buffer.Advance(8);
    }

    public void Double(double value) => Long(BitConverter.DoubleToInt64Bits(value));

    public void Doubles(ReadOnlySpan<double> values)
    {
        Long(values.Length);
        foreach (var value in values)
            Double(value);
    }

    public void Bytes(ReadOnlySpan<byte> bytes)
    {
        Long(bytes.Length);
        buffer.Write(bytes);
    }

    public void Text(string text) => Bytes(Encoding.UTF8.GetBytes(text));
}
