namespace Slipway.Numerics.Sketches;

/// <summary>A text and the bounds between which its true count lies.</summary>
public readonly record struct FrequentItem(string Text, long AtLeast, long AtMost);
