using Slipway.Evaluation.Storage;
using Slipway.Foundation.Basics;
using Slipway.Foundation.Events;
using Slipway.Foundation.Sql;
using Slipway.Identity;
using Slipway.Sdk;
using Slipway.Tracking.Actions;

namespace Slipway.Evaluation.Actions;

/// <summary>
/// The verbs of evaluation datasets. Whoever may do something in one of the experiments that a dataset serves may do it
/// with the dataset; one that serves none belongs to the workspace. Which experiments it serves decides who may do what
/// with it, so only those who manage it change that.
/// </summary>
public sealed partial class EvaluationDatasets
{
    private const int NameLength = 10_000;
    private const int TagKeyLength = 255;
    private const int TagValueLength = 5000;

    private readonly Db db;
    private readonly Experiments experiments;
    private readonly RowNumbers numbers;
    private readonly EventLog events;
    private readonly TimeProvider clock;

    internal EvaluationDatasets(Db db, Experiments experiments, RowNumbers numbers, EventLog events, TimeProvider clock)
    {
        this.db = db;
        this.experiments = experiments;
        this.numbers = numbers;
        this.events = events;
        this.clock = clock;
    }

    public async Task<EvaluationDataset> CreateAsync(
        Caller caller,
        NewEvaluationDataset request,
        CancellationToken cancellation = default
    )
    {
        CheckName(request.Name);
        CheckTags(request.Tags);
        if (request.ExperimentIds.Count == 0)
            caller.RequireToCreate();
        RequireOnce(request.ExperimentIds);
        var user = request.Tags.GetValueOrDefault(EvaluationDataset.UserTag);
        var now = Now();
        var dataset = new EvaluationDataset
        {
            Number = numbers.Next(),
            Id = $"d-{Guid.NewGuid():N}",
            Workspace = caller.Workspace,
            Name = request.Name,
            Digest = EvaluationDataset.DigestOf(request.Name, now),
            CreatedMs = now,
            UpdatedMs = now,
            CreatedBy = user,
            UpdatedBy = user,
            Tags = request.Tags,
            ExperimentIds = request.ExperimentIds,
        };
        await db.WriteAsync(
            tx =>
            {
                RequireWhereKnown(tx, caller, request.ExperimentIds);
                EvaluationDatasetStore.Insert(tx, dataset);
                events.Append(tx, EvaluationEvents.Of(caller, EvaluationEvents.DatasetCreated, dataset));
            },
            cancellation
        );
        return dataset;
    }

    public Task<EvaluationDataset> GetAsync(Caller caller, string id, CancellationToken cancellation = default) =>
        db.ReadAsync(
            tx => Allow(caller, Level.Read, EvaluationDatasetStore.Find(tx, caller.Workspace, id), id),
            cancellation
        );

    /// <summary>Deletes the dataset with its records for good; one that is gone stays gone.</summary>
    public Task DeleteAsync(Caller caller, string id, CancellationToken cancellation = default) =>
        db.WriteAsync(
            tx =>
            {
                if (EvaluationDatasetStore.FindForUpdate(tx, caller.Workspace, id) is not { } dataset)
                    return;
                Allow(caller, Level.Manage, dataset, id);
                EvaluationDatasetStore.Delete(tx, dataset.Number);
                events.Append(tx, EvaluationEvents.Of(caller, EvaluationEvents.DatasetDeleted, dataset));
            },
            cancellation
        );

    /// <summary>Searches the datasets of the workspace that the caller may see.</summary>
    public async Task<EvaluationDatasetPage> SearchAsync(
        Caller caller,
        EvaluationDatasetQuery query,
        CancellationToken cancellation = default
    )
    {
        var search = new EvaluationDatasetSearch(query);
        var all = await db.ReadAsync(tx => EvaluationDatasetStore.All(tx, caller.Workspace), cancellation);
        return search.Find(all.Where(dataset => Can(caller, Level.Read, dataset)));
    }

    public Task SetTagsAsync(
        Caller caller,
        string id,
        IReadOnlyDictionary<string, string> tags,
        CancellationToken cancellation = default
    )
    {
        CheckTags(tags);
        return ChangeAsync(
            caller,
            Level.Edit,
            id,
            (_, dataset) =>
            {
                var merged = new OrderedDictionary<string, string>(dataset.Tags);
                foreach (var (key, value) in tags)
                    merged[key] = value;
                return dataset with { Tags = merged };
            },
            cancellation
        );
    }

    /// <summary>Deletes a tag; one that is not there stays so.</summary>
    public Task DeleteTagAsync(Caller caller, string id, string key, CancellationToken cancellation = default) =>
        ChangeAsync(
            caller,
            Level.Edit,
            id,
            (_, dataset) =>
            {
                var tags = new OrderedDictionary<string, string>(dataset.Tags);
                tags.Remove(key);
                return dataset with { Tags = tags };
            },
            cancellation
        );

