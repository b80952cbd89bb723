using Slipway.Numerics.Drift;
using Slipway.Numerics.Learners;
using Slipway.Numerics.Metrics;
using Slipway.Numerics.Sampling;

namespace Slipway.Numerics.Tests.Learners;

public sealed class LearnerTests
{
    [Fact]
    public void Least_squares_finds_the_plane_that_the_points_lie_on()
    {
        double[] rows = [1, 2, 2, 1, 3, 5, 4, 4, 0, 1];
        double[] target = [.. rows.Chunk(2).Select(r => 3 * r[0] - 2 * r[1] + 7)];
        var model = LinearRegression.Fit(rows, 2, target);
        Assert.Equal(3, model.Weights[0], 10);
        Assert.Equal(-2, model.Weights[1], 10);
        Assert.Equal(7, model.Intercept, 10);
        Assert.Equal(3 * 10 - 2 * 20 + 7, model.Predict([10, 20]), 9);
    }

    [Fact]
    public void Columns_that_depend_on_each_other_share_the_weight_and_constant_ones_get_none()
    {
        double[] rows = [.. Enumerable.Range(0, 20).SelectMany(i => new[] { i, 2.0 * i, 5 })];
        double[] target = [.. Enumerable.Range(0, 20).Select(i => 4.0 * i + 1)];
        var model = LinearRegression.Fit(rows, 3, target);
        Assert.Equal(0, model.Weights[2]);
        Assert.Equal(2, model.Weights[0], 8);
        Assert.Equal(1, model.Weights[1], 8);
        Assert.Equal(4 * 50 + 1, model.Predict([50, 100, 5]), 6);
    }

    [Fact]
    public void The_logistic_solution_has_no_slope_left()
    {
        var (rows, target) = Noisy(400, 3);
        var model = LogisticRegression.Fit(rows, 3, target);
        // Of the penalized likelihood: Σ (y − p) = 0 for the intercept, and Σ (y − p) z = w for standardized columns.
        var left = Enumerable
            .Range(0, 400)
            .Select(r => (target[r] ? 1 : 0) - model.Predict(rows.AsSpan(r * 3, 3)))
            .ToArray();
        Assert.InRange(left.Sum(), -1e-3, 1e-3);
        for (var c = 0; c < 3; c++)
        {
            var column = Sample.Of([.. Enumerable.Range(0, 400).Select(r => rows[r * 3 + c])]);
            var (mean, spread) = (column.Mean(), Math.Sqrt(column.Variance()));
            var slope = left.Select((e, r) => e * (rows[r * 3 + c] - mean) / spread).Sum();
            Assert.Equal(model.Weights[c] * spread, slope, 1e-3);
        }
    }

    [Fact]
    public void Separable_classes_do_not_run_away()
    {
        double[] rows = [.. Enumerable.Range(0, 40).Select(i => (double)i)];
        bool[] target = [.. Enumerable.Range(0, 40).Select(i => i >= 20)];
        var model = LogisticRegression.Fit(rows, 1, target);
        Assert.InRange(model.Predict([0]), 0, 0.02);
        Assert.InRange(model.Predict([39]), 0.98, 1);
        Assert.Equal(0.5, model.Predict([19.5]), 6);
    }

    [Fact]
    public void One_class_alone_is_not_learned() =>
        Assert.Throws<NotComputableException>(() => LogisticRegression.Fit([1, 2, 3], 1, [true, true, true]));

    [Fact]
    public void Trees_learn_what_no_plane_can()
    {
        var random = new RandomSource(18);
        var rows = Enumerable.Range(0, 8000).Select(_ => 2 * random.NextDouble() - 1).ToArray();
        var target = rows.Chunk(2).Select(r => r[0] * r[1] > 0).ToArray();
        var model = BoostedTrees.FitClassifier(rows.AsSpan(0, 6000), 2, target.AsSpan(0, 3000));
        Assert.True(Auc(model, rows, target, 2, 3000) > 0.98);
        Assert.True(Auc(LogisticRegression.Fit(rows, 2, target), rows, target, 2, 3000) < 0.6);
        Assert.All(model.Importance(), share => Assert.InRange(share, 0.3, 0.7));
    }

    [Fact]
    public void Missing_values_are_sent_where_they_fit()
    {
        var random = new RandomSource(19);
        var rows = Enumerable.Range(0, 2000).Select(i => i % 3 == 0 ? double.NaN : random.NextDouble()).ToArray();
        var target = Array.ConvertAll(rows, v => double.IsNaN(v) ? 10.0 : v);
        var model = BoostedTrees.FitRegression(rows, 1, target);
        Assert.Equal(10, model.Predict([double.NaN]), 0.01);
        Assert.Equal(0.5, model.Predict([0.5]), 0.05);
    }

