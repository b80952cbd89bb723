using Slipway.Foundation.Events;
using Slipway.Foundation.Jobs;
using Slipway.Foundation.Sql;
using Slipway.Identity;
using Slipway.Registry.Storage;
using Slipway.Sdk;

namespace Slipway.Registry.Actions;

/// <summary>The verbs of versions: find, describe, tag, delete. Making one has its own file, and so have stages.</summary>
public sealed partial class ModelVersions
{
    public const int SearchLimit = 200_000;

    private readonly Db db;
    private readonly PromotionGates gates;
    private readonly Aliases aliases;
    private readonly VersionSurvey survey;
    private readonly JobBoard board;
    private readonly EventLog events;
    private readonly TimeProvider clock;

    internal ModelVersions(
        Db db,
        PromotionGates gates,
        Aliases aliases,
        VersionSurvey survey,
        JobBoard board,
        EventLog events,
        TimeProvider clock
    )
    {
        this.db = db;
        this.gates = gates;
        this.aliases = aliases;
        this.survey = survey;
        this.board = board;
        this.events = events;
        this.clock = clock;
    }

    public Task<ModelVersion> GetAsync(
        Caller caller,
        string modelName,
        int number,
        CancellationToken cancellation = default
    )
    {
        RegistryRules.ModelName(modelName);
        return db.ReadAsync(tx => Whole(tx, Find(tx, caller, modelName, number, Level.Read)), cancellation);
    }

    /// <summary>The version that an alias means.</summary>
    public Task<ModelVersion> GetByAliasAsync(
        Caller caller,
        string modelName,
        string alias,
        CancellationToken cancellation = default
    )
    {
        RegistryRules.ModelName(modelName);
        RegistryRules.Alias(alias);
        return db.ReadAsync(
            tx =>
            {
                if (VersionStore.FindByAlias(tx, caller.Workspace, modelName, alias) is not { } version)
                {
                    RegisteredModels.Find(tx, caller, modelName, Level.Read);
                    throw NoAlias(alias);
                }
                caller.Require(Level.Read, Resource.RegisteredModel(modelName));
                return Whole(tx, version);
            },
            cancellation
        );
    }

    /// <summary>The newest version of each stage, or of these stages, the stage that was reached first in front.</summary>
    public Task<IReadOnlyList<ModelVersion>> LatestAsync(
        Caller caller,
        string modelName,
        IReadOnlyCollection<Stage> stages,
        CancellationToken cancellation = default
    )
    {
        RegistryRules.ModelName(modelName);
        return db.ReadAsync<IReadOnlyList<ModelVersion>>(
            tx =>
            {
                var model = RegisteredModels.Find(tx, caller, modelName, Level.Read);
                return
                [
                    .. VersionStore
                        .NewestOfStages(tx, [model.Number])[model.Number]
                        .Where(version => stages.Count == 0 || stages.Contains(version.Stage))
                        .Select(version => Whole(tx, version)),
                ];
            },
            cancellation
        );
    }

    /// <summary>Searches the versions of the workspace that the caller may see.</summary>
    public Task<VersionPage> SearchAsync(Caller caller, VersionQuery query, CancellationToken cancellation = default)
    {
        if (query.Limit is < 1 or > SearchLimit)
            throw Fault.Invalid(
                "registry.search_limit",
                $"A search returns between 1 and {SearchLimit} versions at a time.",
                "max_results"
            );
        return db.ReadAsync(
            tx =>
            {
                if (query.ModelName is not null)
                    RegisteredModels.Find(tx, caller, query.ModelName, Level.Read);
                var search = new VersionSearch(tx, caller.Workspace, RegisteredModels.VisibleTo(caller), cancellation);
                return search.Find(query);
            },
            cancellation
        );
    }

    public Task<ModelVersion> DescribeAsync(
        Caller caller,
        string modelName,
        int number,
        string? description,
        CancellationToken cancellation = default
    )
    {
        RegistryRules.Description(description);
        return ChangeAsync(
            caller,
            modelName,
            number,
            Level.Edit,
            version => version with { Description = description, UpdatedMs = Now() },
            RegistryEvents.Updated,
            cancellation
        );
    }

