using System.Globalization;
using System.Text;

namespace Slipway.Governance.Scanners;

/// <summary>
/// Goes through a pickle of any protocol without running it: every instruction is followed on a stack of shadows, so that
/// the globals it names are known however it comes to name them (from its memo, from two texts, in old lines or as old
/// instances). What is not on the list of <see cref="PickleGlobals"/> is an offence, and so is a call of anything but a
/// listed global. joblib puts the bytes of arrays between the instructions of one pickle; those are followed both as
/// joblib reads them and as a plain unpickler would.
/// </summary>
internal sealed partial class PickleWalker(ByteReader reader, ScanSession session, PickleMachine machine, bool isPlain)
{
    private const int LongestName = 400;
    private const int LongestLine = 1 << 20;
    private const int LongestNumber = 1 << 16;
    private const int OffenceLimit = 200;
    private const int HighestProtocol = 5;

    private readonly SortedDictionary<string, string> offences = new(StringComparer.Ordinal);
    private long forkedBytes;
    private long? end;

    /// <summary>What it would do that it must not, as sentences by what they are about.</summary>
    public IReadOnlyDictionary<string, string> Offences => offences;

    /// <summary>It named a global that is known to run commands or load code.</summary>
    public bool NamedDanger { get; private set; }

    /// <summary>It came as far as calling something.</summary>
    public bool Called { get; private set; }

    /// <summary>Any global, listed or not.</summary>
    public bool NamedGlobal { get; private set; }

    /// <summary>Follows one pickle to its end; throws where an unpickler would stop.</summary>
    public void Walk()
    {
        machine.Reset();
        Follow();
    }

    private void Follow()
    {
        while (true)
        {
            if (reader.Position >= end)
                throw ScanSession.Malformed("the look at it ends here");
            var instruction = reader.Byte();
            if (instruction == (byte)'.')
            {
                machine.Pop();
                return;
            }
            if (!Text(instruction) && !Binary(instruction) && !Collection(instruction) && !Memo(instruction))
                Object(instruction);
        }
    }

