using Slipway.Numerics.Learners;
using Slipway.Numerics.Sampling;

namespace Slipway.Numerics.Explain;

/// <summary>
/// How much a score falls when a column is shuffled (Breiman, 2001; Fisher and others, 2019): mean and standard deviation over
/// repeats. Ask it of rows that training did not see; columns that say the same hide each other.
/// </summary>
public readonly record struct PermutationImportance(double Mean, double Deviation)
{
    /// <summary>The score is given the answers for all rows, and is better when higher.</summary>
    public static PermutationImportance[] Of(
        IPredictor model,
        ReadOnlySpan<double> rows,
        Func<double[], double> score,
        RandomSource random,
        int repeats = 30
    )
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(repeats, 1);
        var columns = model.Columns;
        var count = rows.Length / columns;
        Require.SameLength(rows.Length, count * columns);
        Require.Some(count);
        var table = rows.ToArray();
        var whole = score(Answers(model, table));
        var shuffled = new double[count];
        var result = new PermutationImportance[columns];
        for (var c = 0; c < columns; c++)
        {
            var falls = new double[repeats];
            for (var repeat = 0; repeat < repeats; repeat++)
            {
                for (var r = 0; r < count; r++)
                    shuffled[r] = rows[r * columns + c];
                random.Shuffle<double>(shuffled);
                for (var r = 0; r < count; r++)
                    table[r * columns + c] = shuffled[r];
                falls[repeat] = whole - score(Answers(model, table));
            }
            for (var r = 0; r < count; r++)
                table[r * columns + c] = rows[r * columns + c];
            var sample = Sample.Of(falls);
            result[c] = new PermutationImportance(sample.Mean(), Math.Sqrt(sample.Variance()));
        }
        return result;
    }

    private static double[] Answers(IPredictor model, double[] table)
    {
        var answers = new double[table.Length / model.Columns];
        for (var r = 0; r < answers.Length; r++)
            answers[r] = model.Predict(table.AsSpan(r * model.Columns, model.Columns));
        return answers;
    }
}
