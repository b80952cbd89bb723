namespace Slipway.Numerics.Sketches;

public sealed partial class QuantileSketch
{
    public byte[] ToBytes()
    {
        var writer = new SketchWriter(SketchKind.Quantiles);
        writer.Long(Size);
        writer.Long(Count);
        writer.Double(Minimum);
        writer.Double(Maximum);
        writer.Long((long)coin);
        writer.Long(levels.Count);
        foreach (var level in levels)
            writer.Doubles(level.Values);
        return writer.ToBytes();
    }

    public static QuantileSketch FromBytes(ReadOnlySpan<byte> bytes)
    {
        var reader = new SketchReader(bytes, SketchKind.Quantiles);
        var size = (int)reader.Count(65_535);
        if (size < SmallestLevel)
            throw new FormatException("A stored sketch keeps fewer values than any sketch does.");
        var sketch = new QuantileSketch(size)
        {
            Count = reader.Count(),
            Minimum = reader.Double(),
            Maximum = reader.Double(),
            coin = (ulong)reader.Long(),
        };
        var stored = (int)reader.Count(60);
        while (sketch.levels.Count < stored)
            sketch.Grow();
        long weight = 0;
        for (var i = 0; i < stored; i++)
        {
            var values = reader.Doubles();
            if (values.Any(v => !double.IsFinite(v)))
                throw new FormatException("A stored sketch holds a value that is not finite.");
            sketch.levels[i].Append(values);
            if (i > 0)
                sketch.levels[i].Sort();
            sketch.retained += values.Length;
            weight += (long)values.Length << i;
        }
        reader.End();
        if (weight != sketch.Count || sketch.retained > sketch.capacity)
            throw new FormatException("The values of a stored sketch do not add up to its count.");
        return sketch;
    }

    private sealed class Level
    {
        private double[] values = new double[SmallestLevel];

        public int Count { get; private set; }

        public Span<double> Values => values.AsSpan(0, Count);

        public void Push(double value)
        {
            if (Count == values.Length)
                Array.Resize(ref values, 2 * Count);
            values[Count++] = value;
        }

        public void Append(ReadOnlySpan<double> more)
        {
            Reserve(Count + more.Length);
            more.CopyTo(values.AsSpan(Count));
            Count += more.Length;
        }

        public void Sort() => Values.Sort();

        public void Truncate(int count) => Count = count;

        /// <summary>Both ascend before, and the whole after; filled from the end, so that nothing is copied twice.</summary>
        public void MergeSorted(ReadOnlySpan<double> more)
        {
            Reserve(Count + more.Length);
            int own = Count - 1,
                other = more.Length - 1;
            for (var at = Count + more.Length - 1; other >= 0; at--)
                values[at] = own >= 0 && values[own] > more[other] ? values[own--] : more[other--];
            Count += more.Length;
        }

        private void Reserve(int count)
        {
            if (count > values.Length)
                Array.Resize(ref values, Math.Max(count, 2 * values.Length));
        }
    }
}
