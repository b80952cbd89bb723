using Slipway.Numerics.Explain;
using Slipway.Numerics.Learners;
using Slipway.Numerics.Metrics;
using Slipway.Numerics.Sampling;

namespace Slipway.Numerics.Tests.Explain;

public sealed class ExplanationTests
{
    [Fact]
    public void Contributions_of_our_own_trees_add_up_to_their_answer()
    {
        var (rows, target) = Draw(600);
        var model = BoostedTrees.FitRegression(rows, 3, target, new BoostingOptions { Trees = 5, MaximumLeaves = 8 });
        for (var r = 0; r < 20; r++)
        {
            var row = rows.AsSpan(r * 3, 3);
            var explanation = model.Explain(row);
            Assert.Equal(model.Predict(row), explanation.Answer, 9);
            Assert.Equal(target.Average(), explanation.Expected, 2);
        }
    }

    [Fact]
    public void A_column_that_says_nothing_gets_nothing()
    {
        var (rows, target) = Draw(600);
        var model = BoostedTrees.FitRegression(rows, 3, target, new BoostingOptions { Trees = 20, MaximumLeaves = 4 });
        var byColumn = new double[3];
        for (var r = 0; r < 200; r++)
        {
            var contributions = model.Explain(rows.AsSpan(r * 3, 3)).Contributions;
            for (var c = 0; c < 3; c++)
                byColumn[c] += Math.Abs(contributions[c]) / 200;
        }
        Assert.True(byColumn[0] > 1.5 * byColumn[1] && byColumn[1] > 10 * byColumn[2], string.Join(' ', byColumn));
        var importance = PermutationImportance.Of(
            model,
            rows,
            answers => Regression.R2(target, answers),
            new RandomSource(1),
            5
        );
        Assert.True(importance[0].Mean > importance[1].Mean && importance[1].Mean > 0.05);
        Assert.InRange(importance[2].Mean, -0.01, 0.01);
    }

    [Fact]
    public void The_dependence_of_a_plane_is_its_slope()
    {
        var (rows, target) = Draw(600);
        var model = LinearRegression.Fit(rows, 3, target);
        var line = PartialDependence.Of(model, rows, 0, [0, 1]);
        Assert.Equal(model.Weights[0], line[1] - line[0], 9);
    }

    private static (double[] Rows, double[] Target) Draw(int count)
    {
        var random = new RandomSource(60);
        var rows = Enumerable.Range(0, 3 * count).Select(_ => random.NextNormal()).ToArray();
        return (rows, [.. rows.Chunk(3).Select(r => 2 * r[0] - r[1] + 0.05 * random.NextNormal())]);
    }
}
