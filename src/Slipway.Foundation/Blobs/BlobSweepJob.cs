using Microsoft.Extensions.Logging;
using Slipway.Foundation.Basics;
using Slipway.Sdk;

namespace Slipway.Foundation.Blobs;

/// <summary>Clears away what crashes and departed clients left of their uploads, at the start and from then on.</summary>
internal sealed class BlobSweepJob(IBlobs blobs, TimeProvider clock, ILogger<BlobSweepJob> log)
    : SteadyService(clock, log)
{
    protected override async Task WorkAsync(CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(blobs.SweepInterval, Clock);
        do
        {
            try
            {
                if (await blobs.SweepAsync(stopping) is var removed and > 0)
                    log.LogInformation("Removed {Count} unfinished uploads", removed);
            }
            catch (Fault fault)
            {
                log.LogWarning("Unfinished uploads could not be looked for: {Reason}", fault.Message);
            }
        } while (await timer.WaitForNextTickAsync(stopping));
    }
}
