namespace Slipway.Tracking;

/// <summary>Which histories are asked for: no keys are all keys.</summary>
public sealed record SeriesQuery(IReadOnlyList<string> RunIds, IReadOnlyList<string> Keys, int MaxPoints);

/// <summary>The history of a metric, or the part of it that draws the same line, in the order of steps.</summary>
public sealed record RunSeries(string RunId, string Key, int Total, IReadOnlyList<MetricPoint> Points);
