using Slipway.Foundation.Events;
using Slipway.Foundation.Sql;
using Slipway.Identity;
using Slipway.Sdk;
using Slipway.Tracking.Storage;

namespace Slipway.Tracking.Actions;

/// <summary>What changes where a run is, or that it is at all.</summary>
public sealed partial class Runs
{
    /// <summary>Moves a run, with all it logged, to another experiment. Its artifacts stay where they are.</summary>
    public Task<RunHead> MoveToAsync(
        Caller caller,
        string runId,
        long experimentId,
        CancellationToken cancellation = default
    ) =>
        db.WriteAsync(
            tx =>
            {
                var row = FindActive(tx, caller, runId);
                var target = Experiments.Find(tx, caller, experimentId, Level.Edit);
                Experiments.RequireActive(target);
                if (row.Head.ExperimentId == target.Id)
                    return row.Head;
                var links = row.Links is null ? null : Relinked(tx, row.Links, target.Id);
                RunStore.UpdateExperiment(tx, row.Head.Number, target.Id, links);
                MetricStore.MoveLatest(tx, row.Head.Number, target.Id);
                ExperimentStore.MarkPurged(tx, row.Head.ExperimentId);
                var moved = row.Head with { ExperimentId = target.Id };
                events.Append(tx, TrackingEvents.Of(caller, TrackingEvents.RunMoved, moved));
                return moved;
            },
            cancellation
        );

    /// <summary>Removes a run for good. It has to be in the bin, so that one slip does not cost a training.</summary>
    public Task PurgeAsync(Caller caller, string runId, CancellationToken cancellation = default) =>
        db.ReclaimAsync(
            tx =>
            {
                var row = Allow(caller, Level.Manage, RunStore.FindForUpdate(tx, caller.Workspace, runId), runId);
                if (row.Head.Lifecycle != Lifecycle.Deleted)
                    throw Fault.Conflict(
                        "run.not_deleted",
                        $"The run {runId} is not in the bin, and only what is there can be purged.",
                        "Delete it first."
                    );
                Purge(tx, events, removals, quotas, caller, row.Head);
                ExperimentStore.MarkPurged(tx, row.Head.ExperimentId);
            },
            cancellation
        );

    internal static void Purge(Tx tx, EventLog events, Removals removals, Quotas quotas, Caller caller, RunHead head)
    {
        ModelSeriesStore.DeleteOfRun(tx, head.Number);
        MetricStore.DeleteAll(tx, head.Number);
        RunStore.Delete(tx, head.Number);
        quotas.GiveBack(tx, caller.Workspace, Quotas.Runs);
        removals.Add(tx, head.Id, head.ArtifactUri);
        events.Append(tx, TrackingEvents.Purged(caller, head));
    }

    /// <summary>Datasets belong to experiments, so those that the run links to are named in the other one too.</summary>
    private LinksDocument Relinked(Tx tx, string document, long experimentId)
    {
        var open = LinkStore.Open(tx, document);
        var links = Documents.ReadLinks(document);
        links.Datasets.Clear();
        foreach (var input in open.Datasets)
            LinkStore.AddDataset(tx, numbers, experimentId, links, input);
        return links;
    }
}
