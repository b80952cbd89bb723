namespace Slipway.Numerics.Fairness;

/// <summary>
/// Predictions taken apart by a sensitive attribute: rates per group, and how far apart they are (the disparities of
/// Fairlearn's MetricFrame). A ratio of 0 to 0 is no number: where nobody is selected no group is disfavoured.
/// </summary>
public sealed class GroupComparison
{
    private readonly Dictionary<string, GroupRates> groups;

    private GroupComparison(GroupRates overall, Dictionary<string, GroupRates> groups)
    {
        Overall = overall;
        this.groups = groups;
    }

    public GroupRates Overall { get; }

    public IReadOnlyDictionary<string, GroupRates> Groups => groups;

    public static GroupComparison Of(
        ReadOnlySpan<bool> truth,
        ReadOnlySpan<bool> predicted,
        ReadOnlySpan<string> sensitive
    )
    {
        Require.SameLength(truth.Length, predicted.Length);
        Require.SameLength(truth.Length, sensitive.Length);
        Require.Some(truth.Length);
        var overall = new GroupRates();
        var byGroup = new Dictionary<string, GroupRates>(StringComparer.Ordinal);
        for (var i = 0; i < truth.Length; i++)
        {
            overall = overall.With(truth[i], predicted[i]);
            byGroup[sensitive[i]] = byGroup.GetValueOrDefault(sensitive[i]).With(truth[i], predicted[i]);
        }
        return new GroupComparison(overall, byGroup);
    }

    public double Smallest(Func<GroupRates, double> rate) => groups.Values.Min(rate);

    public double Largest(Func<GroupRates, double> rate) => groups.Values.Max(rate);

    /// <summary>The largest distance of a rate, 0 when all groups are treated alike.</summary>
    public double Difference(Func<GroupRates, double> rate, Comparison comparison = Comparison.BetweenGroups) =>
        comparison == Comparison.BetweenGroups
            ? Largest(rate) - Smallest(rate)
            : groups.Values.Max(group => Math.Abs(rate(group) - rate(Overall)));

    /// <summary>The smallest ratio of a rate, 1 when all groups are treated alike; not a number where it is 0 to 0.</summary>
    public double Ratio(Func<GroupRates, double> rate, Comparison comparison = Comparison.BetweenGroups) =>
        comparison == Comparison.BetweenGroups
            ? Smallest(rate) / Largest(rate)
            : groups.Values.Select(group => Below1(rate(group) / rate(Overall))).Aggregate(SmallerNumber);

    /// <summary>Demographic parity: are the groups selected alike?</summary>
    public double DemographicParityDifference(Comparison comparison = Comparison.BetweenGroups) =>
        Difference(group => group.SelectionRate, comparison);

    public double DemographicParityRatio(Comparison comparison = Comparison.BetweenGroups) =>
        Ratio(group => group.SelectionRate, comparison);

    /// <summary>Equal opportunity (Hardt and others, 2016): are those who deserve it selected alike?</summary>
    public double EqualOpportunityDifference(Comparison comparison = Comparison.BetweenGroups) =>
        Difference(group => group.TruePositiveRate, comparison);

    public double EqualOpportunityRatio(Comparison comparison = Comparison.BetweenGroups) =>
        Ratio(group => group.TruePositiveRate, comparison);

    /// <summary>Equalized odds (Hardt and others, 2016): the worse of true and false positive rates.</summary>
    public double EqualizedOddsDifference(Comparison comparison = Comparison.BetweenGroups) =>
        Math.Max(EqualOpportunityDifference(comparison), Difference(group => group.FalsePositiveRate, comparison));

    public double EqualizedOddsRatio(Comparison comparison = Comparison.BetweenGroups) =>
        SmallerNumber(EqualOpportunityRatio(comparison), Ratio(group => group.FalsePositiveRate, comparison));

    private static double Below1(double ratio) => ratio > 1 ? 1 / ratio : ratio;

    private static double SmallerNumber(double a, double b) =>
        double.IsNaN(a) ? b
        : double.IsNaN(b) ? a
        : Math.Min(a, b);
}
