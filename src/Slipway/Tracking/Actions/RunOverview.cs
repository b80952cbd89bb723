using Slipway.Foundation.Sql;
using Slipway.Identity;
using Slipway.Sdk;
using Slipway.Tracking.Storage;

namespace Slipway.Tracking.Actions;

/// <summary>What lists and tables of runs say about experiments as a whole.</summary>
public sealed class RunOverview
{
    public const int ExperimentLimit = 200;

    private readonly Db db;
    private readonly FieldStore fields;

    internal RunOverview(Db db, FieldStore fields)
    {
        this.db = db;
        this.fields = fields;
    }

    /// <summary>How many runs several experiments have in each state. Those that do not exist, or that the caller may not see, are left out.</summary>
    public Task<IReadOnlyDictionary<long, IReadOnlyList<RunCount>>> CountsAsync(
        Caller caller,
        IReadOnlyList<long> experimentIds,
        CancellationToken cancellation = default
    )
    {
        if (experimentIds.Count > ExperimentLimit)
            throw Fault.Invalid(
                "experiment.counts_limit",
                $"Counts of at most {ExperimentLimit} experiments can be asked for at once.",
                "ids"
            );
        return db.ReadAsync<IReadOnlyDictionary<long, IReadOnlyList<RunCount>>>(
            tx =>
                experimentIds
                    .Distinct()
                    .Where(id =>
                        caller.Can(Level.Read, Resource.Experiment(Experiments.IdText(id)))
                        && ExperimentStore.Find(tx, caller.Workspace, id) is not null
                    )
                    .ToDictionary(id => id, id => (IReadOnlyList<RunCount>)RunStore.Counts(tx, id)),
            cancellation
        );
    }

    /// <summary>The names of what the experiment's runs logged, of those runs that changed last.</summary>
    public Task<ExperimentFields> FieldsAsync(
        Caller caller,
        long experimentId,
        CancellationToken cancellation = default
    ) => db.ReadAsync(tx => fields.Find(tx, Experiments.Find(tx, caller, experimentId, Level.Read).Id), cancellation);
}
