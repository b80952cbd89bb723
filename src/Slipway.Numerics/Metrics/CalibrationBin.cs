namespace Slipway.Numerics.Metrics;

/// <summary>Rows of like probability: what was foretold of them on average, and what came.</summary>
public readonly record struct CalibrationBin(double MeanProbability, double ShareOfPositives, int Count)
{
    public double Gap => Math.Abs(MeanProbability - ShareOfPositives);
}
