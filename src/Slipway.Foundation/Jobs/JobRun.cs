using Microsoft.Extensions.Logging;
using Slipway.Foundation.Events;
using Slipway.Foundation.Sql;
using Slipway.Sdk;

namespace Slipway.Foundation.Jobs;

/// <summary>One job in the hands of this server, from its claim to what becomes of it.</summary>
internal sealed class JobRun(Job job, JobKind kind, Db db, EventLog events, TimeProvider clock, ILogger log)
{
    public async Task ToEndAsync(TimeSpan lease, TimeSpan beatEvery, CancellationToken stopping)
    {
        using var working = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        using var beating = new CancellationTokenSource();
        var beats = BeatAsync(lease, beatEvery, working, beating.Token);
        Exception? failure = null;
        try
        {
            await kind.Work(job, working.Token);
        }
        catch (Exception e)
        {
            failure = e;
        }
        await beating.CancelAsync();
        await beats;
        try
        {
            await SettleAsync(failure, isStopping: stopping.IsCancellationRequested);
        }
        catch (Fault fault)
        {
            // Its lease runs out, and the job is done again.
            log.LogWarning("What became of the job {Job} could not be written down: {Reason}", job.Id, fault.Message);
        }
    }

    private async Task BeatAsync(
        TimeSpan lease,
        TimeSpan beatEvery,
        CancellationTokenSource working,
        CancellationToken cancellation
    )
    {
        var last = clock.GetTimestamp();
        try
        {
            while (true)
            {
                await Task.Delay(beatEvery, clock, cancellation);
                if (await TryBeatAsync() is not { } isOurs)
                {
                    if (clock.GetElapsedTime(last) < lease)
                        continue;
                    isOurs = false;
                }
                if (!isOurs)
                {
                    await working.CancelAsync();
                    return;
                }
                last = clock.GetTimestamp();
            }
        }
        catch (OperationCanceledException)
        {
            // The work is done.
        }
    }

    /// <summary>Whether the job is still ours; null when the store does not say.</summary>
    private async Task<bool?> TryBeatAsync()
    {
        try
        {
            return await db.WriteAsync(tx => JobStore.Beat(tx, job));
        }
        catch (Fault)
        {
            return null;
        }
    }

    private async Task SettleAsync(Exception? failure, bool isStopping)
    {
        var isOurs = await db.WriteAsync(tx =>
            failure is OperationCanceledException && isStopping ? PutBack(tx, TimeSpan.Zero, job.Failures, null)
            : kind.Every is { } pause ? PutBack(tx, pause, failure is null ? 0 : job.Failures + 1, failure?.Message)
            : failure is null ? JobStore.Remove(tx, job)
            : Failed(tx, failure)
        );
        if (!isOurs)
            log.LogWarning("The job {Job} was taken over by another server", job.Id);
        else if (failure is not (null or OperationCanceledException))
            log.LogWarning(failure, "The job {Job} of kind {Kind} failed", job.Id, job.Kind);
    }

    private bool Failed(Tx tx, Exception failure)
    {
        var failures = job.Failures + 1;
        switch (Retry.Of(failure, failures))
        {
            case Verdict.Retry:
                return PutBack(tx, Retry.Pause(failure, failures), failures, failure.Message);
            case Verdict.Park:
                return JobStore.Park(tx, job, failure.Message) && Tell(tx, "job.parked", failure);
            default:
                return JobStore.Remove(tx, job) && Tell(tx, "job.failed", failure);
        }
    }

    private bool PutBack(Tx tx, TimeSpan pause, int failures, string? failure)
    {
        var now = clock.GetUtcNow();
        return JobStore.PutBack(
            tx,
            job,
            (now + pause).ToUnixTimeMilliseconds(),
            now.ToUnixTimeMilliseconds(),
            failures,
            failure
        );
    }

    private bool Tell(Tx tx, string what, Exception failure)
    {
        events.Append(
            tx,
            new Event(what, "job", job.Id)
            {
                Payload = EventPayload.Of(("kind", job.Kind), ("reason", failure.Message)),
            }
        );
        return true;
    }
}
