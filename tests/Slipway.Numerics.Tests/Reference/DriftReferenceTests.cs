using System.Text.Json;
using Slipway.Numerics.Drift;

namespace Slipway.Numerics.Tests.Reference;

/// <summary>Drift statistics against SciPy's: statistics to 1e-9, p-values to 1e-7.</summary>
public sealed class DriftReferenceTests
{
    private const double OfP = 1e-7;
    private const double OfSmallP = 1e-10;

    public static TheoryData<string, string, int> Cases => ReferenceCases.Of("drift-cases/1");

    [Theory]
    [MemberData(nameof(Cases))]
    public void Drift_equals_the_reference(string file, string id, int number)
    {
        var item = ReferenceCases.Read(file, number);
        var checks = new Checks(id);
        var expected = item.GetProperty("expect");
        if (item.GetProperty("type").GetString() == "numeric")
            CheckNumeric(checks, item, expected);
        else
            CheckCategorical(checks, item, expected);
        checks.Verdict();
        Assert.True(checks.Count > 0, "The case checks nothing.");
    }

    private static void CheckNumeric(Checks checks, JsonElement item, JsonElement expected)
    {
        var a = Sample.Of(Checks.ReadAll(item.GetProperty("a")));
        var b = Sample.Of(Checks.ReadAll(item.GetProperty("b")));
        checks.Numbers("n", expected.GetProperty("n"), () => [a.Count, b.Count]);
        checks.Numbers("nan_dropped", expected.GetProperty("nan_dropped"), () => [a.NanCount, b.NanCount]);
        checks.Numbers("inf_dropped", expected.GetProperty("inf_dropped"), () => [a.InfiniteCount, b.InfiniteCount]);
        if (a.Count == 0 || b.Count == 0)
        {
            CheckNothingIsComputable(checks, expected.GetProperty("note"), a, b);
            return;
        }
        Test(checks, expected, "ks_2samp_auto", () => KolmogorovSmirnov.Test(a, b));
        Test(checks, expected, "ks_2samp_exact", () => KolmogorovSmirnov.Exact(a, b));
        Test(checks, expected, "ks_2samp_asymp", () => KolmogorovSmirnov.Asymptotic(a, b));
        Number(checks, expected, "wasserstein", () => CdfDistances.Wasserstein(a, b));
        Number(checks, expected, "std_ref_ddof0", () => Math.Sqrt(a.Variance()));
        Number(checks, expected, "wasserstein_over_std_ref", () => CdfDistances.NormedWasserstein(a, b));
        Number(checks, expected, "energy_distance", () => CdfDistances.Energy(a, b));
        Test(checks, expected, "mannwhitney_two_sided_asymptotic", () => RankTests.MannWhitney(a, b));
        Test(checks, expected, "welch_t", () => MeanTest.Welch(a, b));
        // SciPy's own series is good to about 1e-6 far out.
        Test(checks, expected, "cramervonmises_2samp_asymptotic", () => CramerVonMises.Test(a, b), ofSmallP: 1e-6);
        Test(checks, expected, "anderson_ksamp_midrank", () => RankTests.AndersonDarling(a, b), "p_clipped_0.001_0.25");
        if (!IsRoundingOfASingularMatrix(expected))
            Test(checks, expected, "epps_singleton", () => EppsSingleton.Test(a, b));
        Binned(checks, expected, "equal_width_10_pooled_range", a, b, () => Binning.EqualWidth(a, b, 10));
        Binned(checks, expected, "ref_quantile_10_outer_inf", a, b, () => Binning.ReferenceQuantiles(a, 10));
        Mmd(checks, expected, "mmd2_rbf_sigma_1", a, b, () => 1);
        Mmd(
            checks,
            expected,
            "mmd2_rbf_sigma_median_pairwise_pooled",
            a,
            b,
            () => MaximumMeanDiscrepancy.MedianDistance(a, b)
        );
    }

    // The inverse of a covariance of constants is rounding alone: there we say that it is not computable.
    private static bool IsRoundingOfASingularMatrix(JsonElement expected) =>
        expected.TryGetProperty("epps_singleton", out var test)
        && test.TryGetProperty("statistic", out var statistic)
        && Checks.Read(statistic) > 1e15;

    private static void CheckNothingIsComputable(Checks checks, JsonElement note, Sample a, Sample b)
    {
        JsonElement none = JsonDocument.Parse("{}").RootElement;
        Assert.Contains("not computable", note.GetString(), StringComparison.Ordinal);
        checks.Number("ks", none, () => KolmogorovSmirnov.Test(a, b).Statistic);
        checks.Number("wasserstein", none, () => CdfDistances.Wasserstein(a, b));
        checks.Number("energy", none, () => CdfDistances.Energy(a, b));
        checks.Number("mann-whitney", none, () => RankTests.MannWhitney(a, b).Statistic);
        checks.Number("welch", none, () => MeanTest.Welch(a, b).Statistic);
        checks.Number("cvm", none, () => CramerVonMises.Test(a, b).Statistic);
        checks.Number("anderson", none, () => RankTests.AndersonDarling(a, b).Statistic);
        checks.Number("mmd", none, () => MaximumMeanDiscrepancy.Biased(a, b, 1));
        checks.Number("bins", none, () => Binning.EqualWidth(a, b, 10).Length);
        checks.Number("default", none, () => ColumnDrift.Of(a, b).Value);
    }

