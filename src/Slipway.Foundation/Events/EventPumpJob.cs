using Microsoft.Extensions.Logging;
using Slipway.Foundation.Basics;
using Slipway.Foundation.Sql;
using Slipway.Sdk;

namespace Slipway.Foundation.Events;

/// <summary>
/// Twice a second: seal what was committed, then let the listeners hear it. Looking is a read, so an idle server writes
/// nothing. Once an hour, and when it stops, it writes down an anchor.
/// </summary>
internal sealed class EventPumpJob(
    Db db,
    IEnumerable<EventSubscription> subscriptions,
    AnchorFile anchors,
    TimeProvider clock,
    ILogger<EventPumpJob> log
) : SteadyService(clock, log)
{
    private const int BatchLimit = 50;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan AnchorInterval = TimeSpan.FromHours(1);
    private static readonly TimeSpan LongestRest = TimeSpan.FromMinutes(1);

    private readonly Dictionary<string, (int Times, long At)> failing = [];
    private ChainAnchor? lastAnchor;

    protected override async Task WorkAsync(CancellationToken stopping)
    {
        lastAnchor = anchors.Read() is [.., var last] ? last : null;
        var anchored = Clock.GetTimestamp();
        using var timer = new PeriodicTimer(Pause, Clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stopping))
            {
                await RoundAsync(stopping);
                if (Clock.GetElapsedTime(anchored) < AnchorInterval)
                    continue;
                anchored = Clock.GetTimestamp();
                await AnchorAsync();
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            await AnchorAsync();
        }
    }

    private async Task RoundAsync(CancellationToken cancellation)
    {
        try
        {
            await ChainSealer.SealAsync(db, cancellation);
        }
        catch (Fault fault)
        {
            log.LogWarning("Events could not be sealed: {Reason}", fault.Message);
            return;
        }
        foreach (var listener in subscriptions)
            await DeliverAsync(listener, cancellation);
    }

    private async Task DeliverAsync(EventSubscription listener, CancellationToken cancellation)
    {
        var failed = failing.GetValueOrDefault(listener.Name);
        if (failed.Times > 0 && Clock.GetElapsedTime(failed.At) < Rest(failed.Times))
            return;
        try
        {
            // One by one after a failure, so that what comes before the event that fails gets through.
            await EventDelivery.DeliverAsync(db, listener, failed.Times > 0 ? 1 : BatchLimit, cancellation);
            failing.Remove(listener.Name);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            failing[listener.Name] = (failed.Times + 1, Clock.GetTimestamp());
            log.LogError(e, "{Listener} failed on an event and hears it again later", listener.Name);
        }
    }

    private static TimeSpan Rest(int failures) =>
        TimeSpan.FromSeconds(Math.Min(LongestRest.TotalSeconds, Math.Pow(2, failures - 1)));

    private async Task AnchorAsync()
    {
        try
        {
            var anchor = await db.ReadAsync(ChainVerifier.HeadAnchor);
            if (anchor is null || anchor == lastAnchor)
                return;
            anchors.Add(anchor, Clock.GetUtcNow());
            lastAnchor = anchor;
        }
        catch (Exception e) when (e is Fault or IOException)
        {
            log.LogWarning("The anchor of the record could not be written down: {Reason}", e.Message);
        }
    }
}
