using System.Diagnostics.Metrics;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Slipway.Foundation.Basics;

/// <summary>
/// Work that goes on beside the requests for as long as the server runs. What it does not expect costs it a rest and not
/// the server: it is logged, counted, and the work begins anew, a little later each time. Only a store that does not
/// keep what it was given ends the server, and that is decided where it is noticed.
/// </summary>
public abstract class SteadyService(TimeProvider clock, ILogger log) : BackgroundService
{
    private static readonly TimeSpan FirstRest = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestRest = TimeSpan.FromMinutes(1);
    private static readonly Meter Meter = new("Slipway.Work");
    private static readonly Counter<long> Failures = Meter.CreateCounter<long>(
        "slipway.work.failures",
        description: "How often work beside the requests failed and began anew."
    );

    protected TimeProvider Clock => clock;

    /// <summary>Works until it is told to stop; it may be called again after it has failed.</summary>
    protected abstract Task WorkAsync(CancellationToken stopping);

    protected sealed override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var rest = FirstRest;
        while (!stoppingToken.IsCancellationRequested)
        {
            var started = clock.GetTimestamp();
            try
            {
                await WorkAsync(stoppingToken);
                return;
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                if (clock.GetElapsedTime(started) > LongestRest)
                    rest = FirstRest;
                Failures.Add(1, new KeyValuePair<string, object?>("work", GetType().Name));
                log.LogError(e, "{Work} failed and begins anew in {Seconds} s", GetType().Name, rest.TotalSeconds);
            }
            await Task.Delay(rest, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            rest = rest * 2 < LongestRest ? rest * 2 : LongestRest;
        }
    }
}