    /// <summary>Values that protocols 0 and 1 write as lines.</summary>
    private bool Text(byte instruction)
    {
        switch ((char)instruction)
        {
            case 'I' or 'L':
                machine.Push(
                    long.TryParse(Ascii(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole)
                        ? new PickleValue.Whole(whole)
                        : PickleValue.Opaque
                );
                return true;
            case 'F':
                Ascii();
                machine.Push(PickleValue.Opaque);
                return true;
            case 'S':
                machine.Push(Quoted(reader.Line(LongestLine)));
                return true;
            case 'V':
                var line = reader.Line(LongestLine);
                machine.Push(line.AsSpan().Contains((byte)'\\') ? PickleValue.Opaque : Kept(line));
                return true;
            default:
                return false;
        }
    }

    /// <summary>Values that are written with a length or in fixed width.</summary>
    private bool Binary(byte instruction)
    {
        switch (instruction)
        {
            case (byte)'N' or 0x88 or 0x89: // None, True, False
                machine.Push(PickleValue.Opaque);
                return true;
            case (byte)'J':
                machine.Push(new PickleValue.Whole((int)reader.UInt32()));
                return true;
            case (byte)'K':
                machine.Push(new PickleValue.Whole(reader.Byte()));
                return true;
            case (byte)'M':
                machine.Push(new PickleValue.Whole(reader.UInt16()));
                return true;
            case 0x8A: // LONG1
                machine.Push(Whole(reader.Bytes(reader.Byte(), LongestNumber)));
                return true;
            case 0x8B: // LONG4
                machine.Push(Whole(reader.Bytes((int)reader.UInt32(), LongestNumber)));
                return true;
            case (byte)'G':
                return Opaque(8);
            case (byte)'U' or 0x8C: // SHORT_BINSTRING, SHORT_BINUNICODE
                return String(reader.Byte());
            case (byte)'T' or (byte)'X': // BINSTRING, BINUNICODE
                return String(reader.UInt32());
            case 0x8D: // BINUNICODE8
                return String(reader.UInt64());
            case (byte)'C': // SHORT_BINBYTES
                return Opaque(reader.Byte());
            case (byte)'B': // BINBYTES
                return Opaque(reader.UInt32());
            case 0x8E or 0x96: // BINBYTES8, BYTEARRAY8
                return Opaque(reader.UInt64());
            default:
                return false;
        }
    }

    private bool Collection(byte instruction)
    {
        switch (instruction)
        {
            case (byte)'(':
                machine.Mark();
                return true;
            case (byte)'t':
                machine.Push(new PickleValue.Items(machine.PopToMark()));
                return true;
            case (byte)')':
                machine.Push(new PickleValue.Items([]));
                return true;
            case 0x85:
                machine.Push(new PickleValue.Items([machine.Pop()]));
                return true;
            case 0x86:
                var second = machine.Pop();
                machine.Push(new PickleValue.Items([machine.Pop(), second]));
                return true;
            case 0x87:
                var (third, middle) = (machine.Pop(), machine.Pop());
                machine.Push(new PickleValue.Items([machine.Pop(), middle, third]));
                return true;
            case (byte)']' or 0x8F: // EMPTY_LIST, EMPTY_SET
                machine.Push(PickleValue.Opaque);
                return true;
            case (byte)'l' or 0x91: // LIST, FROZENSET
                machine.PopToMark();
                machine.Push(PickleValue.Opaque);
                return true;
            case (byte)'}':
                machine.Push(new PickleValue.Map());
                return true;
            case (byte)'d':
                machine.Push(Filled(new PickleValue.Map(), machine.PopToMark()));
                return true;
            case (byte)'s':
                var value = machine.Pop();
                Filled(machine, [machine.Pop(), value]);
                return true;
            case (byte)'u':
                var pairs = machine.PopToMark();
                Filled(machine, pairs);
                return true;
            case (byte)'a':
                machine.Pop();
                return machine.Top is not null;
            case (byte)'e' or 0x90: // APPENDS, ADDITEMS
                machine.PopToMark();
                return machine.Top is not null;
            default:
                return false;
        }
    }

    private bool Memo(byte instruction)
    {
        switch (instruction)
        {
            case (byte)'0':
                machine.Drop();
                return true;
            case (byte)'1':
                machine.PopToMark();
                return true;
            case (byte)'2':
                machine.Push(machine.Top);
                return true;
            case (byte)'p':
                machine.Put(Place(Ascii()));
                return true;
            case (byte)'q':
                machine.Put(reader.Byte());
                return true;
            case (byte)'r':
                machine.Put(reader.UInt32());
                return true;
            case 0x94:
                machine.Memoize();
                return true;
            case (byte)'g':
                machine.Push(machine.Get(Place(Ascii())));
                return true;
            case (byte)'h':
                machine.Push(machine.Get(reader.Byte()));
                return true;
            case (byte)'j':
                machine.Push(machine.Get(reader.UInt32()));
                return true;
            default:
                return false;
        }
    }

    private bool Opaque(ulong length)
    {
        reader.Skip(length <= long.MaxValue ? (long)length : -1);
        machine.Push(PickleValue.Opaque);
        return true;
    }

    private bool String(ulong length)
    {
        if (length > LongestName)
            return Opaque(length);
        machine.Push(Kept(reader.Bytes((long)length, LongestName)));
        return true;
    }

    private static void Filled(PickleMachine machine, PickleValue[] pairs)
    {
        if (machine.Top is PickleValue.Map map)
            Filled(map, pairs);
    }

    private static PickleValue.Map Filled(PickleValue.Map map, PickleValue[] pairs)
    {
        if (pairs.Length % 2 != 0)
            throw ScanSession.Malformed("a pickle sets a key without a value");
        for (var i = 0; i < pairs.Length; i += 2)
            map.Set(pairs[i], pairs[i + 1]);
        return map;
    }

    private string Ascii() => Encoding.Latin1.GetString(reader.Line(LongestNumber)).Trim();

    private static uint Place(string text) =>
        uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var place)
            ? place
            : throw ScanSession.Malformed("a pickle names a place in its memo that is no number");

    private static PickleValue Whole(byte[] littleEndian)
    {
        if (littleEndian.Length > 8)
            return PickleValue.Opaque;
        var value = littleEndian.Length > 0 && littleEndian[^1] >= 0x80 ? -1L : 0L;
        for (var i = littleEndian.Length - 1; i >= 0; i--)
            value = value << 8 | littleEndian[i];
        return new PickleValue.Whole(value);
    }

    private static PickleValue Quoted(byte[] line)
    {
        var text = line.AsSpan().Trim(" \t\r"u8);
        if (text.Length < 2 || text[0] != text[^1] || text[0] is not ((byte)'\'' or (byte)'"'))
            throw ScanSession.Malformed("a pickle has a text without quotes");
        return text.Contains((byte)'\\') ? PickleValue.Opaque : Kept(text[1..^1]);
    }

    /// <summary>Only what may be part of a name is worth remembering.</summary>
    private static PickleValue Kept(ReadOnlySpan<byte> text) =>
        text.Length is > 0 and <= LongestName && !text.ContainsAnyExceptInRange((byte)0x21, (byte)0x7E)
            ? new PickleValue.Text(Encoding.ASCII.GetString(text))
            : PickleValue.Opaque;
}
