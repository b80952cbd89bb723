namespace Slipway.Numerics.Sketches;

/// <summary>
/// Quantiles of a stream in a few kilobytes: the KLL sketch (Karnin, Lang and Liberty, Optimal quantile approximation in
/// streams, 2016), compacting lazily. With k = 200 the rank of an answer is wrong by at most 1.33 % in 99 of 100 cases,
/// whatever the data and their order, also after merging; the error falls about as 1/k. Values that are not finite are not
/// taken: count them with <see cref="Moments"/>.
/// </summary>
public sealed partial class QuantileSketch
{
    public const int UsualSize = 200;

    private const int SmallestLevel = 8;

    // Level i holds values that stand for 2^i each. Level 0 is in order of arrival, the others ascend.
    private readonly List<Level> levels = [];
    private int[] capacities = [];
    private int retained;
    private int capacity;
    private ulong coin = 0x9E3779B97F4A7C15;

    public QuantileSketch(int size = UsualSize)
    {
        if (size is < SmallestLevel or > 65_535)
            throw new ArgumentOutOfRangeException(
                nameof(size),
                size,
                "A sketch keeps between 8 and 65535 values a level."
            );
        Size = size;
        Grow();
    }

    /// <summary>k: how many values the top level keeps.</summary>
    public int Size { get; }

    public long Count { get; private set; }

    public double Minimum { get; private set; } = double.PositiveInfinity;

    public double Maximum { get; private set; } = double.NegativeInfinity;

    public int RetainedCount => retained;

    public void Add(double value) => Add([value]);

    public void Add(ReadOnlySpan<double> values)
    {
        double low = Minimum,
            high = Maximum;
        while (!values.IsEmpty)
        {
            while (retained >= capacity)
                Compress();
            var taken = Math.Min(values.Length, capacity - retained);
            var bottom = levels[0];
            var before = bottom.Count;
            foreach (var value in values[..taken])
            {
                if (!double.IsFinite(value))
                    continue;
                low = Math.Min(low, value);
                high = Math.Max(high, value);
                bottom.Push(value);
            }
            retained += bottom.Count - before;
            Count += bottom.Count - before;
            values = values[taken..];
        }
        Minimum = low;
        Maximum = high;
    }

    /// <summary>Takes in what another sketch saw, as if this one had seen it. The other stays as it is.</summary>
    public void Merge(QuantileSketch other)
    {
        if (other.Size != Size)
            throw new ArgumentException(
                $"Sketches of sizes {Size} and {other.Size} have different errors.",
                nameof(other)
            );
        Minimum = Math.Min(Minimum, other.Minimum);
        Maximum = Math.Max(Maximum, other.Maximum);
        while (levels.Count < other.levels.Count)
            Grow();
        levels[0].Append(other.levels[0].Values);
        for (var i = 1; i < other.levels.Count; i++)
            levels[i].MergeSorted(other.levels[i].Values);
        retained += other.retained;
        Count += other.Count;
        coin ^= other.coin * 0xD1342543DE82EF95;
        while (retained > capacity)
            Compress();
    }

    /// <summary>The share of the stream that is below a value, or at most it.</summary>
    public double Rank(double value, bool inclusive = true)
    {
        Require.Some(retained);
        long below = 0;
        for (var i = 0; i < levels.Count; i++)
        {
            long found = 0;
            foreach (var kept in levels[i].Values)
                found += kept < value || (inclusive && kept == value) ? 1 : 0;
            below += found << i;
        }
        return (double)below / Count;
    }

    public double Quantile(double q) => Quantiles([q])[0];

    /// <summary>Several quantiles at once: sorts what is kept a single time.</summary>
    public double[] Quantiles(ReadOnlySpan<double> shares)
    {
        var points = Points();
        var answers = new double[shares.Length];
        for (var i = 0; i < answers.Length; i++)
        {
            if (!(shares[i] is >= 0 and <= 1))
                throw new ArgumentOutOfRangeException(nameof(shares), shares[i], "A quantile lies between 0 and 1.");
            answers[i] = points.At(shares[i], Minimum, Maximum);
        }
        return answers;
    }

    /// <summary>What is kept, ascending, each with how many of the stream are at most it.</summary>
    internal SketchPoints Points()
    {
        Require.Some(retained);
        var values = new double[retained];
        var weights = new long[retained];
        var next = 0;
        for (var i = 0; i < levels.Count; i++)
        {
            foreach (var value in levels[i].Values)
            {
                values[next] = value;
                weights[next++] = 1L << i;
            }
        }
        Array.Sort(values, weights);
        for (var i = 1; i < weights.Length; i++)
            weights[i] += weights[i - 1];
        return new SketchPoints(values, weights);
    }

    // Halves the lowest level that is full into the one above.
    private void Compress()
    {
        var at = 0;
        while (levels[at].Count < capacities[at])
            at++;
        if (at == levels.Count - 1)
            Grow();
        var level = levels[at];
        if (at == 0)
            level.Sort();
        var odd = level.Count % 2;
        var pairs = level.Count / 2;
        var values = level.Values[odd..];
        // The coin falls by the data too, so that parts of one stream do not all fall alike.
        coin = (coin ^ BitConverter.DoubleToUInt64Bits(values[pairs])) * 0xD1342543DE82EF95 + 0x2545F4914F6CDD1D;
        var offset = (int)(coin >> 63);
        for (var i = 0; i < pairs; i++)
            values[i] = values[2 * i + offset];
        levels[at + 1].MergeSorted(values[..pairs]);
        level.Truncate(odd);
        retained -= pairs;
    }

    // Each level holds two thirds of the one above: where values stand for many, more are kept.
    private void Grow()
    {
        levels.Add(new Level());
        capacities = new int[levels.Count];
        for (var i = 0; i < capacities.Length; i++)
        {
            var share = Math.Pow(2.0 / 3, capacities.Length - 1 - i);
            capacities[i] = Math.Max(SmallestLevel, (int)Math.Round(Size * share));
        }
        capacity = capacities.Sum();
    }
}
