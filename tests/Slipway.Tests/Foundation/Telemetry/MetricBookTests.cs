using System.Diagnostics.Metrics;
using Slipway.Foundation.Telemetry;

namespace Slipway.Tests.Foundation.Telemetry;

public sealed class MetricBookTests : IDisposable
{
    private readonly Meter meter = new("Slipway.Test");
    private readonly MetricBook book = new();

    public void Dispose()
    {
        book.Dispose();
        meter.Dispose();
    }

    [Fact]
    public void A_counter_is_the_sum_of_what_was_added_for_each_set_of_labels()
    {
        var counter = meter.CreateCounter<long>("test.parcels", description: "Parcels sent.");
        counter.Add(2, Label("to", "Rome"));
        counter.Add(3, Label("to", "Rome"));
        counter.Add(1, Label("to", "Oslo"));

        var lines = Lines("test_parcels");

        Assert.Equal("# HELP test_parcels_total Parcels sent.", lines[0]);
        Assert.Equal("# TYPE test_parcels_total counter", lines[1]);
        Assert.Equal(
            ["test_parcels_total{to=\"Oslo\"} 1", "test_parcels_total{to=\"Rome\"} 5"],
            lines[2..].Order(StringComparer.Ordinal)
        );
    }

    [Fact]
    public void A_histogram_counts_each_value_into_every_step_that_holds_it()
    {
        var histogram = meter.CreateHistogram<double>("test.wait", "s");
        histogram.Record(0.0003);
        histogram.Record(0.3);
        histogram.Record(100);

        var lines = Lines("test_wait");

        Assert.Contains("test_wait_seconds_bucket{le=\"0.00025\"} 0", lines);
        Assert.Contains("test_wait_seconds_bucket{le=\"0.0005\"} 1", lines);
        Assert.Contains("test_wait_seconds_bucket{le=\"0.5\"} 2", lines);
        Assert.Contains("test_wait_seconds_bucket{le=\"10\"} 2", lines);
        Assert.Contains("test_wait_seconds_bucket{le=\"+Inf\"} 3", lines);
        Assert.Contains("test_wait_seconds_count 3", lines);
        Assert.Contains("test_wait_seconds_sum 100.3003", lines);
    }

    [Fact]
    public void A_gauge_is_asked_when_somebody_looks()
    {
        var level = 1;
        meter.CreateObservableGauge("test.level", () => level);
        Assert.Contains("test_level 1", Lines("test_level"));

        level = 7;

        Assert.Contains("test_level 7", Lines("test_level"));
    }

    [Fact]
    public void Labels_cannot_break_out_of_their_line()
    {
        meter.CreateCounter<int>("test.evil").Add(1, Label("name", "a\"} 1\nother_metric 99\\"));

        Assert.Contains("test_evil_total{name=\"a\\\"} 1\\nother_metric 99\\\\\"} 1", Lines("test_evil"));
    }

    [Fact]
    public void Labels_without_end_take_memory_with_an_end()
    {
        var counter = meter.CreateCounter<int>("test.flood");
        for (var i = 0; i < 10_000; i++)
            counter.Add(1, Label("id", i));

        Assert.InRange(Lines("test_flood").Count, 1000, 3000);
    }

    [Fact]
    public async Task Nothing_is_lost_when_many_count_at_once()
    {
        var counter = meter.CreateCounter<int>("test.crowd");
        var histogram = meter.CreateHistogram<int>("test.crowd.size");
        await Task.WhenAll(
            Enumerable
                .Range(0, 8)
                .Select(worker =>
                    Task.Run(() =>
                    {
                        for (var i = 0; i < 10_000; i++)
                        {
                            counter.Add(1, Label("worker", worker % 2));
                            histogram.Record(i % 100);
                        }
                    })
                )
        );

        Assert.Contains("test_crowd_total{worker=\"0\"} 40000", Lines("test_crowd_total"));
        Assert.Contains("test_crowd_total{worker=\"1\"} 40000", Lines("test_crowd_total"));
        Assert.Contains("test_crowd_size_count 80000", Lines("test_crowd_size"));
    }

    [Fact]
    public void Recording_allocates_nothing_once_the_series_is_there()
    {
        var histogram = meter.CreateHistogram<double>("test.hot", "s");
        object route = "/api/2.0/mlflow/runs/log-batch";
        object status = 200;
        Record();

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
            Record();

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());

        void Record() => histogram.Record(0.001, new("route", route), new("status", status));
    }

    private static KeyValuePair<string, object?> Label(string name, object value) => new(name, value);

    private List<string> Lines(string prefix) =>
        [.. book.ToPrometheus().Split('\n').Where(line => line.Contains(prefix, StringComparison.Ordinal))];
}
