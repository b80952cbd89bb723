using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;

namespace Slipway.Numerics.Sketches;

/// <summary>
/// 64-bit hashes for sketches, the same on every machine and for ever, since stored sketches rely on them. Texts by XXH64
/// (its specification, version 0.1.1), numbers by the finisher of SplitMix64.
/// </summary>
public static class Hashing
{
    private const ulong P1 = 0x9E3779B185EBCA87;
    private const ulong P2 = 0xC2B2AE3D27D4EB4F;
    private const ulong P3 = 0x165667B19E3779F9;
    private const ulong P4 = 0x85EBCA77C2B2AE63;
    private const ulong P5 = 0x27D4EB2F165667C5;

    /// <summary>Of a number: −0 is 0, and all that is not a number is one value.</summary>
    public static ulong Of(double value) =>
        Of(
            BitConverter.DoubleToUInt64Bits(
                value == 0 ? 0
                : double.IsNaN(value) ? double.NaN
                : value
            )
        );

    public static ulong Of(ulong value)
    {
        value += P1;
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }

    /// <summary>Of a text by its UTF-16 units: quick, and nothing is encoded.</summary>
    public static ulong Of(ReadOnlySpan<char> text) => XxHash64(MemoryMarshal.AsBytes(text));

    public static ulong XxHash64(ReadOnlySpan<byte> bytes, ulong seed = 0)
    {
        var length = (ulong)bytes.Length;
        var hash = seed + P5;
        if (bytes.Length >= 32)
        {
            ulong a = seed + P1 + P2,
                b = seed + P2,
                c = seed,
                d = seed - P1;
            for (; bytes.Length >= 32; bytes = bytes[32..])
            {
                a = Round(a, Read(bytes));
                b = Round(b, Read(bytes[8..]));
                c = Round(c, Read(bytes[16..]));
                d = Round(d, Read(bytes[24..]));
            }
            hash =
                BitOperations.RotateLeft(a, 1)
                + BitOperations.RotateLeft(b, 7)
                + BitOperations.RotateLeft(c, 12)
                + BitOperations.RotateLeft(d, 18);
            hash = Fold(Fold(Fold(Fold(hash, a), b), c), d);
        }
        hash += length;
        for (; bytes.Length >= 8; bytes = bytes[8..])
            hash = BitOperations.RotateLeft(hash ^ Round(0, Read(bytes)), 27) * P1 + P4;
        if (bytes.Length >= 4)
        {
            hash ^= BinaryPrimitives.ReadUInt32LittleEndian(bytes) * P1;
            hash = BitOperations.RotateLeft(hash, 23) * P2 + P3;
            bytes = bytes[4..];
        }
        foreach (var one in bytes)
            hash = BitOperations.RotateLeft(hash ^ (one * P5), 11) * P1;
        hash = (hash ^ (hash >> 33)) * P2;
        hash = (hash ^ (hash >> 29)) * P3;
        return hash ^ (hash >> 32);
    }

    private static ulong Read(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadUInt64LittleEndian(bytes);

    private static ulong Round(ulong lane, ulong input) => BitOperations.RotateLeft(lane + input * P2, 31) * P1;

    private static ulong Fold(ulong hash, ulong lane) => (hash ^ Round(0, lane)) * P1 + P4;
}
