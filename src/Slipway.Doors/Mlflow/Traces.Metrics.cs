using System.Globalization;
using System.Text.Json;
using Slipway.Doors.Mlflow.Wire;
using Slipway.Foundation.Filters;
using Slipway.Tracing;

namespace Slipway.Doors.Mlflow;

/// <summary>The call on metrics of traces.</summary>
internal sealed partial class Traces
{
    private const string MetricListing = "trace-metrics";

    public async Task<Answer> Measure(Call call)
    {
        var fields = call.Fields;
        var metric = fields.Required("metric_name");
        // No number above zero asks for as many as there are.
        var asked = fields.Whole("max_results") ?? 1000;
        var limit = asked > 0 ? asked : TraceMetricQuery.LimitOfAll;
        var seconds = fields.Whole("time_interval_seconds") ?? 0;
        if (limit > TraceMetricQuery.LimitOfAll)
            throw fields.Invalid("max_results", limit.ToString(CultureInfo.InvariantCulture));
        if (seconds is < 0 or > 1_000_000_000)
            throw fields.Invalid("time_interval_seconds", seconds.ToString(CultureInfo.InvariantCulture));
        var query = new TraceMetricQuery(
            [.. fields.Texts("experiment_ids").Select(Experiments.ParseId)],
            View(fields),
            metric
        )
        {
            Aggregations = [.. fields.Objects("aggregations").Select(Aggregation)],
            Dimensions = fields.Texts("dimensions"),
            Filters = [.. fields.Texts("filters").Select(Filter.Parse)],
            BucketMs = seconds * 1000,
            StartMs = fields.Whole("start_time_ms"),
            EndMs = fields.Whole("end_time_ms"),
            Limit = (int)limit,
            Offset = PageToken.ReadOffset(fields.Text("page_token"), MetricListing),
        };
        var page = await traces.MeasureAsync(call.Caller, query, call.Cancellation);
        return writer =>
        {
            Shapes.List(writer, "data_points"u8, page.Points, (w, point) => Point(w, metric, point));
            if (page.NextOffset is { } next)
                writer.WriteString("next_page_token"u8, PageToken.Offset(MetricListing, next));
        };
    }

    private static void Point(Utf8JsonWriter writer, string metric, TraceMetricPoint point)
    {
        writer.WriteString("metric_name"u8, metric);
        if (point.Dimensions.Count > 0)
        {
            writer.WriteStartObject("dimensions"u8);
            foreach (var (name, value) in point.Dimensions)
                writer.WriteString(name, value);
            writer.WriteEndObject();
        }
        writer.WriteStartObject("values"u8);
        foreach (var (name, value) in point.Values)
            writer.WriteNumber(name, value);
        writer.WriteEndObject();
    }

    private static TraceMetricView View(WireObject fields) =>
        WireEnums.NameOf(fields, "view_type") switch
        {
            null or "TRACES" or "1" => TraceMetricView.Traces,
            "SPANS" or "2" => TraceMetricView.Spans,
            "ASSESSMENTS" or "3" => TraceMetricView.Assessments,
            var other => throw fields.Invalid("view_type", other),
        };

    private static Aggregation Aggregation(WireObject fields) =>
        WireEnums.NameOf(fields, "aggregation_type") switch
        {
            null or "COUNT" or "1" => new Aggregation(AggregationKind.Count),
            "SUM" or "2" => new Aggregation(AggregationKind.Sum),
            "AVG" or "3" => new Aggregation(AggregationKind.Average),
            "PERCENTILE" or "4" => new Aggregation(
                AggregationKind.Percentile,
                fields.Number("percentile_value") ?? throw fields.Missing("percentile_value")
            ),
            var other => throw fields.Invalid("aggregation_type", other),
        };
}
