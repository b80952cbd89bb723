using Slipway.Sdk;

namespace Slipway.Tracing;

/// <summary>Which metrics there are, and what each can be grouped and summed up by.</summary>
internal static class TraceMetricRules
{
    private static readonly AggregationKind[] OfCounts = [AggregationKind.Count];
    private static readonly AggregationKind[] OfLatency = [AggregationKind.Average, AggregationKind.Percentile];
    private static readonly AggregationKind[] OfAmounts =
    [
        AggregationKind.Sum,
        AggregationKind.Average,
        AggregationKind.Percentile,
    ];

    public static void Check(TraceMetricQuery query)
    {
        if (query.Limit is < 1 or > TraceMetricQuery.LimitOfAll)
            throw Refused($"1 to {TraceMetricQuery.LimitOfAll} data points can be asked for.", "max_results");
        if (query.BucketMs > 0 && (query.StartMs is null || query.EndMs is null))
            throw Refused("A time interval needs start_time_ms and end_time_ms.", "time_interval_seconds");
        var (aggregations, dimensions) = Of(query.View, query.Metric);
        if (query.Aggregations.Count == 0)
            throw Refused("At least one aggregation is wanted.", "aggregations");
        foreach (var aggregation in query.Aggregations)
        {
            if (!aggregations.Contains(aggregation.Kind))
                throw Refused($"'{query.Metric}' has no aggregation {aggregation.Label}.", "aggregations");
            if (aggregation.Percentile is < 0 or > 100)
                throw Refused("A percentile lies between 0 and 100.", "aggregations");
        }
        if (query.Dimensions.FirstOrDefault(d => !dimensions.Contains(d)) is { } unknown)
            throw Refused(
                $"'{query.Metric}' has no dimension '{unknown}'. Those it has: {string.Join(", ", dimensions)}.",
                "dimensions"
            );
    }

    private static (AggregationKind[] Aggregations, string[] Dimensions) Of(TraceMetricView view, string metric) =>
        (view, metric) switch
        {
            (TraceMetricView.Traces, "trace_count") => (OfCounts, ["trace_name", "trace_status"]),
            (TraceMetricView.Traces, "latency") => (OfLatency, ["trace_name"]),
            (
                TraceMetricView.Traces,
                "input_tokens"
                    or "output_tokens"
                    or "total_tokens"
                    or "cache_read_input_tokens"
                    or "cache_creation_input_tokens"
            ) => (OfAmounts, ["trace_name"]),
            (TraceMetricView.Spans, "span_count") => (
                OfCounts,
                ["span_name", "span_type", "span_status", "span_model_name", "span_model_provider"]
            ),
            (TraceMetricView.Spans, "latency") => (OfLatency, ["span_name", "span_status"]),
            (TraceMetricView.Spans, "input_cost" or "output_cost" or "total_cost") => (
                OfAmounts,
                ["span_model_name", "span_model_provider"]
            ),
            (TraceMetricView.Assessments, "assessment_count") => (OfCounts, ["assessment_name", "assessment_value"]),
            (TraceMetricView.Assessments, "assessment_value") => (OfLatency, ["assessment_name"]),
            _ => throw Refused(
                $"There is no metric '{metric}' of {view.ToString().ToLowerInvariant()}.",
                "metric_name"
            ),
        };

    private static Fault Refused(string why, string field) => Fault.Invalid("trace.metric", why, field);
}
