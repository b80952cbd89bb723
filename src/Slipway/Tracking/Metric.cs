namespace Slipway.Tracking;

/// <summary>One measured value: when, at which step of training, and how much. NaN is a value like others.</summary>
public readonly record struct MetricPoint(long TimestampMs, long Step, double Value) : IComparable<MetricPoint>
{
    /// <summary>The order of a history: by time, then step, then value, where NaN stands with zero.</summary>
    public int CompareTo(MetricPoint other)
    {
        var byTime = TimestampMs.CompareTo(other.TimestampMs);
        if (byTime != 0)
            return byTime;
        var byStep = Step.CompareTo(other.Step);
        return byStep != 0 ? byStep : CompareValues(Value, other.Value);
    }

    /// <summary>Whether this point, rather than the other, is the latest of a series: by step, then time, then value.</summary>
    public bool Supersedes(MetricPoint other) =>
        Step != other.Step ? Step > other.Step
        : TimestampMs != other.TimestampMs ? TimestampMs > other.TimestampMs
        : CompareValues(Value, other.Value) > 0;

    private static int CompareValues(double a, double b)
    {
        var byValue = (double.IsNaN(a) ? 0 : a).CompareTo(double.IsNaN(b) ? 0 : b);
        return byValue != 0 ? byValue : double.IsNaN(a).CompareTo(double.IsNaN(b));
    }
}

/// <summary>A point of the metric with this name; where it was measured on a known dataset or model, which.</summary>
public sealed record Metric(string Key, MetricPoint Point)
{
    public string? ModelId { get; init; }

    public string? DatasetName { get; init; }

    public string? DatasetDigest { get; init; }

    /// <summary>The least that a run's metric ever was, where the point is its latest; NaN where it never was a number.</summary>
    public double? Lowest { get; init; }

    /// <summary>The most that a run's metric ever was, where the point is its latest; NaN where it never was a number.</summary>
    public double? Highest { get; init; }
}

/// <summary>One page of a metric's history, and where the next begins.</summary>
public sealed record MetricHistory(string Key, IReadOnlyList<MetricPoint> Points, int Total, int? NextOffset);

/// <summary>Points of one metric in one run.</summary>
public sealed record RunHistory(string RunId, IReadOnlyList<MetricPoint> Points);
