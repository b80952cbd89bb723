using Slipway.Numerics.Drift;

namespace Slipway.Numerics.Sketches;

/// <summary>
/// Counts between edges that stand: bins are half-open, the last one closed. Of equal width over a range known before, or
/// with the edges that a quantile sketch gives. Histograms of the same edges merge exactly.
/// </summary>
public sealed class Histogram
{
    private readonly double[] edges;
    private readonly double[] counts;
    private readonly double binsPerUnit;

    private Histogram(double[] edges, double[] counts)
    {
        this.edges = edges;
        this.counts = counts;
        binsPerUnit = counts.Length / (edges[^1] - edges[0]);
    }

    public ReadOnlySpan<double> Edges => edges;

    public ReadOnlySpan<double> Counts => counts;

    /// <summary>Finite values below the first edge.</summary>
    public double Below { get; private set; }

    /// <summary>Finite values above the last edge.</summary>
    public double Above { get; private set; }

    public double NotFinite { get; private set; }

    public static Histogram EqualWidth(double low, double high, int bins)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bins, 1);
        if (!(low < high) || !double.IsFinite(high - low))
            throw new ArgumentException($"From {low:R} to {high:R} is no range to cut into bins.", nameof(high));
        return new Histogram(Binning.EqualWidth(low, high, bins), new double[bins]);
    }

    /// <summary>What a sketch knows, in bins of equal width over its range. A constant has one bin without width.</summary>
    public static Histogram EqualWidth(QuantileSketch sketch, int bins) =>
        sketch.Minimum < sketch.Maximum
            ? Of(sketch, Binning.EqualWidth(sketch.Minimum, sketch.Maximum, bins))
            : Of(sketch, [sketch.Minimum, sketch.Maximum]);

    /// <summary>What a sketch knows, in bins that hold about equal shares; equal quantiles are merged.</summary>
    public static Histogram EqualCount(QuantileSketch sketch, int bins)
    {
        var shares = new double[bins + 1];
        for (var i = 0; i <= bins; i++)
            shares[i] = (double)i / bins;
        var cuts = sketch.Quantiles(shares).Distinct().ToArray();
        return Of(sketch, cuts.Length > 1 ? cuts : [cuts[0], cuts[0]]);
    }

    public void Add(ReadOnlySpan<double> values)
    {
        double low = edges[0],
            high = edges[^1];
        foreach (var value in values)
        {
            if (value >= low && value <= high)
                counts[BinOf(value)]++;
            else if (!double.IsFinite(value))
                NotFinite++;
            else if (value < low)
                Below++;
            else
                Above++;
        }
    }

    public void Merge(Histogram other)
    {
        if (!Edges.SequenceEqual(other.edges))
            throw new ArgumentException("Histograms with different edges do not merge.", nameof(other));
        for (var i = 0; i < counts.Length; i++)
            counts[i] += other.counts[i];
        Below += other.Below;
        Above += other.Above;
        NotFinite += other.NotFinite;
    }

    public byte[] ToBytes()
    {
        var writer = new SketchWriter(SketchKind.Histogram);
        writer.Doubles(edges);
        writer.Doubles(counts);
        writer.Doubles([Below, Above, NotFinite]);
        return writer.ToBytes();
    }

    public static Histogram FromBytes(ReadOnlySpan<byte> bytes)
    {
        var reader = new SketchReader(bytes, SketchKind.Histogram);
        double[] cuts = reader.Doubles(),
            stored = reader.Doubles(),
            outside = reader.Doubles();
        reader.End();
        if (cuts.Length < 2 || stored.Length != cuts.Length - 1 || outside.Length != 3)
            throw new FormatException("A stored histogram has edges and counts that do not fit.");
        for (var i = 0; i < stored.Length; i++)
        {
            if (!(cuts[i] <= cuts[i + 1]) || !(stored[i] >= 0))
                throw new FormatException("A stored histogram has edges that fall or counts below 0.");
        }
        return new Histogram(cuts, stored)
        {
            Below = outside[0],
            Above = outside[1],
            NotFinite = outside[2],
        };
    }

    private static Histogram Of(QuantileSketch sketch, double[] cuts) =>
        new(cuts, SketchDistances.Counts(sketch, cuts));

    // Where the bin would be if all were alike, then to where it is.
    private int BinOf(double value)
    {
        var bin = Math.Clamp((int)((value - edges[0]) * binsPerUnit), 0, counts.Length - 1);
        while (bin > 0 && value < edges[bin])
            bin--;
        while (bin < counts.Length - 1 && value >= edges[bin + 1])
            bin++;
        return bin;
    }
}
