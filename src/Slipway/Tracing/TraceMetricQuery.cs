using System.Globalization;
using Slipway.Foundation.Filters;

namespace Slipway.Tracing;

/// <summary>What a metric on traces counts.</summary>
public enum TraceMetricView
{
    Traces,
    Spans,
    Assessments,
}

public enum AggregationKind
{
    Count,
    Sum,
    Average,
    Percentile,
}

public sealed record Aggregation(AggregationKind Kind, double Percentile = 0)
{
    public string Label =>
        Kind switch
        {
            AggregationKind.Count => "COUNT",
            AggregationKind.Sum => "SUM",
            AggregationKind.Average => "AVG",
            _ => "P"
                + Percentile.ToString(Percentile == Math.Floor(Percentile) ? "F1" : "R", CultureInfo.InvariantCulture),
        };
}

/// <summary>A question such as: the 95th percentile of latency by name and hour.</summary>
public sealed record TraceMetricQuery(IReadOnlyList<long> ExperimentIds, TraceMetricView View, string Metric)
{
    public const int LimitOfAll = 10_000;

    public IReadOnlyList<Aggregation> Aggregations { get; init; } = [];

    public IReadOnlyList<string> Dimensions { get; init; } = [];

    public IReadOnlyList<Filter> Filters { get; init; } = [];

    /// <summary>Groups by spans of time of this length; 0 does not.</summary>
    public long BucketMs { get; init; }

    public long? StartMs { get; init; }

    public long? EndMs { get; init; }

    public int Limit { get; init; } = 1000;

    public long Offset { get; init; }
}

/// <summary>One group of the answer.</summary>
public sealed record TraceMetricPoint(
    IReadOnlyList<KeyValuePair<string, string>> Dimensions,
    IReadOnlyList<KeyValuePair<string, double>> Values
);

public sealed record TraceMetricPage(IReadOnlyList<TraceMetricPoint> Points, long? NextOffset);
