using Slipway.Numerics.Sampling;

namespace Slipway.Numerics.Intervals;

/// <summary>
/// Intervals for any figure by drawing rows again with replacement (Efron, 1979), as percentiles of what the draws give.
/// Where a theory exists (<see cref="Proportion"/>, <see cref="DeLong"/>) it is cheaper and better for few rows.
/// </summary>
public static class Bootstrap
{
    /// <summary>
    /// The figure is asked with row numbers, some twice, some never. Draws for which it is not computable are left out; if
    /// that is more than a tenth of them, so is the interval.
    /// </summary>
    public static Interval Percentile(
        int rows,
        Func<ReadOnlySpan<int>, double> figure,
        RandomSource random,
        int draws = 1000,
        double level = 0.95
    )
    {
        Require.Level(level);
        Require.Some(rows);
        ArgumentOutOfRangeException.ThrowIfLessThan(draws, 10);
        var chosen = new int[rows];
        for (var i = 0; i < rows; i++)
            chosen[i] = i;
        var estimate = figure(chosen);
        var values = new List<double>(draws);
        for (var draw = 0; draw < draws; draw++)
        {
            for (var i = 0; i < rows; i++)
                chosen[i] = random.Next(rows);
            try
            {
                values.Add(figure(chosen));
            }
            catch (NotComputableException)
            {
                // A draw without one of the classes: counted below.
            }
        }
        if (values.Count < draws * 0.9)
            throw new NotComputableException(
                $"Of {draws} draws only {values.Count} allow the figure: there are too few rows of some kind for an interval."
            );
        var sample = Sample.Of([.. values]);
        return new Interval(estimate, sample.Quantile((1 - level) / 2), sample.Quantile((1 + level) / 2));
    }
}
