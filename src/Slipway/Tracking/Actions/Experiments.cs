using Slipway.Foundation.Events;
using Slipway.Foundation.Sql;
using Slipway.Identity;
using Slipway.Identity.Actions;
using Slipway.Sdk;
using Slipway.Tracking.Storage;

namespace Slipway.Tracking.Actions;

/// <summary>The verbs of experiments.</summary>
public sealed partial class Experiments
{
    /// <summary>How many datasets are named at once.</summary>
    private const int DatasetLimit = 1000;

    /// <summary>The experiment that every store has, for runs that name none.</summary>
    internal const long DefaultId = 0;

    private readonly Db db;
    private readonly Grants grants;
    private readonly EventLog events;
    private readonly Removals removals;
    private readonly Quotas quotas;
    private readonly TimeProvider clock;

    internal Experiments(Db db, Grants grants, EventLog events, Removals removals, Quotas quotas, TimeProvider clock)
    {
        this.db = db;
        this.grants = grants;
        this.events = events;
        this.removals = removals;
        this.quotas = quotas;
        this.clock = clock;
    }

    /// <summary>MLflow's clients expect the experiment "0", which runs without one go to. Counters start anew with an empty store.</summary>
    internal static void Seed(Tx tx, TimeProvider clock)
    {
        ExperimentStore.EnsureCounters(tx);
        Quotas.Forget(tx);
        if (ExperimentStore.Find(tx, Caller.DefaultWorkspace, DefaultId) is null)
            ExperimentStore.Insert(tx, NewExperiment(clock, DefaultId, Caller.DefaultWorkspace, "Default", null, []));
    }

    public Task<Experiment> CreateAsync(
        Caller caller,
        string name,
        string? artifactLocation,
        IReadOnlyList<Entry> tags,
        CancellationToken cancellation = default
    )
    {
        caller.RequireToCreate();
        TrackingRules.ExperimentName(name);
        if (!string.IsNullOrEmpty(artifactLocation))
            TrackingRules.ArtifactLocation(artifactLocation);
        TrackingRules.TagsOfNew(
            tags,
            key => Fault.Conflict("experiment.tag_twice", $"The tag '{key}' is given twice.")
        );
        return db.WriteAsync(
            tx =>
            {
                LockNames(tx);
                if (ExperimentStore.FindByName(tx, caller.Workspace, name) is { } other)
                    throw Fault.Conflict("experiment.exists", Taken(other));
                if (!string.IsNullOrEmpty(artifactLocation))
                    Artifacts.RequireOwnPlace(tx, caller, artifactLocation);
                quotas.Take(tx, caller.Workspace, Quotas.Experiments);
                var experiment = NewExperiment(
                    clock,
                    ExperimentStore.NextId(tx),
                    caller.Workspace,
                    name,
                    artifactLocation,
                    tags
                );
                ExperimentStore.Insert(tx, experiment);
                events.Append(tx, TrackingEvents.Of(caller, TrackingEvents.ExperimentCreated, experiment));
                grants.GiveToCreator(tx, caller, Resource.Experiment(IdText(experiment.Id)));
                return experiment;
            },
            cancellation
        );
    }

    public Task<Experiment> GetAsync(Caller caller, long id, CancellationToken cancellation = default) =>
        db.ReadAsync(tx => Find(tx, caller, id, Level.Read), cancellation);

    public async Task<Experiment> GetByNameAsync(Caller caller, string name, CancellationToken cancellation = default)
    {
        var experiment =
            await db.ReadAsync(tx => ExperimentStore.FindByName(tx, caller.Workspace, name), cancellation)
            ?? throw Fault.NotFound("experiment.not_found", $"Could not find experiment with name '{name}'");
        caller.Require(Level.Read, Resource.Experiment(IdText(experiment.Id)));
        return experiment;
    }

    /// <summary>Searches the experiments of the workspace that the caller may see.</summary>
    public async Task<ExperimentPage> SearchAsync(
        Caller caller,
        ExperimentQuery query,
        CancellationToken cancellation = default
    )
    {
        var all = await db.ReadAsync(tx => ExperimentStore.All(tx, caller.Workspace), cancellation);
        return ExperimentSearch.Find(
            [.. all.Where(e => caller.Can(Level.Read, Resource.Experiment(IdText(e.Id))))],
            query
        );
    }

