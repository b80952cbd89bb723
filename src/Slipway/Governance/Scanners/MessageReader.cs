namespace Slipway.Governance.Scanners;

/// <summary>
/// The fields of one protobuf message inside a file, read where they stand: weights of any size are passed over. A nested
/// message ends where the one around it says, however much it claims.
/// </summary>
internal sealed class MessageReader(ByteReader reader, ScanSession session, MessageCount count, long end, int depth)
{
    private int wireType;
    private bool pending;

    public long End => end;

    public static MessageReader Of(ByteReader reader, ScanSession session) =>
        new(reader, session, new MessageCount(), reader.Length, 0);

    /// <summary>The number of the next field; what was not read of the one before is passed over. 0 at the end.</summary>
    public int Next()
    {
        if (pending)
            Skip();
        if (reader.Position == end)
            return 0;
        var tag = Varint();
        wireType = (int)(tag & 7);
        pending = true;
        return tag >> 3 is > 0 and <= 0x1FFFFFFF and var field ? (int)field : throw Malformed();
    }

    public long Number()
    {
        pending = false;
        return wireType == 0 ? (long)Varint() : throw Malformed();
    }

    /// <summary>Numbers that stand alone or packed together.</summary>
    public IEnumerable<long> Numbers()
    {
        if (wireType == 0)
        {
            yield return Number();
            yield break;
        }
        var length = Length();
        var close = reader.Position + length;
        while (reader.Position < close)
            yield return (long)Varint();
    }

    public string Text(int longest = 4096)
    {
        var bytes = reader.Bytes(Length(), longest);
        return ByteReader.Text(bytes) ?? throw ScanSession.Malformed("a text in it is no UTF-8");
    }

    public MessageReader Message()
    {
        if (depth >= session.Limits.MessageDepth)
            throw ScanSession.Beyond("it is nested deeper than any model");
        if (++count.Value > session.Limits.Messages)
            throw ScanSession.Beyond("it has more parts than any model");
        var length = Length();
        return new MessageReader(reader, session, count, reader.Position + length, depth + 1);
    }

    /// <summary>How long the bytes of this field are; they follow.</summary>
    public long Length()
    {
        if (wireType != 2)
            throw Malformed();
        pending = false;
        var length = Varint();
        return length <= (ulong)(end - reader.Position) ? (long)length : throw Malformed();
    }

    public void Pass(long length) => reader.Skip(length);

    private void Skip()
    {
        pending = false;
        switch (wireType)
        {
            case 0:
                Varint();
                break;
            case 1:
                Pass(8);
                break;
            case 2:
                Pass(Length());
                break;
            case 5:
                Pass(4);
                break;
            default:
                throw Malformed();
        }
        if (reader.Position > end)
            throw Malformed();
    }

    private ulong Varint()
    {
        ulong value = 0;
        for (var shift = 0; shift < 64; shift += 7)
        {
            if (reader.Position >= end)
                throw Malformed();
            var part = reader.Byte();
            value |= (ulong)(part & 0x7F) << shift;
            if (part < 0x80)
                return value;
        }
        throw Malformed();
    }

    private static Exception Malformed() => ScanSession.Malformed("it is no protobuf message, or ends within one");
}

/// <summary>How many messages of one file were opened.</summary>
internal sealed class MessageCount
{
    public long Value { get; set; }
}
