using Slipway.Foundation.Basics;
using Slipway.Foundation.Events;
using Slipway.Foundation.Sql;
using Slipway.Identity;
using Slipway.Identity.Actions;
using Slipway.Registry.Storage;
using Slipway.Sdk;

namespace Slipway.Registry.Actions;

/// <summary>The verbs of registered models, prompts among them. Who may do what with a model may do it with its versions.</summary>
public sealed class RegisteredModels
{
    public const int SearchLimit = 1000;

    private readonly Db db;
    private readonly Grants grants;
    private readonly RowNumbers numbers;
    private readonly EventLog events;
    private readonly TimeProvider clock;

    internal RegisteredModels(Db db, Grants grants, RowNumbers numbers, EventLog events, TimeProvider clock)
    {
        this.db = db;
        this.grants = grants;
        this.numbers = numbers;
        this.events = events;
        this.clock = clock;
    }

    public Task<RegisteredModel> CreateAsync(
        Caller caller,
        NewRegisteredModel request,
        CancellationToken cancellation = default
    )
    {
        caller.RequireToCreate();
        RegistryRules.ModelName(request.Name);
        RegistryRules.Description(request.Description);
        var tags = RegistryRules.Tags(request.Tags);
        return db.WriteAsync(
            tx =>
            {
                var now = Now();
                var model = new RegisteredModel
                {
                    Number = numbers.Next(),
                    Workspace = caller.Workspace,
                    Name = request.Name,
                    Description = request.Description,
                    CreatedMs = now,
                    UpdatedMs = now,
                    Tags = tags,
                };
                if (ModelStore.Find(tx, caller.Workspace, request.Name) is { } other)
                    throw Taken(other, model);
                ModelStore.Insert(tx, model);
                events.Append(tx, RegistryEvents.Created(caller, model));
                grants.GiveToCreator(tx, caller, Resource.RegisteredModel(model.Name));
                return model;
            },
            cancellation
        );
    }

    /// <summary>The model with its aliases and the newest version of each stage.</summary>
    public Task<RegisteredModel> GetAsync(Caller caller, string name, CancellationToken cancellation = default)
    {
        RegistryRules.ModelName(name);
        return db.ReadAsync(tx => Whole(tx, Find(tx, caller, name, Level.Read)), cancellation);
    }

    public Task<RegisteredModel> DescribeAsync(
        Caller caller,
        string name,
        string? description,
        CancellationToken cancellation = default
    )
    {
        RegistryRules.ModelName(name);
        RegistryRules.Description(description);
        return ChangeAsync(
            caller,
            name,
            model => model with { Description = description, UpdatedMs = Now() },
            model => RegistryEvents.Updated(caller, model),
            cancellation
        );
    }

    /// <summary>Gives the model another name; its versions, aliases and grants go with it.</summary>
    public Task<RegisteredModel> RenameAsync(
        Caller caller,
        string name,
        string newName,
        CancellationToken cancellation = default
    )
    {
        RegistryRules.ModelName(newName, "new_name");
        RegistryRules.ModelName(name);
        return db.WriteAsync(
            tx =>
            {
                var model = FindForUpdate(tx, caller, name, Level.Edit);
                var now = Now();
                var renamed = model with { Name = newName, UpdatedMs = now };
                if (newName != name)
                {
                    if (ModelStore.Find(tx, caller.Workspace, newName) is { } other)
                        throw Taken(other, renamed);
                    grants.Rename(
                        tx,
                        caller.Workspace,
                        Resource.RegisteredModel(name),
                        Resource.RegisteredModel(newName)
                    );
                    events.Append(tx, RegistryEvents.Renamed(caller, renamed, name));
                }
                ModelStore.Update(tx, renamed);
                VersionStore.UpdateTimeOfAll(tx, model.Number, now);
                return Whole(tx, renamed);
            },
            cancellation
        );
    }

    /// <summary>Removes the model with all of its versions for good.</summary>
    public Task DeleteAsync(Caller caller, string name, CancellationToken cancellation = default)
    {
        RegistryRules.ModelName(name);
        return db.ReclaimAsync(
            tx =>
            {
                var model = FindForUpdate(tx, caller, name, Level.Manage);
                ModelStore.Delete(tx, model.Number);
                grants.Forget(tx, caller.Workspace, Resource.RegisteredModel(name));
                events.Append(tx, RegistryEvents.Deleted(caller, model));
            },
            cancellation
        );
    }

