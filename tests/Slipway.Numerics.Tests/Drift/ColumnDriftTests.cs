using Slipway.Numerics.Drift;
using Slipway.Numerics.Sampling;

namespace Slipway.Numerics.Tests.Drift;

public sealed class ColumnDriftTests
{
    [Theory]
    [InlineData(1000, 6, DriftMethod.KolmogorovSmirnov)]
    [InlineData(1001, 6, DriftMethod.NormedWasserstein)]
    [InlineData(1000, 5, DriftMethod.ChiSquare)]
    [InlineData(1000, 3, DriftMethod.ChiSquare)]
    [InlineData(1001, 3, DriftMethod.JensenShannon)]
    [InlineData(1000, 2, DriftMethod.Proportions)]
    [InlineData(1001, 2, DriftMethod.JensenShannon)]
    public void A_numeric_column_is_compared_by_the_usual_rule(int rows, int distinct, DriftMethod method) =>
        Assert.Equal(method, ColumnDrift.ChooseNumeric(rows, distinct));

    [Theory]
    [InlineData(1000, 3, DriftMethod.ChiSquare)]
    [InlineData(1000, 2, DriftMethod.Proportions)]
    [InlineData(1001, 900, DriftMethod.JensenShannon)]
    public void A_categorical_column_is_compared_by_the_usual_rule(int rows, int distinct, DriftMethod method) =>
        Assert.Equal(method, ColumnDrift.ChooseCategorical(rows, distinct));

    [Theory]
    [InlineData(800)]
    [InlineData(5000)]
    public void A_shifted_column_drifts_and_the_same_column_does_not(int rows)
    {
        var random = new RandomSource(3);
        var reference = Sample.Of([.. Enumerable.Range(0, rows).Select(_ => random.NextNormal())]);
        var same = Sample.Of([.. Enumerable.Range(0, rows).Select(_ => random.NextNormal())]);
        var shifted = Sample.Of([.. Enumerable.Range(0, rows).Select(_ => random.NextNormal() + 0.3)]);
        Assert.False(ColumnDrift.Of(reference, same).Drifted);
        Assert.True(ColumnDrift.Of(reference, shifted).Drifted);
    }

    [Fact]
    public void A_category_that_the_reference_lacks_is_drift_and_not_a_fault()
    {
        var counts = PairedCounts.Of(
            new Dictionary<string, double> { ["a"] = 50, ["b"] = 50 },
            new Dictionary<string, double>
            {
                ["a"] = 40,
                ["b"] = 40,
                ["z"] = 20,
            }
        );
        var drift = ColumnDrift.Of(counts);
        Assert.Equal(DriftMethod.ChiSquare, drift.Method);
        Assert.True(drift.Drifted);
    }

    [Fact]
    public void A_category_that_nobody_has_changes_nothing()
    {
        var reference = new Dictionary<string, double>
        {
            ["yes"] = 30,
            ["no"] = 70,
            ["never"] = 0,
        };
        var current = new Dictionary<string, double> { ["yes"] = 60, ["no"] = 40 };
        var drift = ColumnDrift.Of(PairedCounts.Of(reference, current));
        reference.Remove("never");
        Assert.Equal(DriftMethod.Proportions, drift.Method);
        Assert.Equal(ColumnDrift.Of(PairedCounts.Of(reference, current)), drift);
        Assert.True(drift.Drifted);
    }

    [Fact]
    public void A_constant_column_that_stays_does_not_drift()
    {
        var constant = Sample.Of([3.0, 3.0, 3.0]);
        Assert.False(ColumnDrift.Of(constant, constant).Drifted);
    }

    [Fact]
    public void Missing_values_are_a_drift_of_their_own()
    {
        var drift = MissingDrift.Of(10, 1000, 60, 1000);
        Assert.Equal(0.01, drift.ReferenceRate);
        Assert.Equal(0.06, drift.CurrentRate);
        Assert.True(drift.Test.PValue < 1e-6);
        Assert.Equal(1, MissingDrift.Of(0, 10, 0, 10).Test.PValue);
    }
}
