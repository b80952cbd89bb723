using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Slipway.Foundation.Events;

/// <summary>
/// The links: each is the SHA-256 of the link before it and of the row in one unambiguous form (whole numbers in eight
/// bytes, texts in UTF-8 behind their length), so that whoever changes a row, or its place, changes every link after it.
/// </summary>
internal static class EventChain
{
    /// <summary>What the first row is linked to.</summary>
    public static byte[] Beginning { get; } = new byte[SHA256.HashSizeInBytes];

    public static Seal Link(Seal previous, EventRow row)
    {
        var position = previous.Position + 1;
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(previous.Hash);
        Append(hash, position);
        Append(hash, row.Key.Stamp);
        Append(hash, row.Key.Number);
        Append(hash, row.TimeMs);
        foreach (var text in row.Texts)
            Append(hash, text);
        return new Seal(position, row.Key, hash.GetHashAndReset());
    }

    private static void Append(IncrementalHash hash, long number)
    {
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(bytes, number);
        hash.AppendData(bytes);
    }

    private static void Append(IncrementalHash hash, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        Append(hash, bytes.LongLength);
        hash.AppendData(bytes);
    }
}
