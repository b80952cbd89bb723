namespace Slipway.Numerics.Drift;

/// <summary>
/// Whether values are missing more, or less, often than before. Reported beside every drift of values, because a column
/// that falls silent keeps the distribution of what is left.
/// </summary>
public readonly record struct MissingDrift(double ReferenceRate, double CurrentRate, TestResult Test)
{
    public static MissingDrift Of(long referenceMissing, long referenceRows, long missing, long rows) =>
        new(
            (double)referenceMissing / referenceRows,
            (double)missing / rows,
            CountTests.Proportions(referenceMissing, referenceRows, missing, rows)
        );
}
