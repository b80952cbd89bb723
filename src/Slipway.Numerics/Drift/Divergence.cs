namespace Slipway.Numerics.Drift;

/// <summary>
/// Distances between two sets of shares. Tools disagree on logarithms, roots and empty categories, so each member says
/// which it takes. Null rates are no category here: see <see cref="MissingDrift"/>.
/// </summary>
public static class Divergence
{
    /// <summary>What an empty share counts as in <see cref="Psi"/> and <see cref="KullbackLeibler"/>; nothing is scaled anew.</summary>
    public const double EmptyShare = 1e-4;

    /// <summary>The population stability index, Σ(p−q) ln(p/q): the symmetric divergence of Jeffreys (1946).</summary>
    public static double Psi(PairedCounts counts)
    {
        var sum = 0.0;
        foreach (var (p, q) in Floored(counts))
            sum += (p - q) * Math.Log(p / q);
        return sum;
    }

    /// <summary>Kullback and Leibler's Σ p ln(p/q) in nats (1951), p the reference, q the current shares.</summary>
    public static double KullbackLeibler(PairedCounts counts)
    {
        var sum = 0.0;
        foreach (var (p, q) in Floored(counts))
            sum += p * Math.Log(p / q);
        return sum;
    }

    /// <summary>The Jensen-Shannon divergence in bits, 0 … 1 (Lin, 1991): what TFDV reports.</summary>
    public static double JensenShannon(PairedCounts counts) => JensenShannonNats(counts) / Math.Log(2);

    /// <summary>The root of the Jensen-Shannon divergence in nats, 0 … √ln 2: what SciPy and Evidently report.</summary>
    public static double JensenShannonDistance(PairedCounts counts) => Math.Sqrt(JensenShannonNats(counts));

    /// <summary>Hellinger's distance √(Σ(√p−√q)²/2), 0 … 1 (1909).</summary>
    public static double Hellinger(PairedCounts counts)
    {
        var sum = 0.0;
        foreach (var (p, q) in Shares(counts))
            sum += (Math.Sqrt(p) - Math.Sqrt(q)) * (Math.Sqrt(p) - Math.Sqrt(q));
        return Math.Sqrt(sum / 2);
    }

    /// <summary>Half of the summed differences of shares, 0 … 1.</summary>
    public static double TotalVariation(PairedCounts counts)
    {
        var sum = 0.0;
        foreach (var (p, q) in Shares(counts))
            sum += Math.Abs(p - q);
        return sum / 2;
    }

    /// <summary>The largest difference of a share: TFDV's L-infinity norm.</summary>
    public static double LInfinity(PairedCounts counts)
    {
        var largest = 0.0;
        foreach (var (p, q) in Shares(counts))
            largest = Math.Max(largest, Math.Abs(p - q));
        return largest;
    }

    /// <summary>TFDV's largest difference of counts over all counts; 0 of nothing. Unlike the others it sees a change of size.</summary>
    public static double NormalizedAbsoluteDifference(PairedCounts counts)
    {
        var largest = 0.0;
        for (var i = 0; i < counts.Count; i++)
            largest = Math.Max(largest, Math.Abs(counts.Reference[i] - counts.Current[i]));
        return largest == 0 ? 0 : largest / (counts.ReferenceTotal + counts.CurrentTotal);
    }

    private static double JensenShannonNats(PairedCounts counts)
    {
        var sum = 0.0;
        foreach (var (p, q) in Shares(counts))
        {
            var middle = (p + q) / 2;
            if (p > 0)
                sum += p * Math.Log(p / middle);
            if (q > 0)
                sum += q * Math.Log(q / middle);
        }
        return Math.Max(0, sum / 2);
    }

    private static IEnumerable<(double P, double Q)> Shares(PairedCounts counts)
    {
        counts.RequireBoth();
        for (var i = 0; i < counts.Count; i++)
            yield return (counts.Reference[i] / counts.ReferenceTotal, counts.Current[i] / counts.CurrentTotal);
    }

    private static IEnumerable<(double P, double Q)> Floored(PairedCounts counts) =>
        Shares(counts).Select(pair => (pair.P == 0 ? EmptyShare : pair.P, pair.Q == 0 ? EmptyShare : pair.Q));
}
