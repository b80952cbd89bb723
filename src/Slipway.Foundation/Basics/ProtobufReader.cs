using System.Buffers.Binary;
using System.Text;
using Slipway.Sdk;

namespace Slipway.Foundation.Basics;

/// <summary>
/// Reads the fields of one protobuf message, in the order they stand. The messages we take from outside are few and
/// small in shape, so their fields are picked by number where they are needed; no generated classes stand between.
/// Bytes that are not protobuf are a Fault, never an exception of another kind and never a read outside the message.
/// </summary>
public ref struct ProtobufReader(ReadOnlySpan<byte> message)
{
    private static readonly UTF8Encoding Utf8 = new(false, throwOnInvalidBytes: false);

    private readonly ReadOnlySpan<byte> message = message;
    private int at;
    private int wireType;

    /// <summary>The number of the field that stands next; false at the end. Each field is then read or skipped.</summary>
    public bool Next(out int field)
    {
        field = 0;
        if (at == message.Length)
            return false;
        var tag = Varint();
        wireType = (int)(tag & 7);
        if (tag >> 3 is 0 or > 0x1FFFFFFF)
            throw Malformed();
        field = (int)(tag >> 3);
        return true;
    }

    public ulong Varint()
    {
        ulong value = 0;
        for (var shift = 0; shift < 64; shift += 7)
        {
            if (at == message.Length)
                throw Malformed();
            var part = message[at++];
            value |= (ulong)(part & 0x7F) << shift;
            if (part < 0x80)
                return value;
        }
        throw Malformed();
    }

    /// <summary>A whole number, which the sender may have written as a varint or in fixed width.</summary>
    public ulong Whole() =>
        wireType switch
        {
            0 => Varint(),
            1 => BinaryPrimitives.ReadUInt64LittleEndian(Take(8)),
            5 => BinaryPrimitives.ReadUInt32LittleEndian(Take(4)),
            _ => throw Malformed(),
        };

    public double Double() => BitConverter.UInt64BitsToDouble(wireType == 1 ? Whole() : throw Malformed());

    /// <summary>A nested message or bytes, as they stand in this one.</summary>
    public ReadOnlySpan<byte> Bytes()
    {
        if (wireType != 2)
            throw Malformed();
        var length = Varint();
        return length <= (ulong)(message.Length - at) ? Take((int)length) : throw Malformed();
    }

    /// <summary>A text; what is not UTF-8 becomes the replacement character.</summary>
    public string Text() => Utf8.GetString(Bytes());

    public void Skip()
    {
        if (wireType == 2)
            Bytes();
        else
            Whole();
    }

    private ReadOnlySpan<byte> Take(int length)
    {
        if (length > message.Length - at)
            throw Malformed();
        var bytes = message.Slice(at, length);
        at += length;
        return bytes;
    }

    private static Fault Malformed() => Fault.Invalid("protobuf.malformed", "The bytes are not a protobuf message.");
}
