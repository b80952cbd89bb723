using Slipway.Identity;
using Slipway.Tracking.Storage;

namespace Slipway.Tracking.Actions;

/// <summary>Taking over experiments that were kept elsewhere.</summary>
public sealed partial class Experiments
{
    /// <summary>
    /// The experiment of this name, made under its own number and with its own times where there is none; another number
    /// is given where that one is taken. One that is here already gets the tags it misses, and nothing else changes.
    /// </summary>
    public Task<(Experiment Experiment, bool IsNew)> AdoptAsync(
        Caller caller,
        Experiment foreign,
        CancellationToken cancellation = default
    )
    {
        caller.RequireToCreate();
        TrackingRules.ExperimentName(foreign.Name);
        TrackingRules.ArtifactLocation(foreign.ArtifactLocation);
        foreach (var (key, value) in foreign.Tags)
            CheckTag(new Entry(key, value));
        return db.WriteAsync(
            tx =>
            {
                LockNames(tx);
                if (ExperimentStore.FindByName(tx, caller.Workspace, foreign.Name) is { } known)
                {
                    caller.Require(Level.Edit, Resource.Experiment(IdText(known.Id)));
                    var tags = With(known.Tags, foreign.Tags);
                    if (tags.Count > known.Tags.Count)
                        ExperimentStore.Update(tx, known with { Tags = tags });
                    return (known, false);
                }
                quotas.Take(tx, caller.Workspace, Quotas.Experiments);
                var isFree = foreign.Id > DefaultId && !ExperimentStore.IsTaken(tx, foreign.Id);
                var id = isFree ? foreign.Id : ExperimentStore.NextId(tx);
                var experiment = foreign with
                {
                    Id = id,
                    Workspace = caller.Workspace,
                    ArtifactLocation =
                        foreign.ArtifactLocation.Length > 0 ? foreign.ArtifactLocation : ArtifactsHere(id),
                };
                ExperimentStore.Insert(tx, experiment);
                events.Append(tx, TrackingEvents.Of(caller, TrackingEvents.ExperimentImported, experiment));
                grants.GiveToCreator(tx, caller, Resource.Experiment(IdText(id)));
                return (experiment, true);
            },
            cancellation
        );
    }

    /// <summary>The texts here, and those of the others whose keys are not here yet.</summary>
    internal static Dictionary<string, string> With(
        IReadOnlyDictionary<string, string> here,
        IReadOnlyDictionary<string, string> others
    )
    {
        var all = new Dictionary<string, string>(here);
        foreach (var (key, value) in others)
            all.TryAdd(key, value);
        return all;
    }
}