    private static void CheckCategorical(Checks checks, JsonElement item, JsonElement expected)
    {
        var a = Counts(item.GetProperty("counts_a"));
        var b = Counts(item.GetProperty("counts_b"));
        var counts = PairedCounts.Of(a, b);
        checks.Numbers("n", expected.GetProperty("n"), () => [counts.ReferenceTotal, counts.CurrentTotal]);
        Test(checks, expected, "chi2_contingency_no_yates", () => CountTests.ChiSquare(counts));
        Test(checks, expected, "chi2_contingency_yates", () => CountTests.ChiSquare(counts, yates: true));
        Test(checks, expected, "fisher_exact_two_sided", () => CountTests.Fisher(counts), "p", "odds_ratio");
        Test(checks, expected, "two_proportion_z_pooled", () => CountTests.Proportions(counts));
        Test(checks, expected, "chisquare_gof_b_vs_scaled_a", () => CountTests.GoodnessOfFit(counts));
        Test(checks, expected, "g_test_log_likelihood", () => CountTests.G(counts));
        Number(checks, expected, "cramers_v_uncorrected", () => CountTests.CramersV(counts));
        Number(checks, expected, "normalized_abs_difference", () => Divergence.NormalizedAbsoluteDifference(counts));
        Distances(checks, expected, counts, "");
    }

    private static void Binned(
        Checks checks,
        JsonElement expected,
        string name,
        Sample a,
        Sample b,
        Func<double[]> edges
    )
    {
        if (!expected.TryGetProperty(name, out var block))
            return;
        checks.Numbers(name, block.TryGetProperty("edges", out var cuts) ? cuts : block, edges);
        if (!block.TryGetProperty("edges", out _))
            return;
        var counts = PairedCounts.Of(a, b, edges());
        checks.Numbers($"{name}.counts_a", block.GetProperty("counts_a"), () => counts.Reference.ToArray());
        checks.Numbers($"{name}.counts_b", block.GetProperty("counts_b"), () => counts.Current.ToArray());
        Distances(checks, block, counts, $"{name}.");
    }

    private static void Distances(Checks checks, JsonElement block, PairedCounts counts, string prefix)
    {
        var flipped = PairedCounts.Of(counts.Current, counts.Reference);
        Number(checks, block, "psi_eps1e-4", () => Divergence.Psi(counts), prefix);
        Number(checks, block, "kl_a_from_b_nats_eps1e-4", () => Divergence.KullbackLeibler(counts), prefix);
        Number(checks, block, "kl_b_from_a_nats_eps1e-4", () => Divergence.KullbackLeibler(flipped), prefix);
        Number(checks, block, "js_distance_base_e", () => Divergence.JensenShannonDistance(counts), prefix);
        Number(checks, block, "js_distance_base_2", () => Math.Sqrt(Divergence.JensenShannon(counts)), prefix);
        Number(checks, block, "js_divergence_base_2", () => Divergence.JensenShannon(counts), prefix);
        Number(checks, block, "hellinger", () => Divergence.Hellinger(counts), prefix);
        Number(checks, block, "total_variation", () => Divergence.TotalVariation(counts), prefix);
        Number(checks, block, "l_infinity", () => Divergence.LInfinity(counts), prefix);
    }

    private static void Mmd(Checks checks, JsonElement expected, string name, Sample a, Sample b, Func<double> sigma)
    {
        if (!expected.TryGetProperty(name, out var block))
            return;
        checks.Number($"{name}.sigma", block.GetProperty("sigma"), sigma);
        checks.Number(
            $"{name}.biased",
            block.GetProperty("biased"),
            () => MaximumMeanDiscrepancy.Biased(a, b, sigma())
        );
        checks.Number(
            $"{name}.unbiased",
            block.GetProperty("unbiased"),
            () => MaximumMeanDiscrepancy.Unbiased(a, b, sigma())
        );
    }

    private static void Test(
        Checks checks,
        JsonElement expected,
        string name,
        Func<TestResult> compute,
        string p = "p",
        string statistic = "statistic",
        double ofSmallP = OfSmallP
    )
    {
        if (!expected.TryGetProperty(name, out var block))
            return;
        var none = !block.TryGetProperty(p, out var expectedP);
        // A test without a p is no test: it is not computable as a whole.
        if (none || !double.IsNaN(Checks.Read(expectedP)))
        {
            checks.Number(
                $"{name}.{statistic}",
                none ? block : block.GetProperty(statistic),
                () => compute().Statistic
            );
        }
        checks.Number($"{name}.{p}", none ? block : expectedP, () => compute().PValue, OfP, ofSmallP);
    }

    private static void Number(
        Checks checks,
        JsonElement expected,
        string name,
        Func<double> compute,
        string prefix = ""
    )
    {
        if (expected.TryGetProperty(name, out var value))
            checks.Number(prefix + name, value, compute);
    }

    private static Dictionary<string, double> Counts(JsonElement counts) =>
        counts.EnumerateObject().ToDictionary(c => c.Name, c => Checks.Read(c.Value));
}
