using Slipway.Numerics.Explain;

namespace Slipway.Numerics.Learners;

/// <summary>
/// Gradient boosted trees on histograms (Friedman, 2001; Ke and others, 2017), for a number or for yes and no. Missing
/// values (not a number) are sent where they fit best. The same rows and options always give the same trees.
/// </summary>
public sealed class BoostedTrees : IPredictor
{
    private readonly Tree[] trees;
    private readonly double start;
    private readonly double[] gains;

    private BoostedTrees(Tree[] trees, double start, double[] gains, bool isClassifier)
    {
        this.trees = trees;
        this.start = start;
        this.gains = gains;
        IsClassifier = isClassifier;
    }

    public bool IsClassifier { get; }

    public int Columns => gains.Length;

    public int TreeCount => trees.Length;

    /// <summary>How much of the loss each column took away in training, as shares of all.</summary>
    public double[] Importance()
    {
        var total = gains.Sum();
        return Array.ConvertAll(gains, gain => total == 0 ? 0 : gain / total);
    }

    /// <summary>Learns a number by squared error.</summary>
    public static BoostedTrees FitRegression(
        ReadOnlySpan<double> rows,
        int columns,
        ReadOnlySpan<double> target,
        BoostingOptions? options = null
    )
    {
        Standardization.RequireRows(rows, columns, target.Length);
        Require.Finite(target);
        var wanted = target.ToArray();
        return Fit(
            BinnedColumns.Of(rows, columns),
            wanted.Length,
            Summation.Mean(wanted),
            options ?? new BoostingOptions(),
            isClassifier: false,
            (scores, slopes, curvatures) =>
            {
                for (var i = 0; i < wanted.Length; i++)
                    (slopes[i], curvatures[i]) = (scores[i] - wanted[i], 1);
            }
        );
    }

    /// <summary>Learns the probability of yes by log loss.</summary>
    public static BoostedTrees FitClassifier(
        ReadOnlySpan<double> rows,
        int columns,
        ReadOnlySpan<bool> target,
        BoostingOptions? options = null
    )
    {
        Standardization.RequireRows(rows, columns, target.Length);
        var wanted = new double[target.Length];
        for (var i = 0; i < wanted.Length; i++)
            wanted[i] = target[i] ? 1 : 0;
        var share = Summation.Mean(wanted);
        if (share is 0 or 1)
            throw new NotComputableException("All rows are of one class, so there is nothing to tell apart.");
        return Fit(
            BinnedColumns.Of(rows, columns),
            wanted.Length,
            Math.Log(share / (1 - share)),
            options ?? new BoostingOptions(),
            isClassifier: true,
            (scores, slopes, curvatures) =>
            {
                for (var i = 0; i < wanted.Length; i++)
                {
                    var p = LogisticRegression.Sigmoid(scores[i]);
                    (slopes[i], curvatures[i]) = (p - wanted[i], p * (1 - p));
                }
            }
        );
    }

    public double Predict(ReadOnlySpan<double> row)
    {
        Require.SameLength(gains.Length, row.Length);
        var sum = start;
        foreach (var tree in trees)
            sum += tree.Predict(row);
        return IsClassifier ? LogisticRegression.Sigmoid(sum) : sum;
    }

    /// <summary>
    /// What each column adds to the answer for this row, beside the answer for nobody in particular: exact Shapley values with
    /// unknown columns weighed by the training rows (path dependent). For a class they add up on the scale of log odds.
    /// </summary>
    public Explanation Explain(ReadOnlySpan<double> row)
    {
        Require.SameLength(gains.Length, row.Length);
        return TreeShap.Explain(trees, start, row);
    }

    public byte[] ToOnnx() => OnnxModel.Trees(trees, start, Columns, IsClassifier);

    private static BoostedTrees Fit(
        BinnedColumns columns,
        int rows,
        double start,
        BoostingOptions options,
        bool isClassifier,
        Action<double[], double[], double[]> derive
    )
    {
        if (!options.IsUsable)
            throw new ArgumentException(
                "Boosting needs a tree of two leaves with a row each, a rate above 0 and a penalty not below it.",
                nameof(options)
            );
        var grower = new TreeGrower(columns, options, rows);
        double[] scores = new double[rows],
            slopes = new double[rows],
            curvatures = new double[rows];
        Array.Fill(scores, start);
        var grown = new Tree[options.Trees];
        for (var t = 0; t < grown.Length; t++)
        {
            derive(scores, slopes, curvatures);
            grown[t] = grower.Grow(slopes, curvatures, scores);
        }
        return new BoostedTrees(grown, start, grower.Gains, isClassifier);
    }
}