    [Fact]
    public void The_same_rows_always_give_the_same_trees()
    {
        var (rows, target) = Noisy(3000, 5);
        Assert.Equal(
            BoostedTrees.FitClassifier(rows, 5, target).ToOnnx(),
            BoostedTrees.FitClassifier(rows, 5, target).ToOnnx()
        );
    }

    [Theory]
    [InlineData("linear")]
    [InlineData("logistic")]
    [InlineData("trees of a number")]
    [InlineData("trees of a class")]
    public void An_export_answers_as_the_model_does(string kind)
    {
        var (rows, target) = Noisy(1000, 4);
        double[] numbers = [.. rows.Chunk(4).Select(r => r[0] * r[1] + Math.Sin(3 * r[2]))];
        IPredictor model = kind switch
        {
            "linear" => LinearRegression.Fit(rows, 4, numbers),
            "logistic" => LogisticRegression.Fit(rows, 4, target),
            "trees of a number" => BoostedTrees.FitRegression(Holed(rows), 4, numbers),
            _ => BoostedTrees.FitClassifier(Holed(rows), 4, target),
        };
        var asked = kind.StartsWith("trees", StringComparison.Ordinal) ? Holed(rows) : rows;
        var runner = new OnnxRunner(model.ToOnnx());
        var classifies = runner.Outputs.Length == 2;
        Assert.Equal(["input"], runner.Inputs);
        Assert.Equal(classifies ? ["label", "probabilities"] : ["prediction"], runner.Outputs);
        var answers = new double[300];
        for (var r = 0; r < answers.Length; r++)
        {
            var values = runner.Run(asked.AsSpan(r * 4, 4));
            answers[r] = classifies ? values["probabilities"][1] : values["prediction"][0];
            if (classifies)
                Assert.Equal(answers[r] > 0.5 ? 1 : 0, values["label"][0]);
        }
        Assert.InRange(ParityGate.LargestDifference(model, asked.AsSpan(0, 1200), answers), 0, 2e-5);
    }

    [Fact]
    public void A_runtime_that_answers_otherwise_is_caught()
    {
        var model = LinearRegression.Fit([1, 2, 3], 1, [2, 4, 6]);
        Assert.Equal(0.5, ParityGate.LargestDifference(model, [1, 2], [2, 4.5]), 9);
        Assert.Equal(double.PositiveInfinity, ParityGate.LargestDifference(model, [1], [double.NaN]));
    }

    [Fact]
    public void A_classifier_finds_the_column_that_changed_and_finds_nothing_where_nothing_did()
    {
        var random = new RandomSource(23);
        double[] reference = [.. Enumerable.Range(0, 1500).Select(_ => random.NextNormal())],
            same = [.. Enumerable.Range(0, 1500).Select(_ => random.NextNormal())],
            changed = [.. Enumerable.Range(0, 1500).Select(i => random.NextNormal() * (i % 3 == 1 ? 2 : 1))];
        var quiet = ClassifierTwoSample.Test(reference, same, 3, random);
        var loud = ClassifierTwoSample.Test(reference, changed, 3, random);
        Assert.True(quiet.PValue > 0.01, $"{quiet}");
        Assert.True(loud.PValue < 1e-6 && loud.RocAuc > 0.6, $"{loud}");
        Assert.True(loud.Importance[1] > 0.5);
    }

    private static double Auc(IPredictor model, double[] rows, bool[] target, int columns, int from) =>
        BinaryScores
            .Of(
                target.AsSpan(from),
                [
                    .. Enumerable
                        .Range(from, target.Length - from)
                        .Select(r => model.Predict(rows.AsSpan(r * columns, columns))),
                ]
            )
            .RocAuc();

    private static double[] Holed(double[] rows) => [.. rows.Select((v, i) => i % 17 == 0 ? double.NaN : v)];

    private static (double[] Rows, bool[] Target) Noisy(int count, int columns)
    {
        var random = new RandomSource(50);
        var rows = Enumerable.Range(0, count * columns).Select(_ => 3 * random.NextNormal() + 1).ToArray();
        return (rows, [.. rows.Chunk(columns).Select(r => r[0] - 0.5 * r[1] + 2 * random.NextNormal() > 0.5)]);
    }
}
