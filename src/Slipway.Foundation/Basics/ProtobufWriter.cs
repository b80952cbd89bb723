using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Slipway.Foundation.Basics;

/// <summary>Writes the fields of a protobuf message. Fields that have their default are left out by the caller.</summary>
public sealed class ProtobufWriter
{
    private readonly ArrayBufferWriter<byte> buffer = new();

    public ReadOnlySpan<byte> Written => buffer.WrittenSpan;

    public void Varint(int field, ulong value)
    {
        Varint(((ulong)field << 3) | 0);
        Varint(value);
    }

    public void Fixed64(int field, ulong value)
    {
        Varint(((ulong)field << 3) | 1);
        BinaryPrimitives.WriteUInt64LittleEndian(buffer.GetSpan(8), value);
        buffer.Advance(8);
    }

    public void Double(int field, double value) => Fixed64(field, BitConverter.DoubleToUInt64Bits(value));

    public void Bytes(int field, ReadOnlySpan<byte> value)
    {
        Varint(((ulong)field << 3) | 2);
        Varint((ulong)value.Length);
        buffer.Write(value);
    }

    public void Text(int field, string value)
    {
        Varint(((ulong)field << 3) | 2);
        Varint((ulong)Encoding.UTF8.GetByteCount(value));
        Encoding.UTF8.GetBytes(value, buffer);
    }

    /// <summary>A nested message. It is written aside first, because its length stands before it.</summary>
    public void Message<T>(int field, T value, Action<ProtobufWriter, T> write)
    {
        var inner = new ProtobufWriter();
        write(inner, value);
        Bytes(field, inner.Written);
    }

    private void Varint(ulong value)
    {
        var span = buffer.GetSpan(10);
        var length = 0;
        for (; value >= 0x80; value >>= 7)
            span[length++] = (byte)(value | 0x80);
        span[length++] = (byte)value;
        buffer.Advance(length);
    }
}
