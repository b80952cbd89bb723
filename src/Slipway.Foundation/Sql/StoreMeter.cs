using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Slipway.Foundation.Sql;

/// <summary>What the store tells of its writing: how much waits, how much goes into one transaction, how long that takes.</summary>
internal sealed class StoreMeter : IDisposable
{
    private readonly Meter meter = new("Slipway.Store");
    private readonly Histogram<int> groupSize;
    private readonly Histogram<double> groupTime;
    private readonly Counter<int> failures;

    public StoreMeter(Func<int> waiting)
    {
        meter.CreateObservableGauge("slipway.store.waiting", waiting, null, "Writes that wait for their transaction.");
        groupSize = meter.CreateHistogram<int>("slipway.store.group.size", null, "Writes that shared one transaction.");
        groupTime = meter.CreateHistogram<double>(
            "slipway.store.group.duration",
            "s",
            "From the first statement of a group of writes until it is durable."
        );
        failures = meter.CreateCounter<int>(
            "slipway.store.failures",
            null,
            "Groups of writes that the store could not take."
        );
    }

    public void Written(int writes, long startedAt)
    {
        groupSize.Record(writes);
        groupTime.Record(Stopwatch.GetElapsedTime(startedAt).TotalSeconds);
    }

    public void Failed(StoreFailure failure) =>
        failures.Add(1, new KeyValuePair<string, object?>("failure", failure.ToString()));

    public void Dispose() => meter.Dispose();
}
