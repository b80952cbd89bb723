namespace Slipway.Numerics.Learners;

/// <summary>
/// Columns cut into at most 255 bins, so that a split is searched over bins and not over rows. Values are taken as single
/// precision and every cut is one, so that a runtime in single precision sends each row the same way.
/// </summary>
internal sealed class BinnedColumns
{
    public const int Missing = 255;
    private const int MostBins = 255;
    private const int SampledRows = 200_000;

    private BinnedColumns(byte[][] bins, float[][] cuts)
    {
        Bins = bins;
        Cuts = cuts;
    }

    /// <summary>For each column the bin of each row; <see cref="Missing"/> where it is not a number.</summary>
    public byte[][] Bins { get; }

    /// <summary>For each column the largest value of each bin but the last.</summary>
    public float[][] Cuts { get; }

    public static BinnedColumns Of(ReadOnlySpan<double> rows, int columns)
    {
        var count = rows.Length / columns;
        var bins = new byte[columns][];
        var cuts = new float[columns][];
        var values = new float[count];
        for (var c = 0; c < columns; c++)
        {
            for (var r = 0; r < count; r++)
                values[r] = (float)rows[r * columns + c];
            cuts[c] = Cut(values);
            bins[c] = new byte[count];
            for (var r = 0; r < count; r++)
                bins[c][r] = BinOf(values[r], cuts[c]);
        }
        return new BinnedColumns(bins, cuts);
    }

    private static float[] Cut(float[] values)
    {
        // An even pick of the rows is enough to place 255 cuts.
        var step = Math.Max(1, values.Length / SampledRows);
        var sorted = new List<float>(values.Length / step + 1);
        for (var i = 0; i < values.Length; i += step)
        {
            if (!float.IsNaN(values[i]))
                sorted.Add(values[i]);
        }
        sorted.Sort();
        var distinct = new List<float>();
        foreach (var value in sorted)
        {
            if (distinct.Count == 0 || value != distinct[^1])
                distinct.Add(value);
        }
        var cuts = new List<float>();
        if (distinct.Count <= MostBins)
        {
            for (var i = 1; i < distinct.Count; i++)
                cuts.Add(Between(distinct[i - 1], distinct[i]));
            return [.. cuts];
        }
        for (var i = 1; i < MostBins; i++)
        {
            var below = sorted[(int)((long)i * sorted.Count / MostBins)];
            var at = distinct.BinarySearch(below);
            if (at + 1 >= distinct.Count)
                break;
            var cut = Between(distinct[at], distinct[at + 1]);
            if (cuts.Count == 0 || cut > cuts[^1])
                cuts.Add(cut);
        }
        return [.. cuts];
    }

    private static float Between(float below, float above)
    {
        var middle = (float)(((double)below + above) / 2);
        return middle < above && middle >= below ? middle : below;
    }

    private static byte BinOf(float value, float[] cuts)
    {
        if (float.IsNaN(value))
            return Missing;
        int low = 0,
            high = cuts.Length;
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (value <= cuts[middle])
                high = middle;
            else
                low = middle + 1;
        }
        return (byte)low;
    }
}
