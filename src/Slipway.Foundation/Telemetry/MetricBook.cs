using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Text;

namespace Slipway.Foundation.Telemetry;

/// <summary>
/// The current value of every instrument that the program's meters have: those of ASP.NET and the runtime as well as
/// our own. Written to on the hot path, so recording takes no lock and, once a series exists, allocates nothing.
/// </summary>
public sealed class MetricBook : IDisposable
{
    private readonly ConcurrentDictionary<string, MetricFamily> families = new(StringComparer.Ordinal);
    private readonly MeterListener listener = new();
    private readonly Lock reading = new();

    public MetricBook()
    {
        listener.InstrumentPublished = (instrument, listener) =>
        {
            if (IsWanted(instrument.Meter.Name))
                listener.EnableMeasurementEvents(
                    instrument,
                    families.GetOrAdd(instrument.Name, _ => MetricFamily.For(instrument))
                );
        };
        listener.SetMeasurementEventCallback<int>(
            static (_, value, tags, family) => ((MetricFamily)family!).Record(value, tags)
        );
        listener.SetMeasurementEventCallback<long>(
            static (_, value, tags, family) => ((MetricFamily)family!).Record(value, tags)
        );
        listener.SetMeasurementEventCallback<double>(
            static (_, value, tags, family) => ((MetricFamily)family!).Record(value, tags)
        );
        listener.Start();
    }

    /// <summary>Everything in Prometheus' text format, version 0.0.4.</summary>
    public string ToPrometheus()
    {
        var text = new StringBuilder(16 * 1024);
        lock (reading)
        {
            listener.RecordObservableInstruments();
            foreach (var family in families.Values.OrderBy(family => family.Name, StringComparer.Ordinal))
                family.Write(text);
        }
        return text.ToString();
    }

    public void Dispose() => listener.Dispose();

    private static bool IsWanted(string meter) =>
        meter.StartsWith("Slipway.", StringComparison.Ordinal)
        || meter is "Microsoft.AspNetCore.Hosting" or "Microsoft.AspNetCore.Server.Kestrel" or "System.Runtime";
}