    public Task SetTagAsync(
        Caller caller,
        string name,
        string key,
        string value,
        CancellationToken cancellation = default
    )
    {
        RegistryRules.ModelName(name);
        RegistryRules.Tag(key, value);
        return ChangeAsync(
            caller,
            name,
            model => model with { Tags = new Dictionary<string, string>(model.Tags) { [key] = value } },
            model => RegistryEvents.TagSet(caller, model, key, value),
            cancellation
        );
    }

    /// <summary>Deletes a tag; one that is not there stays so.</summary>
    public Task DeleteTagAsync(Caller caller, string name, string key, CancellationToken cancellation = default)
    {
        RegistryRules.ModelName(name);
        RegistryRules.DeletedTag(key);
        return ChangeAsync(
            caller,
            name,
            model => model with { Tags = Without(model.Tags, key) },
            model => RegistryEvents.TagDeleted(caller, model, key),
            cancellation
        );
    }

    /// <summary>Searches the models of the workspace that the caller may see.</summary>
    public Task<ModelPage> SearchAsync(Caller caller, ModelQuery query, CancellationToken cancellation = default)
    {
        if (query.Limit is < 0 or > SearchLimit)
            throw Fault.Invalid(
                "registry.search_limit",
                $"A search returns at most {SearchLimit} models at a time.",
                "max_results"
            );
        return db.ReadAsync(
            tx =>
            {
                var page = new ModelSearch(tx, caller.Workspace, VisibleTo(caller), cancellation).Find(query);
                return page with { Models = Whole(tx, page.Models) };
            },
            cancellation
        );
    }

    /// <summary>The model as its row has it, or a refusal that says no more than the caller may know.</summary>
    internal static RegisteredModel Find(Tx tx, Caller caller, string name, Level level) =>
        Allow(caller, level, ModelStore.Find(tx, caller.Workspace, name), name);

    /// <summary>The same, locked until the transaction ends.</summary>
    internal static RegisteredModel FindForUpdate(Tx tx, Caller caller, string name, Level level) =>
        Allow(caller, level, ModelStore.FindForUpdate(tx, caller.Workspace, name), name);

    /// <summary>Which models the caller sees, by name; null for all. Who manages the workspace cannot be kept from any.</summary>
    internal static Predicate<string>? VisibleTo(Caller caller) =>
        caller.Can(Level.Manage, Resource.Workspace(caller.Workspace))
            ? null
            : name => caller.Can(Level.Read, Resource.RegisteredModel(name));

    internal static Dictionary<string, string> Without(IReadOnlyDictionary<string, string> tags, string key)
    {
        var left = new Dictionary<string, string>(tags);
        left.Remove(key);
        return left;
    }

    private static RegisteredModel Allow(Caller caller, Level level, RegisteredModel? model, string name)
    {
        if (model is null)
            throw Fault.NotFound("registry.model_not_found", $"Registered Model with name={name} not found");
        caller.Require(level, Resource.RegisteredModel(name));
        return model;
    }

    private Task<RegisteredModel> ChangeAsync(
        Caller caller,
        string name,
        Func<RegisteredModel, RegisteredModel> change,
        Func<RegisteredModel, Event> news,
        CancellationToken cancellation
    ) =>
        db.WriteAsync(
            tx =>
            {
                var changed = change(FindForUpdate(tx, caller, name, Level.Edit));
                ModelStore.Update(tx, changed);
                events.Append(tx, news(changed));
                return Whole(tx, changed);
            },
            cancellation
        );

    private static RegisteredModel Whole(Tx tx, RegisteredModel model) => Whole(tx, [model])[0];

    private static IReadOnlyList<RegisteredModel> Whole(Tx tx, IReadOnlyList<RegisteredModel> models)
    {
        if (models.Count == 0)
            return [];
        var ids = models.Select(model => model.Number).ToList();
        var aliases = AliasStore.OfModels(tx, ids);
        var newest = VersionStore.NewestOfStages(tx, ids);
        return
        [
            .. models.Select(model =>
                model with
                {
                    Aliases = new OrderedDictionary<string, int>(aliases[model.Number]),
                    LatestVersions = [.. newest[model.Number]],
                }
            ),
        ];
    }

    private static Fault Taken(RegisteredModel known, RegisteredModel made)
    {
        var (old, wanted) = (Word(known), Word(made));
        return Fault.Conflict(
            "registry.model_exists",
            old == wanted
                ? $"{wanted} (name={known.Name}) already exists."
                : $"Tried to create a {wanted.ToLowerInvariant()} with name '{known.Name}', but the name is already taken by a {old.ToLowerInvariant()}."
        );
    }

    private static string Word(RegisteredModel model) => model.IsPrompt ? "Prompt" : "Registered Model";

    private long Now() => clock.GetUtcNow().ToUnixTimeMilliseconds();
}
