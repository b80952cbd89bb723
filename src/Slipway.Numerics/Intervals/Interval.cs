namespace Slipway.Numerics.Intervals;

/// <summary>A figure and the bounds that hold it at the level of confidence asked for.</summary>
public readonly record struct Interval(double Estimate, double Low, double High);
