using System.Runtime.InteropServices;

namespace Slipway.Numerics.Sketches;

/// <summary>
/// The most frequent texts of a stream in bounded space: Misra and Gries (1982), thinned by the median when full, as Agarwal
/// and others (Mergeable summaries, 2012) allow. While there are no more texts than places all counts are exact; beyond,
/// each is too low by at most <see cref="LargestError"/>, which stays below 2 n / capacity or so.
/// </summary>
public sealed class FrequentItems
{
    private readonly Dictionary<string, long> counts;
    private readonly Dictionary<string, long>.AlternateLookup<ReadOnlySpan<char>> bySpan;

    public FrequentItems(int capacity = 1024)
    {
        if (capacity is < 8 or > 1 << 20)
            throw new ArgumentOutOfRangeException(nameof(capacity), capacity, "Between 8 and 1048576 texts are kept.");
        Capacity = capacity;
        counts = new Dictionary<string, long>(StringComparer.Ordinal);
        bySpan = counts.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    public int Capacity { get; }

    /// <summary>All texts seen.</summary>
    public long Total { get; private set; }

    /// <summary>How much a count may be too low; 0 as long as nothing was dropped.</summary>
    public long LargestError { get; private set; }

    public bool IsExact => LargestError == 0;

    public void Add(ReadOnlySpan<char> text, long times = 1)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(times);
        Total += times;
        CollectionsMarshal.GetValueRefOrAddDefault(bySpan, text, out _) += times;
        if (counts.Count > Capacity)
            Thin();
    }

    public void Merge(FrequentItems other)
    {
        if (other.Capacity != Capacity)
            throw new ArgumentException("Lists of different capacities have different errors.", nameof(other));
        Total += other.Total;
        LargestError += other.LargestError;
        foreach (var (text, count) in other.counts)
            CollectionsMarshal.GetValueRefOrAddDefault(counts, text, out _) += count;
        while (counts.Count > Capacity)
            Thin();
    }

    /// <summary>The most frequent, by falling count and then by text. Counts are never too high.</summary>
    public IReadOnlyList<FrequentItem> Top(int number) =>
        [
            .. counts
                .OrderByDescending(c => c.Value)
                .ThenBy(c => c.Key, StringComparer.Ordinal)
                .Take(number)
                .Select(c => new FrequentItem(c.Key, c.Value, c.Value + LargestError)),
        ];

    public byte[] ToBytes()
    {
        var writer = new SketchWriter(SketchKind.FrequentItems);
        writer.Long(Capacity);
        writer.Long(Total);
        writer.Long(LargestError);
        writer.Long(counts.Count);
        foreach (var (text, count) in counts.OrderBy(c => c.Key, StringComparer.Ordinal))
        {
            writer.Text(text);
            writer.Long(count);
        }
        return writer.ToBytes();
    }

    public static FrequentItems FromBytes(ReadOnlySpan<byte> bytes)
    {
        var reader = new SketchReader(bytes, SketchKind.FrequentItems);
        var capacity = (int)reader.Count(1 << 20);
        if (capacity < 8)
            throw new FormatException("A stored list has fewer places than any list has.");
        var items = new FrequentItems(capacity) { Total = reader.Count(), LargestError = reader.Count() };
        for (var left = reader.Count(capacity); left > 0; left--)
        {
            if (!items.counts.TryAdd(reader.Text(), reader.Count()))
                throw new FormatException("A stored list names a text twice.");
        }
        reader.End();
        return items;
    }

    // Takes the median off every count: half of the places become free at once, so the work is constant per text.
    private void Thin()
    {
        var values = counts.Values.ToArray();
        Array.Sort(values);
        var median = values[values.Length / 2];
        LargestError += median;
        foreach (var text in counts.Keys.ToArray())
        {
            ref var count = ref CollectionsMarshal.GetValueRefOrNullRef(counts, text);
            count -= median;
            if (count <= 0)
                counts.Remove(text);
        }
    }
}
