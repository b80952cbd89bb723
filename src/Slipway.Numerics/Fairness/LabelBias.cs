namespace Slipway.Numerics.Fairness;

/// <summary>
/// Bias that is in the data before a model is: Clarify's eight figures of a facet, the group that may be disfavoured,
/// against all others (Amazon AI Fairness and Explainability, 2021). Positive means that the others fare better. Shares of
/// labels are taken over all labels that occur on either side; Clarify's library drops those that one side lacks, which
/// can make its KL negative.
/// </summary>
public sealed record LabelBias
{
    /// <summary>CI: (others − facet) / all.</summary>
    public required double ClassImbalance { get; init; }

    /// <summary>DPL: the others' share of positive labels less the facet's.</summary>
    public required double DifferenceInProportions { get; init; }

    /// <summary>KL: of the others' labels from the facet's, in nats; infinite where the facet lacks a label.</summary>
    public required double KullbackLeibler { get; init; }

    /// <summary>JS: divergence in nats.</summary>
    public required double JensenShannon { get; init; }

    /// <summary>LP: the Euclidean distance of the shares.</summary>
    public required double LpNorm { get; init; }

    /// <summary>TVD: half of the summed distances of the shares.</summary>
    public required double TotalVariation { get; init; }

    /// <summary>KS: the largest distance of a share.</summary>
    public required double KolmogorovSmirnov { get; init; }

    /// <summary>CDDL: the facet's share of the rejected less of the accepted, averaged over subgroups; null without subgroups.</summary>
    public required double? ConditionalDisparity { get; init; }

    /// <param name="facet">Whether a row is of the facet.</param>
    /// <param name="positive">Whether its label is the wished-for one.</param>
    /// <param name="subgroups">Strata for the conditional disparity; may be empty.</param>
    public static LabelBias Of(ReadOnlySpan<bool> facet, ReadOnlySpan<bool> positive, ReadOnlySpan<string> subgroups)
    {
        Require.SameLength(facet.Length, positive.Length);
        double inside = 0,
            insidePositive = 0,
            outsidePositive = 0;
        for (var i = 0; i < facet.Length; i++)
        {
            inside += facet[i] ? 1 : 0;
            insidePositive += facet[i] && positive[i] ? 1 : 0;
            outsidePositive += !facet[i] && positive[i] ? 1 : 0;
        }
        var outside = facet.Length - inside;
        if (inside == 0 || outside == 0)
            throw new NotComputableException(
                "All rows, or none, are of the facet, so there is nobody to compare with."
            );
        double d = insidePositive / inside,
            a = outsidePositive / outside;
        return new LabelBias
        {
            ClassImbalance = (outside - inside) / (outside + inside),
            DifferenceInProportions = a - d,
            KullbackLeibler = Term(a, d) + Term(1 - a, 1 - d),
            JensenShannon =
                (
                    Term(a, (a + d) / 2)
                    + Term(1 - a, 1 - (a + d) / 2)
                    + Term(d, (a + d) / 2)
                    + Term(1 - d, 1 - (a + d) / 2)
                ) / 2,
            LpNorm = Math.Sqrt(2) * Math.Abs(a - d),
            TotalVariation = Math.Abs(a - d),
            KolmogorovSmirnov = Math.Abs(a - d),
            ConditionalDisparity = subgroups.IsEmpty ? null : ConditionalDisparityOf(facet, positive, subgroups),
        };
    }

    internal static double ConditionalDisparityOf(
        ReadOnlySpan<bool> facet,
        ReadOnlySpan<bool> positive,
        ReadOnlySpan<string> subgroups
    )
    {
        Require.SameLength(facet.Length, subgroups.Length);
        var counts = new Dictionary<
            string,
            (double Rejected, double Accepted, double FacetRejected, double FacetAccepted)
        >(StringComparer.Ordinal);
        for (var i = 0; i < facet.Length; i++)
        {
            var (rejected, accepted, facetRejected, facetAccepted) = counts.GetValueOrDefault(subgroups[i]);
            double own = facet[i] ? 1 : 0;
            counts[subgroups[i]] = positive[i]
                ? (rejected, accepted + 1, facetRejected, facetAccepted + own)
                : (rejected + 1, accepted, facetRejected + own, facetAccepted);
        }
        return counts.Values.Sum(c =>
                (c.Rejected + c.Accepted) * (Ratio(c.FacetRejected, c.Rejected) - Ratio(c.FacetAccepted, c.Accepted))
            ) / facet.Length;
    }

    /// <summary>Clarify's division: 0 of 0 is 0, and something of 0 is without end.</summary>
    internal static double Ratio(double part, double whole) => part == 0 && whole == 0 ? 0 : part / whole;

    private static double Term(double p, double q) => p == 0 ? 0 : p * Math.Log(p / q);
}
