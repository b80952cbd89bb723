using Slipway.Numerics.Learners;
using Slipway.Numerics.Metrics;
using Slipway.Numerics.Sampling;
using Slipway.Numerics.Special;

namespace Slipway.Numerics.Drift;

/// <summary>
/// Drift of all columns at once by a classifier that tries to tell current rows from reference rows (Lopez-Paz and Oquab,
/// 2017): every row is scored by trees that did not see it. An area of 0.5 says that they cannot be told apart; the
/// importance says which columns give them away.
/// </summary>
public sealed record ClassifierTwoSample(double RocAuc, double PValue, IReadOnlyList<double> Importance)
{
    /// <summary>Rows stand one after another and may lack values. p is that of the area by chance (Mann and Whitney), one-sided.</summary>
    public static ClassifierTwoSample Test(
        ReadOnlySpan<double> reference,
        ReadOnlySpan<double> current,
        int columns,
        RandomSource random,
        int folds = 5
    )
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(folds, 2);
        int n = reference.Length / columns,
            m = current.Length / columns;
        Require.SameLength(reference.Length, n * columns);
        Require.SameLength(current.Length, m * columns);
        if (Math.Min(n, m) < 2 * folds)
            throw new NotComputableException($"The classifier test needs {2 * folds} rows on either side.");
        double[] rows = [.. reference, .. current];
        var isCurrent = new bool[n + m];
        isCurrent.AsSpan(n).Fill(true);
        // Either side is dealt to the folds by itself, so that each fold has its share of both.
        var fold = new int[n + m];
        for (var i = 0; i < fold.Length; i++)
            fold[i] = (i < n ? i : i - n) % folds;
        random.Shuffle(fold.AsSpan(0, n));
        random.Shuffle(fold.AsSpan(n));
        var scores = new double[n + m];
        var importance = new double[columns];
        for (var f = 0; f < folds; f++)
            ScoreFold(rows, columns, isCurrent, fold, f, scores, importance);
        var area = BinaryScores.Of(isCurrent, scores).RocAuc();
        var deviation = Math.Sqrt((n + m + 1.0) / (12.0 * n * m));
        return new ClassifierTwoSample(
            area,
            Normal.Tail((area - 0.5) / deviation),
            Array.ConvertAll(importance, share => share / folds)
        );
    }

    private static void ScoreFold(
        double[] rows,
        int columns,
        bool[] isCurrent,
        int[] fold,
        int held,
        double[] scores,
        double[] importance
    )
    {
        var trained = Enumerable.Range(0, fold.Length).Where(i => fold[i] != held).ToArray();
        var table = new double[trained.Length * columns];
        for (var i = 0; i < trained.Length; i++)
            rows.AsSpan(trained[i] * columns, columns).CopyTo(table.AsSpan(i * columns));
        var model = BoostedTrees.FitClassifier(
            table,
            columns,
            Array.ConvertAll(trained, i => isCurrent[i]),
            new BoostingOptions { Trees = 50, MaximumLeaves = 15 }
        );
        for (var i = 0; i < fold.Length; i++)
        {
            if (fold[i] == held)
                scores[i] = model.Predict(rows.AsSpan(i * columns, columns));
        }
        var shares = model.Importance();
        for (var c = 0; c < columns; c++)
            importance[c] += shares[c];
    }
}
