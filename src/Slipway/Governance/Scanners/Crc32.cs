namespace Slipway.Governance.Scanners;

/// <summary>The checksum of zip members (ISO 3309, reflected 0xEDB88320).</summary>
internal static class Crc32
{
    private static readonly uint[] Table = [.. Enumerable.Range(0, 256).Select(i => Entry((uint)i))];

    public static uint Of(Stream stream, ScanSession session)
    {
        var crc = uint.MaxValue;
        var buffer = new byte[64 * 1024];
        stream.Position = 0;
        int read;
        while ((read = stream.Read(buffer)) > 0)
        {
            session.Breathe();
            foreach (var b in buffer.AsSpan(0, read))
                crc = Table[(byte)(crc ^ b)] ^ crc >> 8;
        }
        stream.Position = 0;
        return ~crc;
    }

    private static uint Entry(uint value)
    {
        for (var bit = 0; bit < 8; bit++)
            value = (value & 1) != 0 ? 0xEDB88320 ^ value >> 1 : value >> 1;
        return value;
    }
}