    /// <summary>The datasets that runs of these experiments read, for each context in which they did.</summary>
    public Task<List<DatasetSummary>> DatasetsAsync(
        Caller caller,
        IReadOnlyCollection<long> ids,
        CancellationToken cancellation = default
    ) =>
        db.ReadAsync(
            tx =>
                LinkStore.Summaries(
                    tx,
                    [
                        .. ids.Where(id =>
                            caller.Can(Level.Read, Resource.Experiment(IdText(id)))
                            && ExperimentStore.Find(tx, caller.Workspace, id) is not null
                        ),
                    ],
                    DatasetLimit
                ),
            cancellation
        );

    public Task RenameAsync(Caller caller, long id, string newName, CancellationToken cancellation = default)
    {
        TrackingRules.ExperimentName(newName);
        return ChangeAsync(
            caller,
            id,
            Level.Edit,
            (tx, experiment) =>
            {
                if (experiment.Lifecycle != Lifecycle.Active)
                    throw Fault.Conflict("experiment.rename_deleted", "Cannot rename a non-active experiment.");
                if (ExperimentStore.FindByName(tx, caller.Workspace, newName) is { } other && other.Id != id)
                    throw Fault.Conflict("experiment.name_taken", Taken(other));
                var renamed = experiment with { Name = newName };
                events.Append(tx, TrackingEvents.Of(caller, TrackingEvents.ExperimentRenamed, renamed));
                return renamed;
            },
            cancellation
        );
    }

    /// <summary>Moves the experiment and its runs into the bin.</summary>
    public Task DeleteAsync(Caller caller, long id, CancellationToken cancellation = default) =>
        MoveAsync(caller, id, Lifecycle.Deleted, mustMove: true, cancellation);

    /// <summary>The same, and content where it is in the bin already: for a call whose answer was lost and that comes again.</summary>
    public Task EnsureDeletedAsync(Caller caller, long id, CancellationToken cancellation = default) =>
        MoveAsync(caller, id, Lifecycle.Deleted, mustMove: false, cancellation);

    /// <summary>Takes the experiment and its runs out of the bin.</summary>
    public Task RestoreAsync(Caller caller, long id, CancellationToken cancellation = default) =>
        MoveAsync(caller, id, Lifecycle.Active, mustMove: true, cancellation);

    /// <summary>The same, and content where it is not in the bin.</summary>
    public Task EnsureActiveAsync(Caller caller, long id, CancellationToken cancellation = default) =>
        MoveAsync(caller, id, Lifecycle.Active, mustMove: false, cancellation);

    public Task SetTagAsync(Caller caller, long id, Entry tag, CancellationToken cancellation = default)
    {
        CheckTag(tag);
        return ChangeAsync(
            caller,
            id,
            Level.Edit,
            (_, experiment) =>
            {
                RequireActive(experiment);
                return experiment with
                {
                    Tags = new Dictionary<string, string>(experiment.Tags) { [tag.Key] = tag.Value },
                };
            },
            cancellation
        );
    }

    public Task DeleteTagAsync(Caller caller, long id, string key, CancellationToken cancellation = default) =>
        ChangeAsync(
            caller,
            id,
            Level.Edit,
            (_, experiment) =>
            {
                RequireActive(experiment);
                var tags = new Dictionary<string, string>(experiment.Tags);
                if (!tags.Remove(key))
                    throw Fault.NotFound(
                        "experiment.tag_not_found",
                        $"No tag with name: {key} in experiment with id {id}"
                    );
                return experiment with { Tags = tags };
            },
            cancellation
        );

    /// <summary>The experiment, or a refusal that says no more than the caller may know.</summary>
    internal static Experiment Find(Tx tx, Caller caller, long id, Level level)
    {
        var experiment = ExperimentStore.Find(tx, caller.Workspace, id) ?? throw NotFound(id);
        caller.Require(level, Resource.Experiment(IdText(id)));
        return experiment;
    }

