namespace Slipway.Numerics.Fairness;

/// <summary>
/// Bias of what a model predicts: Clarify's thirteen figures of a facet against all others. a is the others, d the facet;
/// a ratio of nothing to nothing is 0 and something to nothing is infinite, as in Clarify's library.
/// </summary>
public sealed record ModelBias
{
    /// <summary>DPPL: predicted-positive share of the others less the facet's.</summary>
    public required double DifferenceInPredictedProportions { get; init; }

    /// <summary>DI: predicted-positive share of the facet over the others'.</summary>
    public required double DisparateImpact { get; init; }

    /// <summary>DCAcc: observed over predicted acceptances, others less facet.</summary>
    public required double ConditionalAcceptance { get; init; }

    /// <summary>DCR: observed over predicted rejections, facet less others.</summary>
    public required double ConditionalRejection { get; init; }

    /// <summary>RD: recall, others less facet.</summary>
    public required double RecallDifference { get; init; }

    /// <summary>SD: true negative rate, facet less others.</summary>
    public required double SpecificityDifference { get; init; }

    /// <summary>DAR: precision, others less facet.</summary>
    public required double AcceptanceRateDifference { get; init; }

    /// <summary>DRR: right rejections among rejections, facet less others.</summary>
    public required double RejectionRateDifference { get; init; }

    /// <summary>AD: accuracy, others less facet.</summary>
    public required double AccuracyDifference { get; init; }

    /// <summary>TE: false negatives over false positives, facet less others.</summary>
    public required double TreatmentEquality { get; init; }

    /// <summary>CDDPL: as CDDL, of predicted labels; null without subgroups.</summary>
    public required double? ConditionalDisparity { get; init; }

    /// <summary>GE: the entropy of benefits (prediction − truth + 1) over all rows, of order 2 (Speicher and others, 2018).</summary>
    public required double GeneralizedEntropy { get; init; }

    public static ModelBias Of(
        ReadOnlySpan<bool> facet,
        ReadOnlySpan<bool> truth,
        ReadOnlySpan<bool> predicted,
        ReadOnlySpan<string> subgroups
    )
    {
        Require.SameLength(facet.Length, truth.Length);
        Require.SameLength(facet.Length, predicted.Length);
        GroupRates a = new(),
            d = new();
        for (var i = 0; i < facet.Length; i++)
        {
            if (facet[i])
                d = d.With(truth[i], predicted[i]);
            else
                a = a.With(truth[i], predicted[i]);
        }
        if (a.Count == 0 || d.Count == 0)
            throw new NotComputableException(
                "All rows, or none, are of the facet, so there is nobody to compare with."
            );
        return new ModelBias
        {
            DifferenceInPredictedProportions = a.SelectionRate - d.SelectionRate,
            DisparateImpact = LabelBias.Ratio(d.SelectionRate, a.SelectionRate),
            ConditionalAcceptance = LabelBias.Ratio(a.Positives, a.Selected) - LabelBias.Ratio(d.Positives, d.Selected),
            ConditionalRejection =
                LabelBias.Ratio(d.Negatives, Rejected(d)) - LabelBias.Ratio(a.Negatives, Rejected(a)),
            RecallDifference = a.TruePositiveRate - d.TruePositiveRate,
            SpecificityDifference = d.TrueNegativeRate - a.TrueNegativeRate,
            AcceptanceRateDifference =
                LabelBias.Ratio(a.TruePositives, a.Selected) - LabelBias.Ratio(d.TruePositives, d.Selected),
            RejectionRateDifference =
                LabelBias.Ratio(d.TrueNegatives, Rejected(d)) - LabelBias.Ratio(a.TrueNegatives, Rejected(a)),
            AccuracyDifference = a.Accuracy - d.Accuracy,
            TreatmentEquality =
                LabelBias.Ratio(d.FalseNegatives, d.FalsePositives)
                - LabelBias.Ratio(a.FalseNegatives, a.FalsePositives),
            ConditionalDisparity = subgroups.IsEmpty
                ? null
                : LabelBias.ConditionalDisparityOf(facet, predicted, subgroups),
            GeneralizedEntropy = Entropy(truth, predicted),
        };
    }

    /// <summary>
    /// FT, counterfactual flips: (F+ − F−) / facet, where F+ are facet rows predicted negative whose k nearest others are
    /// mostly predicted positive, F− the reverse. This is the sign that Clarify documents; its open-source library has the
    /// opposite one, so negate when comparing with smclarify. Nearest is by Euclidean distance of the rows as given.
    /// </summary>
    public static double FlipTest(
        ReadOnlySpan<bool> facet,
        ReadOnlySpan<bool> predicted,
        ReadOnlySpan<double> rows,
        int columns
    )
    {
        Require.SameLength(facet.Length, predicted.Length);
        Require.SameLength(facet.Length * columns, rows.Length);
        Require.Finite(rows);
        var others = new List<int>();
        for (var i = 0; i < facet.Length; i++)
        {
            if (!facet[i])
                others.Add(i);
        }
        var inside = facet.Length - others.Count;
        if (inside == 0 || others.Count == 0)
            throw new NotComputableException(
                "All rows, or none, are of the facet, so there is nobody to compare with."
            );
        var k = others.Count <= 9 ? 1 : 5;
        var distances = new double[others.Count];
        var flips = 0;
        for (var i = 0; i < facet.Length; i++)
        {
            if (!facet[i])
                continue;
            var order = others.ToArray();
            for (var j = 0; j < order.Length; j++)
                distances[j] = Distance(rows, columns, i, order[j]);
            // Of equally near rows the earlier one is taken.
            var nearest = distances.Zip(order).OrderBy(pair => pair.First).Take(k);
            var votes = 0;
            foreach (var (_, other) in nearest)
                votes += predicted[other] ? 1 : 0;
            var wished = 2 * votes > k;
            flips += (wished ? 1 : 0) - (predicted[i] ? 1 : 0);
        }
        return (double)flips / inside;
    }

    private static double Rejected(GroupRates rates) => rates.FalseNegatives + rates.TrueNegatives;

    private static double Entropy(ReadOnlySpan<bool> truth, ReadOnlySpan<bool> predicted)
    {
        double sum = 0,
            squares = 0;
        for (var i = 0; i < truth.Length; i++)
        {
            var benefit = (predicted[i] ? 1 : 0) - (truth[i] ? 1 : 0) + 1;
            sum += benefit;
            squares += benefit * benefit;
        }
        if (sum == 0)
            throw new NotComputableException("Nobody has any benefit, so there is no share of it.");
        var mean = sum / truth.Length;
        return (squares / (mean * mean) / truth.Length - 1) / 2;
    }

    private static double Distance(ReadOnlySpan<double> rows, int columns, int first, int second)
    {
        var sum = 0.0;
        for (var c = 0; c < columns; c++)
        {
            var difference = rows[first * columns + c] - rows[second * columns + c];
            sum += difference * difference;
        }
        return sum;
    }
}