    public Task SetTagAsync(
        Caller caller,
        string modelName,
        int number,
        string key,
        string value,
        CancellationToken cancellation = default
    )
    {
        RegistryRules.Tag(key, value);
        return ChangeAsync(
            caller,
            modelName,
            number,
            Level.Edit,
            version => version with { Tags = new Dictionary<string, string>(version.Tags) { [key] = value } },
            (by, model, version) => RegistryEvents.TagSet(by, model, version, key, value),
            cancellation
        );
    }

    /// <summary>Deletes a tag; one that is not there stays so.</summary>
    public Task DeleteTagAsync(
        Caller caller,
        string modelName,
        int number,
        string key,
        CancellationToken cancellation = default
    )
    {
        RegistryRules.DeletedTag(key);
        return ChangeAsync(
            caller,
            modelName,
            number,
            Level.Manage,
            version => version with { Tags = RegisteredModels.Without(version.Tags, key) },
            (by, model, version) => RegistryEvents.TagDeleted(by, model, version, key),
            cancellation
        );
    }

    /// <summary>Deletes the version and the aliases that mean it. Its number is never given out again.</summary>
    public Task DeleteAsync(Caller caller, string modelName, int number, CancellationToken cancellation = default)
    {
        RegistryRules.ModelName(modelName);
        return db.ReclaimAsync(
            tx =>
            {
                var version = FindForUpdate(tx, caller, modelName, number, Level.Manage, out var model);
                foreach (var alias in AliasStore.Of(tx, version))
                    aliases.Drop(tx, caller, model, alias);
                var now = Now();
                VersionStore.Delete(tx, version, now);
                ModelStore.Update(tx, model with { UpdatedMs = now });
                events.Append(tx, RegistryEvents.Deleted(caller, model, version));
            },
            cancellation
        );
    }

    /// <summary>
    /// The version and its model, locked until the transaction ends: for verbs of upper slices that check and move in
    /// one transaction.
    /// </summary>
    public static ModelVersion FindForUpdate(
        Tx tx,
        Caller caller,
        string modelName,
        int number,
        Level level,
        out RegisteredModel model
    )
    {
        model = ModelStore.FindForUpdate(tx, caller.Workspace, modelName) ?? throw NotFound(modelName, number);
        return Find(tx, caller, modelName, number, level);
    }

    internal static ModelVersion Find(Tx tx, Caller caller, string modelName, int number, Level level)
    {
        var version = VersionStore.Find(tx, caller.Workspace, modelName, number) ?? throw NotFound(modelName, number);
        caller.Require(level, Resource.RegisteredModel(modelName));
        return version;
    }

    private Task<ModelVersion> ChangeAsync(
        Caller caller,
        string modelName,
        int number,
        Level level,
        Func<ModelVersion, ModelVersion> change,
        Func<Caller, RegisteredModel, ModelVersion, Event> news,
        CancellationToken cancellation
    )
    {
        RegistryRules.ModelName(modelName);
        return db.WriteAsync(
            tx =>
            {
                var changed = change(FindForUpdate(tx, caller, modelName, number, level, out var model));
                VersionStore.Update(tx, changed);
                events.Append(tx, news(caller, model, changed));
                return Whole(tx, changed);
            },
            cancellation
        );
    }

    private static ModelVersion Whole(Tx tx, ModelVersion version) =>
        version with
        {
            Aliases = AliasStore.Of(tx, version),
        };

    private static Fault NotFound(string modelName, int number) =>
        Fault.NotFound("registry.version_not_found", $"Model Version (name={modelName}, version={number}) not found");

    private static Fault NoAlias(string alias) =>
        Fault.NotFound("registry.alias_not_found", $"Registered model alias {alias} not found.");

    private long Now() => clock.GetUtcNow().ToUnixTimeMilliseconds();
}