    /// <summary>Says that the dataset serves these experiments too.</summary>
    public async Task<EvaluationDataset> AddExperimentsAsync(
        Caller caller,
        string id,
        IReadOnlyList<long> experimentIds,
        CancellationToken cancellation = default
    )
    {
        RequireOnce(experimentIds);
        await RequireExperimentsAsync(caller, experimentIds, cancellation);
        return await ChangeAsync(
            caller,
            Level.Manage,
            id,
            (tx, dataset) =>
            {
                foreach (var experimentId in experimentIds)
                    EvaluationDatasetStore.AddExperiment(tx, dataset.Number, experimentId);
                var added = experimentIds.Except(dataset.ExperimentIds).ToList();
                if (added.Count > 0)
                    events.Append(tx, EvaluationEvents.Linked(caller, dataset, added));
                return dataset with { UpdatedMs = Now(), ExperimentIds = [.. dataset.ExperimentIds, .. added] };
            },
            cancellation
        );
    }

    /// <summary>Says that the dataset no longer serves these experiments; those that it does not serve change nothing.</summary>
    public Task<EvaluationDataset> RemoveExperimentsAsync(
        Caller caller,
        string id,
        IReadOnlyList<long> experimentIds,
        CancellationToken cancellation = default
    ) =>
        ChangeAsync(
            caller,
            Level.Manage,
            id,
            (tx, dataset) =>
            {
                var removed = dataset.ExperimentIds.Intersect(experimentIds).ToList();
                if (removed.Count == 0)
                    return dataset;
                foreach (var experimentId in removed)
                {
                    caller.Require(Level.Edit, ResourceOf(experimentId));
                    EvaluationDatasetStore.RemoveExperiment(tx, dataset.Number, experimentId);
                }
                events.Append(tx, EvaluationEvents.Unlinked(caller, dataset, removed));
                return dataset with { UpdatedMs = Now(), ExperimentIds = [.. dataset.ExperimentIds.Except(removed)] };
            },
            cancellation
        );

    private Task<EvaluationDataset> ChangeAsync(
        Caller caller,
        Level level,
        string id,
        Func<Tx, EvaluationDataset, EvaluationDataset> change,
        CancellationToken cancellation
    ) =>
        db.WriteAsync(
            tx =>
            {
                var dataset = Allow(caller, level, EvaluationDatasetStore.FindForUpdate(tx, caller.Workspace, id), id);
                var changed = change(tx, dataset);
                EvaluationDatasetStore.Update(tx, changed);
                return changed;
            },
            cancellation
        );

    /// <summary>Refuses unless all of them exist and the caller may change them.</summary>
    private async Task RequireExperimentsAsync(Caller caller, IReadOnlyList<long> ids, CancellationToken cancellation)
    {
        foreach (var id in ids)
        {
            var experiment = await experiments.GetAsync(caller, id, cancellation);
            caller.Require(Level.Edit, ResourceOf(experiment.Id));
        }
    }

    /// <summary>A new dataset may name experiments that are not there yet, or no more; it serves them once they are.</summary>
    private static void RequireWhereKnown(Tx tx, Caller caller, IReadOnlyList<long> ids)
    {
        foreach (var id in ids)
        {
            if (Experiments.Exists(tx, caller, id))
                caller.Require(Level.Edit, ResourceOf(id));
            else
                caller.RequireToCreate();
        }
    }

    private static void RequireOnce(IReadOnlyList<long> ids)
    {
        if (ids.Distinct().Count() < ids.Count)
            throw Fault.Conflict("evaluation.experiment_twice", "An experiment is named twice.");
    }

    private static EvaluationDataset Allow(Caller caller, Level level, EvaluationDataset? dataset, string id)
    {
        if (dataset is null)
            throw Fault.NotFound("evaluation.dataset_not_found", $"Evaluation dataset with id '{id}' not found");
        if (!Can(caller, level, dataset))
            caller.Require(level, OwnersOf(dataset).First());
        return dataset;
    }

    private static bool Can(Caller caller, Level level, EvaluationDataset dataset) =>
        OwnersOf(dataset).Any(owner => caller.Can(level, owner));

    private static IEnumerable<Resource> OwnersOf(EvaluationDataset dataset) =>
        dataset.ExperimentIds.Count == 0
            ? [Resource.Workspace(dataset.Workspace)]
            : dataset.ExperimentIds.Select(ResourceOf);

    private static Resource ResourceOf(long experimentId) =>
        Resource.Experiment(experimentId.ToString(System.Globalization.CultureInfo.InvariantCulture));

    private static void CheckName(string name)
    {
        if (name.Length is 0 or > NameLength)
            throw Fault.Invalid(
                "evaluation.dataset_name",
                $"The name of an evaluation dataset has up to {NameLength} characters.",
                "name"
            );
    }

    private static void CheckTags(IReadOnlyDictionary<string, string> tags)
    {
        foreach (var (key, value) in tags)
        {
            if (key.Length is 0 or > TagKeyLength || value.Length > TagValueLength)
                throw Fault.Invalid(
                    "evaluation.tag",
                    $"A tag has a key of between 1 and {TagKeyLength} characters and a value of at most {TagValueLength}.",
                    "tags"
                );
        }
    }

    private long Now() => clock.GetUtcNow().ToUnixTimeMilliseconds();
}
