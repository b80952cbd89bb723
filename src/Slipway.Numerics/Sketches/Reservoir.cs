using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Slipway.Numerics.Sampling;

namespace Slipway.Numerics.Sketches;

/// <summary>
/// A uniform sample of fixed size of a stream of unknown length (Vitter's algorithm R, 1985). Merged parts are a uniform
/// sample of the whole.
/// </summary>
public sealed class Reservoir<T>
    where T : unmanaged
{
    private const int LargestCapacity = 1 << 24;

    private readonly List<T> kept = [];
    private readonly ulong seed;
    private RandomSource random;

    public Reservoir(int capacity, ulong seed)
    {
        if (capacity is < 1 or > LargestCapacity)
            throw new ArgumentOutOfRangeException(
                nameof(capacity),
                capacity,
                "Between 1 and 16777216 values are kept."
            );
        Capacity = capacity;
        this.seed = seed;
        random = new RandomSource(seed);
    }

    public int Capacity { get; }

    /// <summary>All values seen.</summary>
    public long Count { get; private set; }

    public ReadOnlySpan<T> Values => CollectionsMarshal.AsSpan(kept);

    public void Add(T value)
    {
        Count++;
        if (kept.Count < Capacity)
        {
            kept.Add(value);
            return;
        }
        var place = Math.BigMul(random.NextUInt64(), (ulong)Count, out _);
        if (place < (ulong)Capacity)
            kept[(int)place] = value;
    }

    /// <summary>Draws from both, each value of either stream as likely as any other.</summary>
    public void Merge(Reservoir<T> other)
    {
        if (other.Capacity != Capacity)
            throw new ArgumentException("Samples of different sizes do not merge.", nameof(other));
        var first = kept.ToArray();
        var second = other.kept.ToArray();
        random.Shuffle<T>(first);
        random.Shuffle<T>(second);
        double ofFirst = Count,
            ofSecond = other.Count;
        Count += other.Count;
        kept.Clear();
        int i = 0,
            j = 0;
        while (kept.Count < Capacity && (i < first.Length || j < second.Length))
        {
            if (random.NextDouble() * (ofFirst + ofSecond) < ofFirst)
            {
                kept.Add(first[i++]);
                ofFirst--;
            }
            else
            {
                kept.Add(second[j++]);
                ofSecond--;
            }
        }
    }

    public byte[] ToBytes()
    {
        var writer = new SketchWriter(SketchKind.Reservoir);
        writer.Long(Capacity);
        writer.Long((long)seed);
        writer.Long(Count);
        writer.Bytes(MemoryMarshal.AsBytes(Values));
        return writer.ToBytes();
    }

    internal static Reservoir<T> FromBytes(ReadOnlySpan<byte> bytes)
    {
        var reader = new SketchReader(bytes, SketchKind.Reservoir);
        var capacity = (int)reader.Count(LargestCapacity);
        var storedSeed = (ulong)reader.Long();
        var count = reader.Count();
        var values = reader.Bytes();
        reader.End();
        if (capacity < 1 || values.Length != Math.Min(capacity, count) * Unsafe.SizeOf<T>())
            throw new FormatException("A stored sample does not hold what its count says.");
        var stored = new Reservoir<T>(capacity, storedSeed)
        {
            Count = count,
            random = new RandomSource(Hashing.Of(storedSeed ^ (ulong)count)),
        };
        stored.kept.AddRange(MemoryMarshal.Cast<byte, T>(values));
        return stored;
    }
}

/// <summary>Reads stored samples.</summary>
public static class Reservoir
{
    /// <summary>The sample goes on with random numbers of its own, the same each time the same bytes are read.</summary>
    public static Reservoir<T> FromBytes<T>(ReadOnlySpan<byte> bytes)
        where T : unmanaged => Reservoir<T>.FromBytes(bytes);
}
