using Slipway.Numerics.Metrics;

namespace Slipway.Numerics.Tests.Reference;

/// <summary>Metrics of predicted numbers and of orders against scikit-learn's.</summary>
public sealed class NumberReferenceTests
{
    public static TheoryData<string, string, int> RegressionCases => ReferenceCases.Of("metric-cases/1", "regression");

    public static TheoryData<string, string, int> RankingCases => ReferenceCases.Of("metric-cases/1", "ranking");

    [Theory]
    [MemberData(nameof(RegressionCases))]
    public void Regression_metrics_equal_the_reference(string file, string id, int number)
    {
        var item = ReferenceCases.Read(file, number);
        var expected = item.GetProperty("expect");
        var checks = new Checks(id);
        var y = Checks.ReadAll(item.GetProperty("y_true"));
        var p = Checks.ReadAll(item.GetProperty("y_pred"));
        // The logarithms of the reference lose as many digits as the numbers have before the point.
        var dust = 1e-13 + 1e-15 * y.Select(Math.Abs).Where(double.IsFinite).DefaultIfEmpty().Max();
        Check("mse", () => Regression.MeanSquaredError(y, p));
        Check("rmse", () => Regression.RootMeanSquaredError(y, p));
        Check("mae", () => Regression.MeanAbsoluteError(y, p));
        Check("median_ae", () => Regression.MedianAbsoluteError(y, p));
        Check("mape_fraction", () => Regression.MeanAbsolutePercentageError(y, p));
        Check("r2", () => Regression.R2(y, p));
        Check("explained_variance", () => Regression.ExplainedVariance(y, p));
        Check("max_error", () => Regression.LargestError(y, p));
        Check("msle", () => Regression.MeanSquaredLogError(y, p));
        Check("d2_absolute_error", () => Regression.D2Pinball(y, p));
        Check("poisson_deviance", () => Regression.PoissonDeviance(y, p));
        Check("gamma_deviance", () => Regression.GammaDeviance(y, p));
        Check("d2_pinball_0.5", () => Regression.D2Pinball(y, p));
        foreach (var q in new[] { "0.1", "0.5", "0.9" })
        {
            var quantile = double.Parse(q, System.Globalization.CultureInfo.InvariantCulture);
            Check($"pinball_{q}", () => Regression.Pinball(y, p, quantile));
        }
        checks.Verdict();

        void Check(string name, Func<double> compute)
        {
            if (expected.TryGetProperty(name, out var value))
                checks.Number(
                    name,
                    value,
                    compute,
                    1e-12,
                    name.EndsWith("deviance", StringComparison.Ordinal) ? dust : 1e-13
                );
        }
    }

    [Theory]
    [MemberData(nameof(RankingCases))]
    public void Ranking_metrics_equal_the_reference(string file, string id, int number)
    {
        var item = ReferenceCases.Read(file, number);
        var expected = item.GetProperty("expect");
        var checks = new Checks(id);
        var relevance = item.GetProperty("relevance").EnumerateArray().Select(Checks.ReadAll).ToArray();
        var scores = item.GetProperty("score").EnumerateArray().Select(Checks.ReadAll).ToArray();
        Check("ndcg", (r, s) => Ranking.Ndcg(r, s));
        Check("ndcg_at_2", (r, s) => Ranking.Ndcg(r, s, 2));
        Check("dcg", (r, s) => Ranking.Dcg(r, s));
        Check("lrap_of_binary_rel", (r, s) => Ranking.LabelRankingAveragePrecision(Array.ConvertAll(r, x => x > 0), s));
        checks.Verdict();

        void Check(string name, Func<double[], double[], double> compute)
        {
            if (expected.TryGetProperty(name, out var value))
                checks.Number(name, value, () => relevance.Zip(scores, compute).Average(), 1e-12, 1e-13);
        }
    }
}
