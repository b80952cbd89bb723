using Slipway.Identity;
using Slipway.Sdk;
using Slipway.Tracking.Storage;

namespace Slipway.Tracking.Actions;

/// <summary>Reading histories of metrics.</summary>
public sealed partial class Runs
{
    /// <summary>How many runs a chart may ask for at once.</summary>
    public const int HistoriesPerCall = 100;

    /// <summary>A page of a metric's history.</summary>
    public Task<MetricHistory> HistoryAsync(
        Caller caller,
        string runId,
        string key,
        int offset,
        int limit,
        CancellationToken cancellation = default
    ) =>
        db.ReadAsync(
            tx =>
            {
                var row = Allow(caller, Level.Read, RunStore.FindHead(tx, caller.Workspace, runId), runId);
                var (page, total) = metrics.HistoryPage(tx, row.Number, key, offset, limit);
                var next = offset + page.Count;
                return new MetricHistory(key, page, total, next < total ? next : null);
            },
            cancellation
        );

    /// <summary>The whole histories of one metric in several runs; a run that does not exist has none.</summary>
    public Task<IReadOnlyList<RunHistory>> HistoriesAsync(
        Caller caller,
        IReadOnlyCollection<string> runIds,
        string key,
        CancellationToken cancellation = default
    )
    {
        if (runIds.Count > HistoriesPerCall)
            throw Fault.Invalid(
                "run.history_limit",
                $"Histories of at most {HistoriesPerCall} runs are read at once. Received {runIds.Count} run ids.",
                "run_id"
            );
        return db.ReadAsync<IReadOnlyList<RunHistory>>(
            tx =>
                [
                    .. runIds
                        .Select(id => RunStore.FindHead(tx, caller.Workspace, id))
                        .OfType<RunHead>()
                        .Select(head => Allow(caller, Level.Read, head, head.Id))
                        .Select(head => new RunHistory(head.Id, metrics.History(tx, head.Number, key))),
                ],
            cancellation
        );
    }

    /// <summary>
    /// Points of one metric in several runs at about as many steps as the limit says, the same for all, each run's by
    /// step and time: what a chart needs, however long the histories are.
    /// </summary>
    public async Task<IReadOnlyList<RunHistory>> SampledHistoriesAsync(
        Caller caller,
        IReadOnlyCollection<string> runIds,
        string key,
        StepRange? range,
        int limit,
        CancellationToken cancellation = default
    )
    {
        if (range is { } given && given.First > given.Last)
            throw Fault.Invalid(
                "run.step_range",
                $"end_step must be greater than start_step. Found start_step={given.First} and end_step={given.Last}.",
                "start_step"
            );
        var histories = await HistoriesAsync(caller, runIds, key, cancellation);
        var steps = StepSample.Of([.. histories.Select(history => history.Points)], range, limit);
        return
        [
            .. histories.Select(history =>
                history with
                {
                    Points = [.. history.Points.Where(p => steps.Contains(p.Step)).OrderBy(p => p.Step).ThenBy(p => p)],
                }
            ),
        ];
    }
}
