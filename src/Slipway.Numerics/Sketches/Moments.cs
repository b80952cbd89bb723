using System.Numerics;
using System.Runtime.InteropServices;

namespace Slipway.Numerics.Sketches;

/// <summary>
/// Count, mean, spread and shape of a stream in constant space. Values are taken in blocks, each in two passes over the
/// cache, and blocks are joined by the exact formulas of Chan, Golub and LeVeque (1979) and Pébay (2008): no digits are lost
/// far from 0, and parts may be counted apart and merged.
/// </summary>
public sealed class Moments
{
    private const int Block = 1024;

    private double m2;
    private double m3;
    private double m4;
    private double mean;

    /// <summary>The finite values.</summary>
    public long Count { get; private set; }

    public long NanCount { get; private set; }

    public long InfiniteCount { get; private set; }

    public long ZeroCount { get; private set; }

    public double Minimum { get; private set; } = double.PositiveInfinity;

    public double Maximum { get; private set; } = double.NegativeInfinity;

    public double Mean => Defined(1, mean);

    public double Sum => mean * Count;

    /// <summary>The mean squared distance from the mean (population).</summary>
    public double Variance => Defined(1, m2 / Count);

    public double StandardDeviation => Math.Sqrt(Variance);

    /// <summary>The unbiased estimate of the variance.</summary>
    public double SampleVariance => Defined(2, m2 / (Count - 1));

    public double Skewness => m2 > 0 ? Math.Sqrt(Count) * m3 / Math.Pow(m2, 1.5) : 0;

    /// <summary>Beyond that of a normal distribution, which has 0.</summary>
    public double ExcessKurtosis => m2 > 0 ? Count * m4 / (m2 * m2) - 3 : 0;

    public void Add(ReadOnlySpan<double> values)
    {
        for (; values.Length > Block; values = values[Block..])
            AddBlock(values[..Block]);
        AddBlock(values);
    }

    public void Add(double value) => AddBlock([value]);

    public void Merge(Moments other)
    {
        NanCount += other.NanCount;
        InfiniteCount += other.InfiniteCount;
        ZeroCount += other.ZeroCount;
        Minimum = Math.Min(Minimum, other.Minimum);
        Maximum = Math.Max(Maximum, other.Maximum);
        Join(other.Count, other.mean, other.m2, other.m3, other.m4);
    }

    public byte[] ToBytes()
    {
        var writer = new SketchWriter(SketchKind.Moments);
        foreach (var count in (ReadOnlySpan<long>)[Count, NanCount, InfiniteCount, ZeroCount])
            writer.Long(count);
        foreach (var value in (ReadOnlySpan<double>)[Minimum, Maximum, mean, m2, m3, m4])
            writer.Double(value);
        return writer.ToBytes();
    }

    public static Moments FromBytes(ReadOnlySpan<byte> bytes)
    {
        var reader = new SketchReader(bytes, SketchKind.Moments);
        var moments = new Moments
        {
            Count = reader.Count(),
            NanCount = reader.Count(),
            InfiniteCount = reader.Count(),
            ZeroCount = reader.Count(),
            Minimum = reader.Double(),
            Maximum = reader.Double(),
            mean = reader.Double(),
            m2 = reader.Double(),
            m3 = reader.Double(),
            m4 = reader.Double(),
        };
        reader.End();
        return moments;
    }

    private void AddBlock(ReadOnlySpan<double> values)
    {
        if (values.IsEmpty)
            return;
        Span<double> kept = stackalloc double[Block];
        // A value that is not finite is seen by its difference from itself: ∞ − ∞ and NaN − NaN are no numbers.
        if (HasOnlyFinite(values))
            AddFinite(values);
        else
            AddFinite(Keep(values, kept));
    }

    private void AddFinite(ReadOnlySpan<double> values)
    {
        if (values.IsEmpty)
            return;
        Vector<double> sums = default,
            low = new(double.PositiveInfinity),
            high = new(double.NegativeInfinity);
        Vector<long> zeros = default;
        var vectors = MemoryMarshal.Cast<double, Vector<double>>(values);
        foreach (var vector in vectors)
        {
            sums += vector;
            low = Vector.Min(low, vector);
            high = Vector.Max(high, vector);
            zeros -= Vector.Equals(vector, Vector<double>.Zero);
        }
        double sum = Vector.Sum(sums),
            minimum = double.PositiveInfinity,
            maximum = double.NegativeInfinity;
        for (var i = 0; i < Vector<double>.Count; i++)
        {
            minimum = Math.Min(minimum, low[i]);
            maximum = Math.Max(maximum, high[i]);
        }
        ZeroCount += Vector.Sum(zeros);
        var tail = values[(vectors.Length * Vector<double>.Count)..];
        foreach (var value in tail)
        {
            sum += value;
            minimum = Math.Min(minimum, value);
            maximum = Math.Max(maximum, value);
            ZeroCount += value == 0 ? 1 : 0;
        }
        Minimum = Math.Min(Minimum, minimum);
        Maximum = Math.Max(Maximum, maximum);
        JoinAround(sum / values.Length, vectors, tail, values.Length);
    }

    private void JoinAround(double middle, ReadOnlySpan<Vector<double>> vectors, ReadOnlySpan<double> tail, int count)
    {
        Vector<double> centre = new(middle),
            seconds = default,
            thirds = default,
            fourths = default;
        foreach (var vector in vectors)
        {
            var distance = vector - centre;
            var square = distance * distance;
            seconds += square;
            thirds += square * distance;
            fourths += square * square;
        }
        double second = Vector.Sum(seconds),
            third = Vector.Sum(thirds),
            fourth = Vector.Sum(fourths);
        foreach (var value in tail)
        {
            var distance = value - middle;
            second += distance * distance;
            third += distance * distance * distance;
            fourth += distance * distance * distance * distance;
        }
        Join(count, middle, second, third, fourth);
    }

    private void Join(long count, double otherMean, double second, double third, double fourth)
    {
        if (count == 0)
            return;
        double n = Count,
            m = count,
            all = n + m;
        var delta = otherMean - mean;
        var d2 = delta * delta;
        m4 +=
            fourth
            + d2 * d2 * n * m * (n * n - n * m + m * m) / (all * all * all)
            + 6 * d2 * (n * n * second + m * m * m2) / (all * all)
            + 4 * delta * (n * third - m * m3) / all;
        m3 += third + d2 * delta * n * m * (n - m) / (all * all) + 3 * delta * (n * second - m * m2) / all;
        m2 += second + d2 * n * m / all;
        mean += delta * m / all;
        Count += count;
    }

    private static bool HasOnlyFinite(ReadOnlySpan<double> values)
    {
        Vector<double> seen = default;
        var vectors = MemoryMarshal.Cast<double, Vector<double>>(values);
        foreach (var vector in vectors)
            seen += vector - vector;
        var sum = Vector.Sum(seen);
        foreach (var value in values[(vectors.Length * Vector<double>.Count)..])
            sum += value - value;
        return sum == 0;
    }

    private Span<double> Keep(ReadOnlySpan<double> values, Span<double> kept)
    {
        var count = 0;
        foreach (var value in values)
        {
            if (double.IsFinite(value))
                kept[count++] = value;
            else if (double.IsNaN(value))
                NanCount++;
            else
                InfiniteCount++;
        }
        return kept[..count];
    }

    private double Defined(long needed, double value) =>
        Count >= needed
            ? value
            : throw new NotComputableException($"This needs at least {needed} values; there are {Count}.");
}
