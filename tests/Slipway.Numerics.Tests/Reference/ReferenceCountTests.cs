using System.Globalization;

namespace Slipway.Numerics.Tests.Reference;

/// <summary>Says how many cases of which file the theories beside it check: `./test` prints these lines.</summary>
public sealed class ReferenceCountTests
{
    [Fact]
    public void Reference_cases_are_counted_by_file()
    {
        TheoryData<string, string, int>[] suites =
        [
            DriftReferenceTests.Cases,
            DistanceReferenceTests.Cases,
            SpecialReferenceTests.Cases,
            ClassificationReferenceTests.LabelCases,
            ClassificationReferenceTests.BinaryCases,
            ClassificationReferenceTests.ClassCases,
            NumberReferenceTests.RegressionCases,
            NumberReferenceTests.RankingCases,
            FairnessReferenceTests.Cases,
            ExplainReferenceTests.TreeCases,
            ExplainReferenceTests.PlaneCases,
        ];
        var files = suites.SelectMany(suite => suite).GroupBy(row => row.Data.Item1).OrderBy(file => file.Key);
        foreach (var file in files)
        {
            Console.Out.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"reference {Path.GetFileName(file.Key)}: {file.Count()} cases checked"
                )
            );
        }
        Assert.NotEmpty(files);
    }
}
