using Slipway.Foundation.Blobs;
using Slipway.Foundation.Sql;
using Slipway.Identity;
using Slipway.Sdk;
using Slipway.Tracking.Storage;

namespace Slipway.Tracking.Actions;

/// <summary>Experiments by name, their counts, and their end.</summary>
public sealed partial class Experiments
{
    /// <summary>Runs purged in one transaction, so that the writer is free again within milliseconds.</summary>
    internal const int PurgeStep = 100;

    /// <summary>How many runs the experiment has in each state.</summary>
    public Task<IReadOnlyList<RunCount>> CountsAsync(
        Caller caller,
        long id,
        CancellationToken cancellation = default
    ) =>
        db.ReadAsync<IReadOnlyList<RunCount>>(
            tx => RunStore.Counts(tx, Find(tx, caller, id, Level.Read).Id),
            cancellation
        );

    /// <summary>Changes tags at once: a value sets one, null removes it where it is.</summary>
    public Task ChangeTagsAsync(
        Caller caller,
        long id,
        IReadOnlyDictionary<string, string?> changes,
        CancellationToken cancellation = default
    )
    {
        foreach (var (key, value) in changes)
            CheckTag(new Entry(key, value ?? ""));
        return ChangeAsync(
            caller,
            id,
            Level.Edit,
            (_, experiment) =>
            {
                RequireActive(experiment);
                var tags = new Dictionary<string, string>(experiment.Tags);
                foreach (var (key, value) in changes)
                {
                    if (value is null)
                        tags.Remove(key);
                    else
                        tags[key] = value;
                }
                return experiment with { Tags = tags };
            },
            cancellation
        );
    }

    /// <summary>
    /// Removes an experiment in the bin for good, with its runs. It goes step by step and may be asked for again when it
    /// was interrupted; the experiment is the last to go.
    /// </summary>
    public async Task<int> PurgeAsync(Caller caller, long id, CancellationToken cancellation = default)
    {
        var runs = 0;
        while (true)
        {
            var purged = await db.ReclaimAsync(tx => PurgeSome(tx, caller, id), cancellation);
            if (purged == 0)
                return runs;
            runs += purged;
        }
    }

    /// <summary>The experiment of this name, made where there is none.</summary>
    internal Experiment Ensure(Tx tx, Caller caller, string name)
    {
        LockNames(tx);
        if (ExperimentStore.FindByName(tx, caller.Workspace, name) is { } there)
        {
            caller.Require(Level.Edit, Resource.Experiment(IdText(there.Id)));
            return there;
        }
        caller.RequireToCreate();
        quotas.Take(tx, caller.Workspace, Quotas.Experiments);
        var made = NewExperiment(clock, ExperimentStore.NextId(tx), caller.Workspace, name, null, []);
        ExperimentStore.Insert(tx, made);
        events.Append(tx, TrackingEvents.Of(caller, TrackingEvents.ExperimentCreated, made));
        grants.GiveToCreator(tx, caller, Resource.Experiment(IdText(made.Id)));
        return made;
    }

    private int PurgeSome(Tx tx, Caller caller, long id)
    {
        var experiment = Find(tx, caller, id, Level.Manage);
        if (experiment.Id == DefaultId)
            throw Fault.Conflict("experiment.default", "The default experiment stays; its runs can be purged.");
        if (experiment.Lifecycle != Lifecycle.Deleted)
            throw Fault.Conflict(
                "experiment.not_deleted",
                $"The experiment '{experiment.Name}' is not in the bin, and only what is there can be purged.",
                "Delete it first."
            );
        removals.RequireUnneeded(tx, BlobPath.Parse(IdText(id)));
        var some = RunStore.SomeOf(tx, id, PurgeStep);
        foreach (var head in some)
            Runs.Purge(tx, events, removals, quotas, caller, head);
        if (some.Count > 0)
        {
            ExperimentStore.MarkPurged(tx, id);
            return some.Count;
        }
        ExperimentStore.Delete(tx, id);
        quotas.GiveBack(tx, caller.Workspace, Quotas.Experiments);
        removals.Add(tx, experiment);
        events.Append(tx, TrackingEvents.Of(caller, TrackingEvents.ExperimentPurged, experiment));
        return 0;
    }
}
