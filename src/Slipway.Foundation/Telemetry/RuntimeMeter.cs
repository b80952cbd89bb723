using System.Diagnostics.Metrics;

namespace Slipway.Foundation.Telemetry;

/// <summary>What operators' dashboards expect of every process, under the names they expect; looked up only when asked for.</summary>
public sealed class RuntimeMeter : IDisposable
{
    private readonly Meter meter = new("Slipway.Process");

    public RuntimeMeter(TimeProvider clock)
    {
        // Environment gives these without opening the process anew at each look.
        var started = clock.GetUtcNow().ToUnixTimeMilliseconds() / 1000.0;
        meter.CreateObservableCounter(
            "process.cpu",
            () => Environment.CpuUsage.TotalTime.TotalSeconds,
            "s",
            "CPU time spent, user and system."
        );
        meter.CreateObservableGauge("process.resident_memory", () => Environment.WorkingSet, "By", "Memory held.");
        meter.CreateObservableGauge("process.start_time", () => started, "s", "When the process started, since 1970.");
        if (!OperatingSystem.IsLinux())
            return;
        meter.CreateObservableGauge("process.open_fds", () => Entries("/proc/self/fd"), null, "Open files.");
        meter.CreateObservableGauge("process.threads", () => Entries("/proc/self/task"), null, "Threads.");
    }

    public void Dispose() => meter.Dispose();

    private static int Entries(string folder) => Directory.EnumerateFileSystemEntries(folder).Count();
}
