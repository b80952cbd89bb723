namespace Slipway.Numerics.Sketches;

/// <summary>The second byte of a stored sketch. Values are for ever.</summary>
internal enum SketchKind : byte
{
    Moments = 1,
    Quantiles = 2,
    Distinct = 3,
    FrequentItems = 4,
    Reservoir = 5,
    Histogram = 6,
}
