using Slipway.Numerics.Explain;

namespace Slipway.Numerics.Learners;

/// <summary>
/// Least squares, with a penalty on the square of standardized weights if asked (ridge; Hoerl and Kennard, 1970). Columns
/// that depend on each other share their weight: of all best solutions the shortest is taken.
/// </summary>
public sealed class LinearRegression : IPredictor
{
    private readonly double[] weights;

    internal LinearRegression(double[] weights, double intercept)
    {
        this.weights = weights;
        Intercept = intercept;
    }

    public ReadOnlySpan<double> Weights => weights;

    public double Intercept { get; }

    public int Columns => weights.Length;

    /// <summary>Learns from finite numbers, one row after another; ridge is what a unit of squared weight costs, per row.</summary>
    public static LinearRegression Fit(
        ReadOnlySpan<double> rows,
        int columns,
        ReadOnlySpan<double> target,
        double ridge = 0
    )
    {
        var count = Standardization.RequireRows(rows, columns, target.Length);
        Require.Finite(rows);
        Require.Finite(target);
        ArgumentOutOfRangeException.ThrowIfNegative(ridge);
        var scaling = Standardization.Of(rows, columns);
        var mean = Summation.Mean(target);
        var gram = new double[columns * columns];
        var right = new double[columns];
        var row = new double[columns];
        for (var r = 0; r < count; r++)
        {
            scaling.Apply(rows.Slice(r * columns, columns), row);
            for (var i = 0; i < columns; i++)
            {
                right[i] += row[i] * (target[r] - mean);
                for (var j = 0; j <= i; j++)
                    gram[i * columns + j] += row[i] * row[j];
            }
        }
        for (var i = 0; i < columns; i++)
        {
            for (var j = 0; j < i; j++)
                gram[j * columns + i] = gram[i * columns + j];
            gram[i * columns + i] += ridge * count;
        }
        var (original, intercept) = scaling.Undo(LinearAlgebra.SolvePositive(gram, right), mean);
        return new LinearRegression(original, intercept);
    }

    /// <summary>What each column adds beside the answer for the mean row: w (x − mean), the exact Shapley value of a plane.</summary>
    public Explanation Explain(ReadOnlySpan<double> row, ReadOnlySpan<double> meanRow)
    {
        Require.SameLength(weights.Length, row.Length);
        Require.SameLength(weights.Length, meanRow.Length);
        var contributions = new double[weights.Length];
        var mean = Intercept;
        for (var c = 0; c < contributions.Length; c++)
        {
            contributions[c] = weights[c] * (row[c] - meanRow[c]);
            mean += weights[c] * meanRow[c];
        }
        return new Explanation(mean, contributions);
    }

    public double Predict(ReadOnlySpan<double> row)
    {
        Require.SameLength(weights.Length, row.Length);
        var sum = Intercept;
        for (var c = 0; c < weights.Length; c++)
            sum += weights[c] * (float)row[c];
        return sum;
    }

    public byte[] ToOnnx() => OnnxModel.Linear(weights, Intercept, isClassifier: false);
}
