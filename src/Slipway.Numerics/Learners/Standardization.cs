namespace Slipway.Numerics.Learners;

/// <summary>Mean and spread of columns, so that a penalty weighs all columns alike. A constant column has spread 0 and no say.</summary>
internal sealed class Standardization
{
    private readonly double[] means;
    private readonly double[] spreads;

    private Standardization(double[] means, double[] spreads)
    {
        this.means = means;
        this.spreads = spreads;
    }

    public static Standardization Of(ReadOnlySpan<double> rows, int columns)
    {
        var count = rows.Length / columns;
        double[] mean = new double[columns],
            spread = new double[columns];
        for (var at = 0; at < rows.Length; at += columns)
        {
            for (var c = 0; c < columns; c++)
                mean[c] += rows[at + c] / count;
        }
        for (var at = 0; at < rows.Length; at += columns)
        {
            for (var c = 0; c < columns; c++)
                spread[c] += (rows[at + c] - mean[c]) * (rows[at + c] - mean[c]) / count;
        }
        for (var c = 0; c < columns; c++)
        {
            var deviation = Math.Sqrt(spread[c]);
            spread[c] = deviation > 1e-12 * Math.Abs(mean[c]) ? deviation : 0;
        }
        return new Standardization(mean, spread);
    }

    public void Apply(ReadOnlySpan<double> row, Span<double> standardized)
    {
        for (var c = 0; c < row.Length; c++)
            standardized[c] = spreads[c] == 0 ? 0 : (row[c] - means[c]) / spreads[c];
    }

    /// <summary>Weights and intercept for rows as they came, from those for standardized rows.</summary>
    public (double[] Weights, double Intercept) Undo(ReadOnlySpan<double> weights, double intercept)
    {
        var original = new double[means.Length];
        for (var c = 0; c < original.Length; c++)
        {
            original[c] = spreads[c] == 0 ? 0 : weights[c] / spreads[c];
            intercept -= original[c] * means[c];
        }
        return (original, intercept);
    }

    internal static int RequireRows(ReadOnlySpan<double> rows, int columns, int targets)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(columns, 1);
        Require.SameLength(rows.Length, targets * columns);
        Require.Some(targets);
        return targets;
    }
}
