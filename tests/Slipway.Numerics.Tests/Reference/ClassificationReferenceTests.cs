using System.Text.Json;
using Slipway.Numerics.Metrics;

namespace Slipway.Numerics.Tests.Reference;

/// <summary>Metrics of classes and of scores against scikit-learn's.</summary>
public sealed class ClassificationReferenceTests
{
    private const double Relative = 1e-12;
    private const double Absolute = 1e-13;

    public static TheoryData<string, string, int> LabelCases =>
        ReferenceCases.Of("metric-cases/1", "classification_labels");

    public static TheoryData<string, string, int> BinaryCases => ReferenceCases.Of("metric-cases/1", "binary_scores");

    public static TheoryData<string, string, int> ClassCases =>
        ReferenceCases.Of("metric-cases/1", "multiclass_scores");

    [Theory]
    [MemberData(nameof(LabelCases))]
    public void Label_metrics_equal_the_reference(string file, string id, int number)
    {
        var item = ReferenceCases.Read(file, number);
        var expected = item.GetProperty("expect");
        var checks = new Checks(id);
        string[] truth = Labels(item.GetProperty("y_true")),
            predicted = Labels(item.GetProperty("y_pred"));
        var labels = truth.Union(predicted).Order(LabelOrder).ToArray();
        var matrix = ConfusionMatrix.Of(
            Array.ConvertAll(truth, label => Array.IndexOf(labels, label)),
            Array.ConvertAll(predicted, label => Array.IndexOf(labels, label)),
            labels.Length,
            item.TryGetProperty("sample_weight", out var weights) ? Checks.ReadAll(weights) : []
        );
        Assert.Equal(Labels(expected.GetProperty("labels")), labels);
        Check("accuracy", matrix.Accuracy);
        Check("balanced_accuracy", matrix.BalancedAccuracy);
        Check("mcc", matrix.MatthewsCorrelation);
        Check("cohen_kappa", () => matrix.CohenKappa());
        Check("cohen_kappa_linear", () => matrix.CohenKappa(Disagreement.Linear));
        Check("cohen_kappa_quadratic", () => matrix.CohenKappa(Disagreement.Quadratic));
        Check("hamming_loss", matrix.ErrorRate);
        Check("zero_one_loss", matrix.ErrorRate);
        foreach (var averaging in Enum.GetValues<Averaging>())
        {
            var name = averaging.ToString().ToLowerInvariant();
            Check($"precision_{name}", () => matrix.Precision(averaging));
            Check($"recall_{name}", () => matrix.Recall(averaging));
            Check($"f1_{name}", () => matrix.F(averaging));
            Check($"jaccard_{name}", () => matrix.Jaccard(averaging));
        }
        Check("fbeta_0.5_macro", () => matrix.F(Averaging.Macro, 0.5));
        Check("fbeta_2_macro", () => matrix.F(Averaging.Macro, 2));
        var rows = expected.GetProperty("confusion_matrix_rows_true");
        for (var i = 0; rows.ValueKind == JsonValueKind.Array && i < labels.Length; i++)
        {
            var row = i;
            checks.Numbers($"row {row}", rows[row], () => matrix.Rows()[row]);
        }
        if (rows.ValueKind == JsonValueKind.Object)
            checks.Number("confusion_matrix_rows_true", rows, () => matrix.Rows().Length);
        PerClass(checks, expected.GetProperty("per_class"), matrix);
        checks.Verdict();

        void Check(string name, Func<double> compute)
        {
            if (expected.TryGetProperty(name, out var value))
                checks.Number(name, value, compute, Relative, Absolute);
        }
    }

    [Theory]
    [MemberData(nameof(BinaryCases))]
    public void Score_metrics_equal_the_reference(string file, string id, int number)
    {
        var item = ReferenceCases.Read(file, number);
        var expected = item.GetProperty("expect");
        var checks = new Checks(id);
        var truth = item.GetProperty("y_true").EnumerateArray().Select(y => Checks.Read(y) != 0).ToArray();
        var scores = Checks.ReadAll(item.GetProperty("y_score"));
        Check("roc_auc", () => BinaryScores.Of(truth, scores).RocAuc());
        Check("roc_auc_partial_max_fpr_0.3", () => BinaryScores.Of(truth, scores).PartialRocAuc(0.3));
        Check("average_precision", () => BinaryScores.Of(truth, scores).AveragePrecision());
        Check("pr_auc_trapezoid", () => BinaryScores.Of(truth, scores).PrecisionRecallArea());
        Check("ks_statistic_max_tpr_minus_fpr", () => BinaryScores.Of(truth, scores).LargestGap());
        Check("gini_2auc_minus_1", () => BinaryScores.Of(truth, scores).Gini());
        // Scores that are no probabilities must be refused, though the reference clips some of them: the case says so.
        JsonElement? refused = scores.Any(s => s is < 0 or > 1) ? JsonDocument.Parse("{}").RootElement : null;
        CheckOr(refused, "log_loss", () => Calibration.LogLoss(truth, scores));
        CheckOr(refused, "brier", () => Calibration.Brier(truth, scores));
        CheckOr(refused, "ece_10_equal_width_right_closed", () => Calibration.ExpectedError(truth, scores));
        CheckOr(refused, "mce_10_equal_width_right_closed", () => Calibration.LargestError(truth, scores));
        Curves(checks, expected, truth, scores);
        Bins("calibration_curve_5_uniform", () => Calibration.EqualWidth(truth, scores, 5));
        Bins("calibration_curve_5_quantile", () => Calibration.EqualCount(truth, scores, 5));
        checks.Verdict();

        void Check(string name, Func<double> compute) => CheckOr(null, name, compute);

        void CheckOr(JsonElement? instead, string name, Func<double> compute)
        {
            if (expected.TryGetProperty(name, out var value))
                checks.Number(name, instead ?? value, compute, Relative, Absolute);
        }

        void Bins(string name, Func<IReadOnlyList<CalibrationBin>> compute)
        {
            if (!expected.TryGetProperty(name, out var block))
                return;
            var none = block.TryGetProperty("error", out _);
            checks.Numbers(
                $"{name}.prob_true",
                none ? block : block.GetProperty("prob_true"),
                () => [.. compute().Select(bin => bin.ShareOfPositives)]
            );
            checks.Numbers(
                $"{name}.prob_pred",
                none ? block : block.GetProperty("prob_pred"),
                () => [.. compute().Select(bin => bin.MeanProbability)]
            );
        }
    }

