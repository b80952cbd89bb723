namespace Slipway.Numerics.Drift;

/// <summary>
/// How often each category, or each bin, occurs in the reference and in the current data. What every test of counts and
/// every distance of shares is taken of.
/// </summary>
public sealed class PairedCounts
{
    private readonly double[] reference;
    private readonly double[] current;

    private PairedCounts(double[] reference, double[] current)
    {
        this.reference = reference;
        this.current = current;
        ReferenceTotal = Total(reference);
        CurrentTotal = Total(current);
    }

    public ReadOnlySpan<double> Reference => reference;

    public ReadOnlySpan<double> Current => current;

    public int Count => reference.Length;

    public double ReferenceTotal { get; }

    public double CurrentTotal { get; }

    /// <summary>Counts that stand in the same order, as histograms of the same edges give them.</summary>
    public static PairedCounts Of(ReadOnlySpan<double> reference, ReadOnlySpan<double> current)
    {
        Require.SameLength(reference.Length, current.Length);
        return new PairedCounts(reference.ToArray(), current.ToArray());
    }

    /// <summary>Counts by category, brought into one order (ordinal); a category that a side lacks counts 0 there.</summary>
    public static PairedCounts Of(
        IReadOnlyDictionary<string, double> reference,
        IReadOnlyDictionary<string, double> current
    )
    {
        var keys = reference.Keys.Union(current.Keys, StringComparer.Ordinal).Order(StringComparer.Ordinal).ToArray();
        return new PairedCounts(
            [.. keys.Select(key => reference.GetValueOrDefault(key))],
            [.. keys.Select(key => current.GetValueOrDefault(key))]
        );
    }

    /// <summary>The two samples counted into bins with these edges: half-open, the last one closed.</summary>
    public static PairedCounts Of(Sample reference, Sample current, ReadOnlySpan<double> edges)
    {
        Sample.RequireBoth(reference, current);
        return new PairedCounts(Binning.Count(reference, edges), Binning.Count(current, edges));
    }

    /// <summary>The two samples counted by their different values.</summary>
    public static PairedCounts OfValues(Sample reference, Sample current)
    {
        Sample.RequireBoth(reference, current);
        var ties = Ties.Of(reference, current);
        return new PairedCounts([.. ties.Select(t => t.First)], [.. ties.Select(t => t.Second)]);
    }

    /// <summary>The same without what neither side has.</summary>
    internal PairedCounts WithoutEmpty()
    {
        var seen = Enumerable.Range(0, Count).Where(i => reference[i] + current[i] > 0).ToArray();
        return seen.Length == Count
            ? this
            : new PairedCounts([.. seen.Select(i => reference[i])], [.. seen.Select(i => current[i])]);
    }

    internal void RequireBoth()
    {
        if (ReferenceTotal <= 0 || CurrentTotal <= 0)
            throw new NotComputableException("One of the sides has no counts, so they cannot be compared.");
    }

    private static double Total(double[] counts)
    {
        foreach (var count in counts)
        {
            if (!(count >= 0) || double.IsInfinity(count))
                throw new ArgumentException("A count is a finite number that is not negative.", nameof(counts));
        }
        return Summation.Sum(counts);
    }
}
