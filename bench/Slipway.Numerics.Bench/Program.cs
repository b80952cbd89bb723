// Measures the statistics in CPU time, the best of a few rounds, and leaves the same columns behind as files so that
// bench/numerics-peers.py measures SciPy and scikit-learn on them:
//   dotnet run -c Release --project bench/Slipway.Numerics.Bench -- FOLDER && python3 bench/numerics-peers.py FOLDER
using System.Runtime.InteropServices;
using Slipway.Numerics;
using Slipway.Numerics.Bench;
using Slipway.Numerics.Drift;
using Slipway.Numerics.Intervals;
using Slipway.Numerics.Learners;
using Slipway.Numerics.Metrics;
using Slipway.Numerics.Sampling;
using Slipway.Numerics.Sketches;

const int Count = 1_000_000;
const int Rows = 200_000;
const int Columns = 20;

var random = new RandomSource(1);
var a = Numbers(Count, () => random.NextNormal());
var b = Numbers(Count, () => 1.05 * random.NextNormal() + 0.03);
var labels = new bool[Count];
for (var i = 0; i < Count; i++)
    labels[i] = a[i] + 2 * b[i] > 0;
var probabilities = Array.ConvertAll(a, v => 1 / (1 + Math.Exp(-v)));
var texts = Array.ConvertAll(a, v => $"category {(int)Math.Abs(v * 20)}");
var table = Numbers(Rows * Columns, () => random.NextNormal());
var answers = new double[Rows];
for (var r = 0; r < Rows; r++)
{
    var row = table.AsSpan(r * Columns, Columns);
    answers[r] = row[0] * row[1] + Math.Sin(2 * row[2]) + row[3] / 2 + random.NextNormal() / 2;
}
var classes = Array.ConvertAll(answers, v => v > 0);
if (args is [var folder, ..])
{
    Directory.CreateDirectory(folder);
    foreach (var (name, values) in new[] { ("a", a), ("b", b), ("table", table), ("answers", answers) })
        await File.WriteAllBytesAsync(
            Path.Combine(folder, $"{name}.bin"),
            MemoryMarshal.AsBytes(values.AsSpan()).ToArray()
        );
}

Stopwatch.Measure("KS test, 1M vs 1M", () => KolmogorovSmirnov.Test(Sample.Of(a), Sample.Of(b)));
Stopwatch.Measure("Wasserstein, 1M vs 1M", () => CdfDistances.Wasserstein(Sample.Of(a), Sample.Of(b)));
Stopwatch.Measure("energy distance, 1M vs 1M", () => CdfDistances.Energy(Sample.Of(a), Sample.Of(b)));
Stopwatch.Measure("Mann-Whitney, 1M vs 1M", () => RankTests.MannWhitney(Sample.Of(a), Sample.Of(b)));
Stopwatch.Measure("PSI of deciles, 1M vs 1M", PsiOfDeciles);
Stopwatch.Measure(
    "exact KS, 5000 vs 5000",
    () => KolmogorovSmirnov.Exact(Sample.Of(a.AsSpan(0, 5000)), Sample.Of(b.AsSpan(0, 5000)))
);
Stopwatch.Measure(
    "MMD², 2000 vs 2000",
    () => MaximumMeanDiscrepancy.Unbiased(Sample.Of(a.AsSpan(0, 2000)), Sample.Of(b.AsSpan(0, 2000)), 1)
);
Stopwatch.Measure("area under ROC, 1M", () => BinaryScores.Of(labels, a).RocAuc());
Stopwatch.Measure("average precision, 1M", () => BinaryScores.Of(labels, a).AveragePrecision());
Stopwatch.Measure("DeLong interval, 1M", () => DeLong.Interval(labels, a));
Stopwatch.Measure("log loss, 1M", () => Calibration.LogLoss(labels, probabilities));
Stopwatch.Measure("moments, 1M", () => Filled(new Moments(), m => m.Add(a)).StandardDeviation);
Stopwatch.Measure("quantile sketch k=200, 1M", () => Filled(new QuantileSketch(), q => q.Add(a)).Quantile(0.5));
Stopwatch.Measure("quantile sketch k=800, 1M", () => Filled(new QuantileSketch(800), q => q.Add(a)).Quantile(0.5));
Stopwatch.Measure("distinct sketch, 1M", () => Filled(new DistinctSketch(), d => d.Add(a)).Estimate());
Stopwatch.Measure("histogram of 50 bins, 1M", () => Filled(Histogram.EqualWidth(-6, 6, 50), h => h.Add(a)).Below);
Stopwatch.Measure(
    "frequent texts, 1M",
    () => Filled(new FrequentItems(), f => Array.ForEach(texts, t => f.Add(t))).Total
);
Stopwatch.Measure("drift of 20 columns from sketches of 1M", DriftFromSketches());
Stopwatch.Measure("linear regression, 200k x 20", () => LinearRegression.Fit(table, Columns, answers).Intercept);
Stopwatch.Measure("logistic regression, 200k x 20", () => LogisticRegression.Fit(table, Columns, classes).Intercept);
var trees = BoostedTrees.FitClassifier(table, Columns, classes);
Stopwatch.Measure("100 boosted trees, 200k x 20", () => BoostedTrees.FitClassifier(table, Columns, classes).TreeCount);
Stopwatch.Measure("their answers, 200k rows", Predict);

double PsiOfDeciles()
{
    Sample reference = Sample.Of(a),
        current = Sample.Of(b);
    return Divergence.Psi(PairedCounts.Of(reference, current, Binning.ReferenceQuantiles(reference, 10)));
}

Func<double> DriftFromSketches()
{
    var first = Filled(new QuantileSketch(800), q => q.Add(a));
    var second = Filled(new QuantileSketch(800), q => q.Add(b));
    return () =>
    {
        var sum = 0.0;
        for (var column = 0; column < 20; column++)
        {
            var counts = SketchDistances.Bin(first, second, SketchDistances.QuantileEdges(first, 10));
            sum += SketchDistances.KolmogorovSmirnov(first, second).Statistic;
            sum += SketchDistances.Wasserstein(first, second);
            sum += Divergence.Psi(counts) + Divergence.JensenShannonDistance(counts);
        }
        return sum;
    };
}

double Predict()
{
    var sum = 0.0;
    for (var r = 0; r < Rows; r++)
        sum += trees.Predict(table.AsSpan(r * Columns, Columns));
    return sum;
}

static double[] Numbers(int count, Func<double> draw)
{
    var numbers = new double[count];
    for (var i = 0; i < count; i++)
        numbers[i] = draw();
    return numbers;
}

static T Filled<T>(T sketch, Action<T> fill)
{
    fill(sketch);
    return sketch;
}
