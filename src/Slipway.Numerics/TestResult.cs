namespace Slipway.Numerics;

/// <summary>What a hypothesis test found: its statistic, and how probable one at least as extreme is when nothing changed.</summary>
public readonly record struct TestResult(double Statistic, double PValue);
