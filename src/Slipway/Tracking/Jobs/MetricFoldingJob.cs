using Microsoft.Extensions.Logging;
using Slipway.Foundation.Basics;
using Slipway.Foundation.Sql;
using Slipway.Sdk;
using Slipway.Tracking.Storage;

namespace Slipway.Tracking.Jobs;

/// <summary>
/// Folds metric logs into chunks, an owner at a time. Nothing is lost when it does not get to it: the log is as durable as
/// the chunks, only slower to read.
/// </summary>
internal sealed class MetricFoldingJob(Db db, FoldingQueue queue, TimeProvider clock, ILogger<MetricFoldingJob> log)
    : SteadyService(clock, log)
{
    protected override async Task WorkAsync(CancellationToken stopping)
    {
        foreach (
            var owner in await db.ReadAsync(tx => MetricStore.OwnersWithLongLogs(tx, FoldingQueue.EntryLimit), stopping)
        )
            queue.FoldNow(owner);
        await foreach (var owner in queue.Due.ReadAllAsync(stopping))
        {
            try
            {
                await db.WriteAsync(tx => MetricStore.Fold(tx, owner), stopping);
            }
            catch (Fault fault)
            {
                log.LogWarning("The metric log of {Owner} was not folded: {Reason}", owner, fault.Message);
            }
        }
    }
}
