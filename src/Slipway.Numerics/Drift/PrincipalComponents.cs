namespace Slipway.Numerics.Drift;

/// <summary>
/// Drift of many columns at once: principal components are learned on the reference, and the current rows are rebuilt from
/// them. When columns stop moving together the error of rebuilding grows, though each column alone looks as before.
/// </summary>
public sealed class PrincipalComponents
{
    private readonly double[] mean;
    private readonly double[] scale;
    private readonly double[] components;

    private PrincipalComponents(double[] mean, double[] scale, double[] components, int kept)
    {
        this.mean = mean;
        this.scale = scale;
        this.components = components;
        Kept = kept;
    }

    /// <summary>How many components stand for the rows.</summary>
    public int Kept { get; }

    public int Columns => mean.Length;

    /// <summary>Learns from rows, laid one after another, the components that hold this share of the standardised variance.</summary>
    public static PrincipalComponents Fit(ReadOnlySpan<double> rows, int columns, double share = 0.65)
    {
        Require.Level(share);
        var count = Rows(rows, columns);
        if (count < 2)
            throw new NotComputableException("Components need two rows.");
        var means = new double[columns];
        var scales = new double[columns];
        for (var r = 0; r < count; r++)
        {
            for (var c = 0; c < columns; c++)
                means[c] += rows[r * columns + c] / count;
        }
        for (var r = 0; r < count; r++)
        {
            for (var c = 0; c < columns; c++)
            {
                var distance = rows[r * columns + c] - means[c];
                scales[c] += distance * distance / count;
            }
        }
        for (var c = 0; c < columns; c++)
            scales[c] = scales[c] > 0 ? Math.Sqrt(scales[c]) : 1;
        var correlation = Correlation(rows, count, means, scales);
        var (values, vectors) = LinearAlgebra.SymmetricEigen(correlation, columns);
        var total = values.Sum(v => Math.Max(0, v));
        if (total == 0)
            throw new NotComputableException("All columns are constant, so there are no components.");
        int kept = 0;
        for (var held = 0.0; kept < columns && held < share * total - 1e-12; kept++)
            held += values[kept];
        return new PrincipalComponents(means, scales, vectors, kept);
    }

    /// <summary>The mean distance between standardised rows and what the components rebuild of them.</summary>
    public double ReconstructionError(ReadOnlySpan<double> rows)
    {
        var count = Rows(rows, Columns);
        var row = new double[Columns];
        var sum = 0.0;
        for (var r = 0; r < count; r++)
        {
            for (var c = 0; c < Columns; c++)
                row[c] = (rows[r * Columns + c] - mean[c]) / scale[c];
            // The components are orthonormal: what they hold is the squared length of the projections.
            var left = 0.0;
            foreach (var value in row)
                left += value * value;
            for (var k = 0; k < Kept; k++)
            {
                var projection = 0.0;
                for (var c = 0; c < Columns; c++)
                    projection += components[k * Columns + c] * row[c];
                left -= projection * projection;
            }
            sum += Math.Sqrt(Math.Max(0, left));
        }
        return sum / count;
    }

    private static double[] Correlation(ReadOnlySpan<double> rows, int count, double[] means, double[] scales)
    {
        var columns = means.Length;
        var correlation = new double[columns * columns];
        var row = new double[columns];
        for (var r = 0; r < count; r++)
        {
            for (var c = 0; c < columns; c++)
                row[c] = (rows[r * columns + c] - means[c]) / scales[c];
            for (var i = 0; i < columns; i++)
            {
                for (var j = 0; j < columns; j++)
                    correlation[i * columns + j] += row[i] * row[j] / count;
            }
        }
        return correlation;
    }

    private static int Rows(ReadOnlySpan<double> rows, int columns)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(columns, 1);
        if (rows.Length % columns != 0)
            throw new ArgumentException($"{rows.Length} values are no rows of {columns} columns.", nameof(rows));
        Require.Some(rows.Length);
        Require.Finite(rows);
        return rows.Length / columns;
    }
}
