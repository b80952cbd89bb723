namespace Slipway.Numerics.Metrics;

/// <summary>
/// How often each true class was predicted as which, weighted if asked, and what is derived from that. As in scikit-learn
/// a rate whose denominator is 0 counts 0; a figure that has no value at all is not computable.
/// </summary>
public sealed class ConfusionMatrix
{
    private readonly double[] cells;
    private readonly double[] truth;
    private readonly double[] predicted;

    private ConfusionMatrix(double[] cells, int classes)
    {
        this.cells = cells;
        Classes = classes;
        truth = new double[classes];
        predicted = new double[classes];
        for (var i = 0; i < classes; i++)
        {
            for (var j = 0; j < classes; j++)
            {
                truth[i] += cells[i * classes + j];
                predicted[j] += cells[i * classes + j];
            }
        }
        Total = truth.Sum();
        Correct = Enumerable.Range(0, classes).Sum(i => cells[i * classes + i]);
    }

    public int Classes { get; }

    public double Total { get; }

    public double Correct { get; }

    /// <summary>The weight of rows of this true class that were predicted as that.</summary>
    public double this[int trueClass, int predictedClass] => cells[trueClass * Classes + predictedClass];

    /// <summary>Classes are numbered from 0; without weights every row counts 1.</summary>
    public static ConfusionMatrix Of(
        ReadOnlySpan<int> truth,
        ReadOnlySpan<int> predicted,
        int classes,
        ReadOnlySpan<double> weights = default
    )
    {
        Require.SameLength(truth.Length, predicted.Length);
        if (!weights.IsEmpty)
            Require.SameLength(truth.Length, weights.Length);
        var counts = new double[classes * classes];
        for (var row = 0; row < truth.Length; row++)
            counts[truth[row] * classes + predicted[row]] += weights.IsEmpty ? 1 : weights[row];
        return new ConfusionMatrix(counts, classes);
    }

    /// <summary>The matrix with the true classes as rows.</summary>
    public double[][] Rows()
    {
        if (Classes == 0)
            throw new NotComputableException("There are no rows, so there are no classes.");
        return [.. cells.Chunk(Classes)];
    }

    public double Support(int trueClass) => truth[trueClass];

    public double Accuracy() => Defined(Correct / Total, "There are no rows to be right or wrong about.");

    /// <summary>The share of rows that are wrong: zero-one loss, and Hamming loss where a row has one label.</summary>
    public double ErrorRate() => 1 - Accuracy();

    /// <summary>The mean recall of the classes that occur.</summary>
    public double BalancedAccuracy()
    {
        double sum = 0;
        var occurring = 0;
        for (var i = 0; i < Classes; i++)
        {
            if (truth[i] <= 0)
                continue;
            sum += Recall(i);
            occurring++;
        }
        return Defined(sum / occurring, "No class occurs.");
    }

    public double Precision(int ofClass) => Ratio(this[ofClass, ofClass], predicted[ofClass]);

    public double Recall(int ofClass) => Ratio(this[ofClass, ofClass], truth[ofClass]);

    /// <summary>Van Rijsbergen's F (1979): recall weighs beta times as much as precision.</summary>
    public double F(int ofClass, double beta = 1) => F(Precision(ofClass), Recall(ofClass), beta);

    public double Jaccard(int ofClass)
    {
        var hit = this[ofClass, ofClass];
        return Ratio(hit, truth[ofClass] + predicted[ofClass] - hit);
    }

    public double Precision(Averaging averaging) =>
        averaging == Averaging.Micro ? Ratio(Correct, Total) : Average(averaging, Precision);

    public double Recall(Averaging averaging) =>
        averaging == Averaging.Micro ? Ratio(Correct, Total) : Average(averaging, Recall);

    public double F(Averaging averaging, double beta = 1) =>
        averaging == Averaging.Micro
            ? F(Precision(averaging), Recall(averaging), beta)
            : Average(averaging, i => F(i, beta));

    public double Jaccard(Averaging averaging) =>
        averaging == Averaging.Micro ? Ratio(Correct, 2 * Total - Correct)
        : Total == 0 ? throw new NotComputableException("There are no rows to average over.")
        : Average(averaging, Jaccard);

    /// <summary>Matthews' correlation for any number of classes (Gorodkin, 2004); 0 where a side is constant.</summary>
    public double MatthewsCorrelation()
    {
        double both = 0,
            ofTruth = 0,
            ofPredicted = 0;
        for (var i = 0; i < Classes; i++)
        {
            both += truth[i] * predicted[i];
            ofTruth += truth[i] * truth[i];
            ofPredicted += predicted[i] * predicted[i];
        }
        var total = Total * Total;
        return Ratio(Correct * Total - both, Math.Sqrt((total - ofTruth) * (total - ofPredicted)));
    }

    /// <summary>Cohen's kappa (1960, weighted 1968): agreement beyond chance.</summary>
    public double CohenKappa(Disagreement disagreement = Disagreement.Equal)
    {
        double seen = 0,
            byChance = 0;
        for (var i = 0; i < Classes; i++)
        {
            for (var j = 0; j < Classes; j++)
            {
                double weight = disagreement switch
                {
                    Disagreement.Equal => i == j ? 0 : 1,
                    Disagreement.Linear => Math.Abs(i - j),
                    _ => (i - j) * (i - j),
                };
                seen += weight * this[i, j];
                byChance += weight * truth[i] * predicted[j] / Total;
            }
        }
        return Defined(1 - seen / byChance, "All rows are of one class on both sides, so chance cannot disagree.");
    }

    private double Average(Averaging averaging, Func<int, double> figure)
    {
        if (Classes == 0 && averaging == Averaging.Macro)
            throw new NotComputableException("There are no classes to average over.");
        var sum = 0.0;
        for (var i = 0; i < Classes; i++)
            sum += figure(i) * (averaging == Averaging.Weighted ? truth[i] : 1);
        return Ratio(sum, averaging == Averaging.Weighted ? Total : Classes);
    }

    private static double F(double precision, double recall, double beta)
    {
        var square = beta * beta;
        return Ratio((1 + square) * precision * recall, square * precision + recall);
    }

    private static double Ratio(double part, double whole) => whole == 0 ? 0 : part / whole;

    private static double Defined(double value, string otherwise) =>
        double.IsNaN(value) ? throw new NotComputableException(otherwise) : value;
}
