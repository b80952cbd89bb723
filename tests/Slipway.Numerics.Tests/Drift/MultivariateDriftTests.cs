using Slipway.Numerics.Drift;
using Slipway.Numerics.Sampling;

namespace Slipway.Numerics.Tests.Drift;

public sealed class MultivariateDriftTests
{
    [Fact]
    public void Columns_that_stop_moving_together_are_seen_though_each_looks_as_before()
    {
        var random = new RandomSource(11);
        var together = Rows(random, 2000, coupled: true);
        var model = PrincipalComponents.Fit(together, 3);
        var before = model.ReconstructionError(Rows(random, 1000, coupled: true));
        var after = model.ReconstructionError(Rows(random, 1000, coupled: false));
        Assert.Equal(1, model.Kept);
        Assert.True(after > 3 * before, $"{before} -> {after}");
    }

    [Fact]
    public void All_components_rebuild_every_row()
    {
        var rows = Rows(new RandomSource(2), 100, coupled: false);
        Assert.InRange(PrincipalComponents.Fit(rows, 3, 0.999999).ReconstructionError(rows), 0, 1e-6);
    }

    [Fact]
    public void Constant_columns_have_no_components() =>
        Assert.Throws<NotComputableException>(() => PrincipalComponents.Fit(new double[30], 3));

    [Fact]
    public void The_kernel_test_tells_a_change_of_shape_from_none()
    {
        var random = new RandomSource(5);
        var normal = Sample.Of([.. Enumerable.Range(0, 200).Select(_ => random.NextNormal())]);
        var again = Sample.Of([.. Enumerable.Range(0, 200).Select(_ => random.NextNormal())]);
        var twoHumps = Sample.Of([
            .. Enumerable.Range(0, 200).Select(i => (i % 2 == 0 ? 1 : -1) + 0.2 * random.NextNormal()),
        ]);
        Assert.True(MaximumMeanDiscrepancy.Test(normal, again, 100, random).PValue > 0.05);
        Assert.True(MaximumMeanDiscrepancy.Test(normal, twoHumps, 100, random).PValue < 0.05);
    }

    private static double[] Rows(RandomSource random, int count, bool coupled)
    {
        var rows = new double[count * 3];
        for (var r = 0; r < count; r++)
        {
            var shared = random.NextNormal();
            for (var c = 0; c < 3; c++)
                rows[r * 3 + c] = coupled ? shared + 0.1 * random.NextNormal() : random.NextNormal() * 1.005;
        }
        return rows;
    }
}
