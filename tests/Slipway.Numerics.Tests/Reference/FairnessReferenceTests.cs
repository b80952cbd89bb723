using System.Text.Json;
using Slipway.Numerics.Fairness;

namespace Slipway.Numerics.Tests.Reference;

/// <summary>Disparities between groups against Fairlearn's, groups without positives or negatives included.</summary>
public sealed class FairnessReferenceTests
{
    private static readonly Dictionary<string, Func<GroupRates, double>> Rates = new()
    {
        ["accuracy"] = group => group.Accuracy,
        ["recall"] = group => group.TruePositiveRate,
        ["selection_rate"] = group => group.SelectionRate,
        ["tpr"] = group => group.TruePositiveRate,
        ["fpr"] = group => group.FalsePositiveRate,
        ["fnr"] = group => group.FalseNegativeRate,
        ["tnr"] = group => group.TrueNegativeRate,
        ["count"] = group => group.Count,
    };

    public static TheoryData<string, string, int> Cases => ReferenceCases.Of("fairness-cases/1");

    [Theory]
    [MemberData(nameof(Cases))]
    public void Fairness_equals_the_reference(string file, string id, int number)
    {
        var item = ReferenceCases.Read(file, number);
        var checks = new Checks(id);
        var comparison = GroupComparison.Of(
            Flags(item.GetProperty("y_true")),
            Flags(item.GetProperty("y_pred")),
            item.GetProperty("sensitive").EnumerateArray().Select(s => s.ToString()).ToArray()
        );
        foreach (var expected in item.GetProperty("expect").EnumerateObject())
        {
            if (expected.Value.ValueKind != JsonValueKind.Object || !IsFrame(expected.Name))
                checks.Number(expected.Name, expected.Value, () => Disparity(comparison, expected.Name));
            else if (expected.Name == "by_group")
                foreach (var group in expected.Value.EnumerateObject())
                    Each(group.Name, group.Value, rate => rate(comparison.Groups[group.Name]));
            else
                Each(expected.Name, expected.Value, rate => Frame(comparison, expected.Name, rate));
        }
        checks.Verdict();

        void Each(string name, JsonElement block, Func<Func<GroupRates, double>, double> compute)
        {
            foreach (var value in block.EnumerateObject())
                checks.Number($"{name}.{value.Name}", value.Value, () => compute(Rates[value.Name]));
        }
    }

    private static bool IsFrame(string name) =>
        name is "overall" or "by_group" or "difference" or "ratio" or "group_min" or "group_max";

    private static double Frame(GroupComparison comparison, string name, Func<GroupRates, double> rate) =>
        name switch
        {
            "overall" => rate(comparison.Overall),
            "difference" => comparison.Difference(rate),
            "ratio" => comparison.Ratio(rate),
            "group_min" => comparison.Smallest(rate),
            _ => comparison.Largest(rate),
        };

    private static double Disparity(GroupComparison groups, string name)
    {
        var parts = name.Split('/');
        var against = parts[1] == "to_overall" ? Comparison.ToOverall : Comparison.BetweenGroups;
        return parts[0] switch
        {
            "demographic_parity_difference" => groups.DemographicParityDifference(against),
            "demographic_parity_ratio" => groups.DemographicParityRatio(against),
            "equalized_odds_difference" => groups.EqualizedOddsDifference(against),
            "equalized_odds_ratio" => groups.EqualizedOddsRatio(against),
            "equal_opportunity_difference" => groups.EqualOpportunityDifference(against),
            "equal_opportunity_ratio" => groups.EqualOpportunityRatio(against),
            _ => throw new InvalidOperationException($"The tests know no disparity {name}."),
        };
    }

    private static bool[] Flags(JsonElement values) => [.. values.EnumerateArray().Select(v => Checks.Read(v) != 0)];
}
