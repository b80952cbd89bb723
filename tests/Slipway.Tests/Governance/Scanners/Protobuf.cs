namespace Slipway.Tests.Governance.Scanners;

/// <summary>Protobuf messages of a test, written field by field.</summary>
internal static class Protobuf
{
    public static byte[] Message(params byte[][] fields) => [.. fields.SelectMany(f => f)];

    public static byte[] Field(int number, byte[] bytes) =>
        [.. Varint((ulong)number << 3 | 2), .. Varint((ulong)bytes.Length), .. bytes];

    public static byte[] Field(int number, string text) => Field(number, System.Text.Encoding.UTF8.GetBytes(text));

    public static byte[] Field(int number, ulong value) => [.. Varint((ulong)number << 3), .. Varint(value)];

    public static byte[] Varint(ulong value)
    {
        var bytes = new List<byte>();
        for (; value >= 0x80; value >>= 7)
            bytes.Add((byte)(value | 0x80));
        bytes.Add((byte)value);
        return [.. bytes];
    }
}
