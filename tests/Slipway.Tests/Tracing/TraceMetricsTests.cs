using Slipway.Foundation.Filters;
using Slipway.Sdk;
using Slipway.Tests.Kit;
using Slipway.Tracing;

namespace Slipway.Tests.Tracing;

public sealed class TraceMetricsTests
{
    public static TheoryData<string> Stores => TestStore.Kinds;

    [Theory, MemberData(nameof(Stores))]
    public async Task Traces_are_counted_by_dimension_and_time(string kind)
    {
        await using var tracing = await TracingFixture.OpenAsync(kind);
        for (var i = 0; i < 10; i++)
            await tracing.RecordAsync(
                tracing.NewTrace($"t{i}", i * 1000) with
                {
                    State = i % 3 == 0 ? TraceState.Error : TraceState.Ok,
                    Tags = i == 9 ? new Dictionary<string, string>() : Named(i % 2 == 0 ? "even" : "odd"),
                }
            );
        var query = Query(tracing, TraceMetricView.Traces, "trace_count", new Aggregation(AggregationKind.Count));
        Assert.Equal(["COUNT 10"], await PointsAsync(tracing, query));
        Assert.Equal(
            ["ERROR: COUNT 4", "OK: COUNT 6"],
            await PointsAsync(tracing, query with { Dimensions = ["trace_status"] })
        );
        // A trace without a name is in no group of names.
        Assert.Equal(
            ["even ERROR: COUNT 2", "even OK: COUNT 3", "odd ERROR: COUNT 1", "odd OK: COUNT 3"],
            await PointsAsync(tracing, query with { Dimensions = ["trace_name", "trace_status"] })
        );
        Assert.Equal(
            ["1970-01-01T00:00:00+00:00: COUNT 4", "1970-01-01T00:00:04+00:00: COUNT 3"],
            await PointsAsync(tracing, query with { BucketMs = 4000, StartMs = 0, EndMs = 6000 })
        );
        Assert.Equal(
            ["COUNT 5"],
            await PointsAsync(tracing, query with { Filters = [Filter.Parse("trace.tag.`mlflow.traceName` = 'even'")] })
        );
    }

    [Theory, MemberData(nameof(Stores))]
    public async Task Latency_tokens_and_cost_are_averaged_summed_and_ranked(string kind)
    {
        await using var tracing = await TracingFixture.OpenAsync(kind);
        for (var i = 1; i <= 5; i++)
        {
            await tracing.RecordAsync(tracing.NewTrace($"t{i}", 1000) with { DurationMs = i * 100 });
            await tracing.AppendAsync(
                (tracing.NewSpan($"t{i}") with { EndNs = 1_000_000_000 + i * 100_000_000L })
                    .With(TraceKeys.SpanTokenUsage, new TokenUsage(i, i, 2 * i).ToValue())
                    .With(TraceKeys.SpanModel, new AnyValue.Text(i == 1 ? "small" : "large"))
                    .With(
                        TraceKeys.SpanCost,
                        new AnyValue.Map([
                            KeyValuePair.Create<string, AnyValue>("total_cost", new AnyValue.Number(i / 4.0)),
                        ])
                    )
            );
        }
        Aggregation[] all =
        [
            new(AggregationKind.Average),
            new(AggregationKind.Percentile, 50),
            new(AggregationKind.Percentile, 95),
        ];
        Assert.Equal(
            ["AVG 300 P50.0 300 P95.0 480"],
            await PointsAsync(tracing, Query(tracing, TraceMetricView.Traces, "latency", all))
        );
        Assert.Equal(
            ["AVG 300 P50.0 300 P95.0 480"],
            await PointsAsync(tracing, Query(tracing, TraceMetricView.Spans, "latency", all))
        );
        Assert.Equal(
            ["SUM 30"],
            await PointsAsync(
                tracing,
                Query(tracing, TraceMetricView.Traces, "total_tokens", new Aggregation(AggregationKind.Sum))
            )
        );
        Assert.Equal(
            ["large: SUM 3.5", "small: SUM 0.25"],
            await PointsAsync(
                tracing,
                Query(tracing, TraceMetricView.Spans, "total_cost", new Aggregation(AggregationKind.Sum)) with
                {
                    Dimensions = ["span_model_name"],
                }
            )
        );
        Assert.Empty(
            await PointsAsync(
                tracing,
                Query(tracing, TraceMetricView.Spans, "input_cost", new Aggregation(AggregationKind.Sum))
            )
        );
    }