    /// <summary>Whether the experiment is one of the caller's workspace.</summary>
    internal static bool Exists(Tx tx, Caller caller, long id) =>
        ExperimentStore.Find(tx, caller.Workspace, id) is not null;

    /// <summary>Those of the experiments that exist for the caller and that they may see.</summary>
    internal static IReadOnlyList<long> Visible(Tx tx, Caller caller, IEnumerable<long> ids) =>
        [
            .. ids.Distinct()
                .Where(id =>
                    caller.Can(Level.Read, Resource.Experiment(IdText(id)))
                    && ExperimentStore.Find(tx, caller.Workspace, id) is not null
                ),
        ];

    internal static void RequireActive(Experiment experiment)
    {
        if (experiment.Lifecycle != Lifecycle.Active)
            throw Fault.Invalid(
                "experiment.not_active",
                $"The experiment {IdText(experiment.Id)} must be in the 'active' state. Current state is deleted."
            );
    }

    /// <summary>Names and numbers of experiments are given out one at a time, whichever server gives them.</summary>
    private static void LockNames(Tx tx) => tx.Lock("tracking_experiment_names");

    internal static string IdText(long id) => id.ToString(System.Globalization.CultureInfo.InvariantCulture);

    private static Fault NotFound(long id) =>
        Fault.NotFound("experiment.not_found", $"No Experiment with id={IdText(id)} exists");

    private Task MoveAsync(Caller caller, long id, Lifecycle to, bool mustMove, CancellationToken cancellation) =>
        db.ReclaimAsync(
            tx =>
            {
                var experiment = Find(tx, caller, id, Level.Manage);
                if (experiment.Lifecycle == to)
                {
                    if (mustMove)
                        throw NotFound(id);
                    return;
                }
                var deletedMs = to == Lifecycle.Deleted ? Now() : (long?)null;
                RunStore.UpdateLifecycleOfAll(tx, id, experiment.Lifecycle, to, deletedMs);
                var kind =
                    to == Lifecycle.Deleted ? TrackingEvents.ExperimentDeleted : TrackingEvents.ExperimentRestored;
                events.Append(tx, TrackingEvents.Of(caller, kind, experiment));
                ExperimentStore.Update(tx, experiment with { Lifecycle = to, UpdatedMs = Now() });
            },
            cancellation
        );

    private Task ChangeAsync(
        Caller caller,
        long id,
        Level level,
        Func<Tx, Experiment, Experiment> change,
        CancellationToken cancellation
    ) =>
        db.WriteAsync(
            tx => ExperimentStore.Update(tx, change(tx, Find(tx, caller, id, level)) with { UpdatedMs = Now() }),
            cancellation
        );

    private static Experiment NewExperiment(
        TimeProvider clock,
        long id,
        string workspace,
        string name,
        string? location,
        IReadOnlyList<Entry> tags
    )
    {
        var now = clock.GetUtcNow().ToUnixTimeMilliseconds();
        var texts = new Dictionary<string, string>();
        foreach (var tag in tags)
            texts[tag.Key] = tag.Value;
        return new Experiment
        {
            Id = id,
            Workspace = workspace,
            Name = name,
            ArtifactLocation = string.IsNullOrEmpty(location) ? ArtifactsHere(id) : location,
            CreatedMs = now,
            UpdatedMs = now,
            Tags = texts,
        };
    }

    /// <summary>Where the experiment's runs keep their artifacts unless somebody says otherwise: with this server.</summary>
    private static string ArtifactsHere(long id) => $"mlflow-artifacts:/{IdText(id)}";

    private static void CheckTag(Entry tag)
    {
        TrackingRules.Key(tag.Key, "key");
        TrackingRules.Length(tag.Value, TrackingRules.ExperimentTagLength, "value");
    }

    private static string Taken(Experiment other) =>
        other.Lifecycle == Lifecycle.Active
            ? $"Experiment(name={other.Name}) already exists."
            : $"Experiment '{other.Name}' already exists in deleted state. Restore it, or purge it to free the name.";

    private long Now() => clock.GetUtcNow().ToUnixTimeMilliseconds();
}
