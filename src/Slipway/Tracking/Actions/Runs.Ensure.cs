using Slipway.Foundation.Sql;
using Slipway.Identity;
using Slipway.Sdk;
using Slipway.Tracking.Storage;

namespace Slipway.Tracking.Actions;

/// <summary>Runs whose ids their makers choose, so that asking for one twice makes one.</summary>
public sealed partial class Runs
{
    public const int LookupLimit = 1000;

    /// <summary>
    /// The run of this id, made where there is none. With the name of an experiment it belongs there, and the experiment
    /// is made too where there is none.
    /// </summary>
    public Task<(Run Run, bool Created)> EnsureAsync(
        Caller caller,
        string runId,
        NewRun request,
        string? experimentName = null,
        CancellationToken cancellation = default
    )
    {
        TrackingRules.RunId(runId);
        TrackingRules.Time(request.StartMs, "start_ms");
        if (experimentName is not null)
            TrackingRules.ExperimentName(experimentName);
        var draft = Draft(request, runId);
        return db.WriteAsync(
            tx =>
            {
                tx.Lock($"tracking_run:{runId}");
                if (RunStore.Exists(tx, runId))
                    return (Existing(tx, caller, runId), false);
                Removals.RequireDone(tx, runId);
                var experiment = experimentName is null
                    ? Experiments.Find(tx, caller, request.ExperimentId, Level.Edit)
                    : experiments.Ensure(tx, caller, experimentName);
                return (Insert(tx, caller, draft, experiment), true);
            },
            cancellation
        );
    }

    /// <summary>Runs that do not exist, or that the caller may not see, are missing.</summary>
    public Task<RunsFound> GetManyAsync(
        Caller caller,
        IReadOnlyList<string> runIds,
        CancellationToken cancellation = default
    )
    {
        if (runIds.Count > LookupLimit)
            throw Fault.Invalid("run.lookup_limit", $"At most {LookupLimit} runs can be asked for at once.", "ids");
        return db.ReadAsync(
            tx =>
            {
                var rows = RunStore
                    .FindMany(tx, caller.Workspace, runIds)
                    .Where(row =>
                        caller.Can(Level.Read, Resource.Experiment(Experiments.IdText(row.Head.ExperimentId)))
                    )
                    .ToDictionary(row => row.Head.Id);
                var latest = metrics.LatestOf(tx, [.. rows.Values.Select(row => row.Head.Number)]);
                var found = runIds.Distinct().Where(rows.ContainsKey).Select(id => rows[id]);
                return new RunsFound(
                    [.. found.Select(row => Whole(tx, row, latest.GetValueOrDefault(row.Head.Number, [])))],
                    [.. runIds.Distinct().Where(id => !rows.ContainsKey(id))]
                );
            },
            cancellation
        );
    }

    private Run Existing(Tx tx, Caller caller, string runId)
    {
        // Whose it is in another workspace, nobody is told.
        if (RunStore.Find(tx, caller.Workspace, runId) is not { } row)
            throw Fault.Conflict("run.id_taken", $"The id {runId} is taken.", "Choose another one at random.");
        return Whole(tx, Allow(caller, Level.Edit, row, runId), metrics.Latest(tx, row.Head.Number));
    }
}