    [Theory]
    [MemberData(nameof(ClassCases))]
    public void Class_score_metrics_equal_the_reference(string file, string id, int number)
    {
        var item = ReferenceCases.Read(file, number);
        var expected = item.GetProperty("expect");
        var checks = new Checks(id);
        var truth = item.GetProperty("y_true").EnumerateArray().Select(y => y.GetInt32()).ToArray();
        var rows = item.GetProperty("y_proba").EnumerateArray().Select(Checks.ReadAll).ToArray();
        var classes = rows.Length == 0 ? 0 : rows[0].Length;
        Check("roc_auc_ovr_macro", s => s.RocAucOneVersusRest(Averaging.Macro));
        Check("roc_auc_ovr_weighted", s => s.RocAucOneVersusRest(Averaging.Weighted));
        Check("roc_auc_ovo_macro", s => s.RocAucOneVersusOne(Averaging.Macro));
        Check("roc_auc_ovo_weighted", s => s.RocAucOneVersusOne(Averaging.Weighted));
        Check("log_loss", s => s.LogLoss());
        Check("top_1_accuracy", s => s.TopAccuracy(1));
        Check("top_2_accuracy", s => s.TopAccuracy(2));
        checks.Verdict();

        void Check(string name, Func<ClassScores, double> compute)
        {
            if (expected.TryGetProperty(name, out var value))
                checks.Number(
                    name,
                    value,
                    () => compute(ClassScores.Of(truth, [.. rows.SelectMany(r => r)], classes)),
                    Relative,
                    Absolute
                );
        }
    }

    private static void Curves(Checks checks, JsonElement expected, bool[] truth, double[] scores)
    {
        if (expected.TryGetProperty("roc_curve_keep_all", out var roc))
        {
            var none = roc.TryGetProperty("error", out _);
            checks.Numbers(
                "roc.fpr",
                none ? roc : roc.GetProperty("fpr"),
                () => BinaryScores.Of(truth, scores).RocCurve().FalseAlarmRates
            );
            checks.Numbers(
                "roc.tpr",
                none ? roc : roc.GetProperty("tpr"),
                () => BinaryScores.Of(truth, scores).RocCurve().HitRates
            );
            // scikit-learn 1.2 starts at max + 1; ours at infinity, as later versions do.
            checks.Numbers(
                "roc.thresholds",
                none ? roc : roc.GetProperty("thresholds"),
                () => [.. BinaryScores.Of(truth, scores).RocCurve().Thresholds.Select(FromMaximum)]
            );
        }
        double FromMaximum(double threshold) => double.IsInfinity(threshold) ? scores.Max() + 1 : threshold;

        if (!expected.TryGetProperty("precision_recall_curve", out var curve))
            return;
        var nothing = curve.TryGetProperty("error", out _);
        checks.Numbers(
            "pr.precision",
            nothing ? curve : curve.GetProperty("precision"),
            () => BinaryScores.Of(truth, scores).PrecisionRecallCurve().Precision
        );
        checks.Numbers(
            "pr.recall",
            nothing ? curve : curve.GetProperty("recall"),
            () => BinaryScores.Of(truth, scores).PrecisionRecallCurve().Recall
        );
        checks.Numbers(
            "pr.thresholds",
            nothing ? curve : curve.GetProperty("thresholds"),
            () => BinaryScores.Of(truth, scores).PrecisionRecallCurve().Thresholds
        );
    }

    private static void PerClass(Checks checks, JsonElement perClass, ConfusionMatrix matrix)
    {
        Check("precision", matrix.Precision);
        Check("recall", matrix.Recall);
        Check("f1", c => matrix.F(c));
        Check("support", matrix.Support);

        void Check(string name, Func<int, double> figure) =>
            checks.Numbers(
                $"per_class.{name}",
                perClass.GetProperty(name),
                () => [.. Enumerable.Range(0, matrix.Classes).Select(figure)],
                Relative,
                Absolute
            );
    }

    private static string[] Labels(JsonElement labels) =>
        [
            .. labels
                .EnumerateArray()
                .Select(label => label.ValueKind == JsonValueKind.String ? label.GetString()! : label.GetRawText()),
        ];

    private static readonly Comparer<string> LabelOrder = Comparer<string>.Create(
        (a, b) =>
            double.TryParse(a, System.Globalization.CultureInfo.InvariantCulture, out var x)
            && double.TryParse(b, System.Globalization.CultureInfo.InvariantCulture, out var y)
                ? x.CompareTo(y)
                : string.CompareOrdinal(a, b)
    );
}
