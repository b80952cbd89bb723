using Slipway.Numerics.Learners;

namespace Slipway.Numerics.Explain;

/// <summary>
/// The mean answer when one column is set to a value in all rows (Friedman, 2001). It also asks of rows that never occur:
/// where columns move together read it with care.
/// </summary>
public static class PartialDependence
{
    public static double[] Of(IPredictor model, ReadOnlySpan<double> rows, int column, ReadOnlySpan<double> grid)
    {
        var columns = model.Columns;
        Require.SameLength(rows.Length, rows.Length / columns * columns);
        Require.Some(rows.Length);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(column, columns);
        var means = new double[grid.Length];
        var row = new double[columns];
        for (var g = 0; g < means.Length; g++)
        {
            for (var at = 0; at < rows.Length; at += columns)
            {
                rows.Slice(at, columns).CopyTo(row);
                row[column] = grid[g];
                means[g] += model.Predict(row);
            }
            means[g] /= rows.Length / columns;
        }
        return means;
    }
}