    [Theory, MemberData(nameof(Stores))]
    public async Task Groups_come_page_by_page(string kind)
    {
        await using var tracing = await TracingFixture.OpenAsync(kind);
        for (var i = 0; i < 5; i++)
            await tracing.RecordAsync(tracing.NewTrace($"t{i}") with { Tags = Named($"n{i}") });
        var query = Query(tracing, TraceMetricView.Traces, "trace_count", new Aggregation(AggregationKind.Count)) with
        {
            Dimensions = ["trace_name"],
            Limit = 2,
        };
        var page = await tracing.Traces.MeasureAsync(tracing.Caller, query with { Offset = 2 });
        Assert.Equal(["n2", "n3"], page.Points.Select(p => p.Dimensions[0].Value));
        Assert.Equal(4, page.NextOffset);
        Assert.Null((await tracing.Traces.MeasureAsync(tracing.Caller, query with { Offset = 4 })).NextOffset);
    }

    [Theory]
    [InlineData("status = 'OK'")]
    [InlineData("trace.status != 'OK'")]
    [InlineData("trace.bogus = 'x'")]
    [InlineData("span.name = 'x'")]
    [InlineData("assessment.name = 'x'")]
    [InlineData("trace.status = 'OK' OR trace.status = 'ERROR'")]
    [InlineData("trace.status = 1")]
    public async Task A_filter_that_the_metric_does_not_take_is_refused(string filter)
    {
        await using var tracing = await TracingFixture.OpenAsync("sqlite");
        var query = Query(tracing, TraceMetricView.Traces, "trace_count", new Aggregation(AggregationKind.Count));
        await RefusedAsync(tracing, query with { Filters = [Filter.Parse(filter)] });
    }

    [Fact]
    public async Task What_a_metric_does_not_have_is_refused()
    {
        await using var tracing = await TracingFixture.OpenAsync("sqlite");
        var query = Query(tracing, TraceMetricView.Traces, "trace_count", new Aggregation(AggregationKind.Count));
        await RefusedAsync(tracing, query with { Metric = "bogus" });
        await RefusedAsync(tracing, query with { View = TraceMetricView.Spans });
        await RefusedAsync(tracing, query with { Aggregations = [] });
        await RefusedAsync(tracing, query with { Aggregations = [new Aggregation(AggregationKind.Sum)] });
        await RefusedAsync(
            tracing,
            query with
            {
                Metric = "latency",
                Aggregations = [new Aggregation(AggregationKind.Percentile, 101)],
            }
        );
        await RefusedAsync(tracing, query with { Dimensions = ["span_name"] });
        await RefusedAsync(tracing, query with { BucketMs = 1000 });
        await RefusedAsync(tracing, query with { Limit = 0 });
    }

    [Fact]
    public void Correlation_is_that_of_the_table_of_counts()
    {
        Assert.Equal(1, new TraceCorrelation(10, 10, 10, 15).Npmi!.Value, 12);
        Assert.Equal(0.8069060254871525, new TraceCorrelation(10, 10, 10, 15).SmoothedNpmi!.Value, 12);
        Assert.Equal(-1, new TraceCorrelation(10, 10, 0, 20).Npmi);
        Assert.Equal(0, new TraceCorrelation(10, 10, 5, 20).Npmi!.Value, 12);
        Assert.Equal(0.1853393619128641, new TraceCorrelation(6, 4, 3, 10).Npmi!.Value, 12);
        Assert.Null(new TraceCorrelation(0, 5, 0, 5).Npmi);
        Assert.Null(new TraceCorrelation(0, 5, 0, 5).SmoothedNpmi);
    }

    private static TraceMetricQuery Query(
        TracingFixture tracing,
        TraceMetricView view,
        string metric,
        params Aggregation[] aggregations
    ) => new([tracing.ExperimentId], view, metric) { Aggregations = aggregations };

    private static async Task<List<string>> PointsAsync(TracingFixture tracing, TraceMetricQuery query) =>
        [
            .. (await tracing.Traces.MeasureAsync(tracing.Caller, query)).Points.Select(point =>
                (point.Dimensions.Count > 0 ? string.Join(' ', point.Dimensions.Select(d => d.Value)) + ": " : "")
                + string.Join(' ', point.Values.Select(v => FormattableString.Invariant($"{v.Key} {v.Value:0.####}")))
            ),
        ];

    private static Dictionary<string, string> Named(string name) => new() { [TraceKeys.Name] = name };

    private static async Task RefusedAsync(TracingFixture tracing, TraceMetricQuery query) =>
        Assert.Equal(
            FaultKind.Invalid,
            (await Assert.ThrowsAsync<Fault>(() => tracing.Traces.MeasureAsync(tracing.Caller, query))).Kind
        );
}
