using System.Runtime.InteropServices;

namespace Slipway.Foundation.Blobs;

/// <summary>
/// Part of a blob as HTTP asks for it: from <see cref="First"/> to <see cref="Last"/> inclusive, to the end where there
/// is no last, or the final <see cref="Last"/> bytes where there is no first.
/// </summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct ByteRange(long? First, long? Last)
{
    /// <summary>Where the part starts in a blob of that size and how long it is; null where nothing of it exists.</summary>
    public (long Offset, long Length)? In(long sizeBytes)
    {
        if (First is not { } first)
        {
            var tail = Math.Min(Last ?? 0, sizeBytes);
            return tail > 0 ? (sizeBytes - tail, tail) : null;
        }
        if (first < 0 || first >= sizeBytes || Last < first)
            return null;
        return (first, Math.Min(Last ?? long.MaxValue, sizeBytes - 1) - first + 1);
    }
}
