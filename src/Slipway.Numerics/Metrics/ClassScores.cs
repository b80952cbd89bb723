namespace Slipway.Numerics.Metrics;

/// <summary>
/// Scores of several classes, one row after another. Every class must occur among the true ones, because nothing can be
/// said about telling apart a class that never came.
/// </summary>
public sealed class ClassScores
{
    private readonly int[] truth;
    private readonly double[] scores;
    private readonly int classes;

    private ClassScores(int[] truth, double[] scores, int classes)
    {
        this.truth = truth;
        this.scores = scores;
        this.classes = classes;
    }

    public static ClassScores Of(ReadOnlySpan<int> truth, ReadOnlySpan<double> scores, int classes)
    {
        Require.SameLength(truth.Length * classes, scores.Length);
        Require.Some(truth.Length);
        Require.Finite(scores);
        var seen = new bool[classes];
        foreach (var label in truth)
            seen[label] = true;
        if (seen.AsSpan().Contains(false))
            throw new NotComputableException("A class never occurs among the true ones.");
        return new ClassScores(truth.ToArray(), scores.ToArray(), classes);
    }

    /// <summary>The mean −ln of the probability of the class that came; rows are brought to sum to 1.</summary>
    public double LogLoss()
    {
        var sum = 0.0;
        for (var row = 0; row < truth.Length; row++)
        {
            var total = 0.0;
            for (var c = 0; c < classes; c++)
                total += Clipped(row, c);
            sum -= Math.Log(Clipped(row, truth[row]) / total);
        }
        return sum / truth.Length;
    }

    /// <summary>The share of rows whose class is among the k best scored; of equal scores the later class is taken first.</summary>
    public double TopAccuracy(int k)
    {
        var hits = 0;
        for (var row = 0; row < truth.Length; row++)
        {
            var own = scores[row * classes + truth[row]];
            var better = 0;
            for (var c = 0; c < classes; c++)
            {
                var other = scores[row * classes + c];
                better += other > own || (other == own && c > truth[row]) ? 1 : 0;
            }
            hits += better < k ? 1 : 0;
        }
        return (double)hits / truth.Length;
    }

    /// <summary>The mean area of each class against all others.</summary>
    public double RocAucOneVersusRest(Averaging averaging)
    {
        RequireShares();
        double sum = 0,
            weights = 0;
        for (var c = 0; c < classes; c++)
        {
            var ofClass = c;
            var own = Array.ConvertAll(truth, label => label == ofClass);
            double weight = averaging == Averaging.Weighted ? own.Count(x => x) : 1;
            sum += weight * BinaryScores.Of(own, Column(c, _ => true)).RocAuc();
            weights += weight;
        }
        return sum / weights;
    }

    /// <summary>The mean area of all pairs of classes (Hand and Till, 2001); weighted: by the rows of the pair.</summary>
    public double RocAucOneVersusOne(Averaging averaging)
    {
        RequireShares();
        double sum = 0,
            weights = 0;
        for (var a = 0; a < classes; a++)
        {
            for (var b = a + 1; b < classes; b++)
            {
                int first = a,
                    second = b;
                var rows = truth.Where(label => label == first || label == second).ToArray();
                var ofFirst = BinaryScores.Of(
                    Array.ConvertAll(rows, label => label == first),
                    Column(a, label => label == first || label == second)
                );
                var ofSecond = BinaryScores.Of(
                    Array.ConvertAll(rows, label => label == second),
                    Column(b, label => label == first || label == second)
                );
                double weight = averaging == Averaging.Weighted ? rows.Length : 1;
                sum += weight * (ofFirst.RocAuc() + ofSecond.RocAuc()) / 2;
                weights += weight;
            }
        }
        return sum / weights;
    }

    private double[] Column(int ofClass, Predicate<int> keep)
    {
        var column = new List<double>();
        for (var row = 0; row < truth.Length; row++)
        {
            if (keep(truth[row]))
                column.Add(scores[row * classes + ofClass]);
        }
        return [.. column];
    }

    private double Clipped(int row, int c) =>
        Math.Clamp(scores[row * classes + c], Calibration.Clip, 1 - Calibration.Clip);

    private void RequireShares()
    {
        for (var row = 0; row < truth.Length; row++)
        {
            var total = 0.0;
            for (var c = 0; c < classes; c++)
                total += scores[row * classes + c];
            if (Math.Abs(total - 1) > 1e-5)
                throw new NotComputableException(
                    "The scores of a row do not sum to 1, so classes cannot be compared by them."
                );
        }
    }
}
