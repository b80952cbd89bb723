using Slipway.Foundation.Events;
using Slipway.Foundation.Sql;
using Slipway.Identity;
using Slipway.Registry.Storage;
using Slipway.Sdk;

namespace Slipway.Registry.Actions;

/// <summary>
/// The verbs of aliases: words such as "champion" that mean one version of a model and are moved to another. Moves of one
/// model follow one upon the other, and each is asked of the gates with the model as the move before left it.
/// </summary>
public sealed class Aliases
{
    private const int HistoryLimit = 1000;

    private readonly Db db;
    private readonly PromotionGates gates;
    private readonly EventLog events;
    private readonly TimeProvider clock;

    internal Aliases(Db db, PromotionGates gates, EventLog events, TimeProvider clock)
    {
        this.db = db;
        this.gates = gates;
        this.events = events;
        this.clock = clock;
    }

    /// <summary>
    /// Makes the alias mean the version. With an expectation it is refused where the alias means another version by now
    /// than the caller saw.
    /// </summary>
    public async Task SetAsync(
        Caller caller,
        string modelName,
        string alias,
        int version,
        ExpectedVersion? expected = null,
        CancellationToken cancellation = default
    )
    {
        RegistryRules.ModelName(modelName);
        RegistryRules.NewAlias(alias);
        await gates.PrepareAsync(db, caller, modelName, version, cancellation);
        await db.WriteAsync(
            tx =>
            {
                var target = ModelVersions.FindForUpdate(tx, caller, modelName, version, Level.Edit, out var model);
                Move(tx, caller, model, alias, target, expected);
            },
            cancellation
        );
    }

    /// <summary>Deletes the alias; one that is not there stays so.</summary>
    public Task DeleteAsync(Caller caller, string modelName, string alias, CancellationToken cancellation = default)
    {
        RegistryRules.ModelName(modelName);
        RegistryRules.Alias(alias);
        return db.WriteAsync(
            tx =>
            {
                var model = RegisteredModels.FindForUpdate(tx, caller, modelName, Level.Manage);
                Drop(tx, caller, model, alias);
            },
            cancellation
        );
    }

    /// <summary>Makes the alias mean what it meant before its last move, and answers what that is. Again, it goes one move further back.</summary>
    public Task<int> RollBackAsync(
        Caller caller,
        string modelName,
        string alias,
        CancellationToken cancellation = default
    )
    {
        RegistryRules.ModelName(modelName);
        RegistryRules.Alias(alias);
        return db.WriteAsync(
            tx =>
            {
                var model = RegisteredModels.FindForUpdate(tx, caller, modelName, Level.Edit);
                var target =
                    Earlier(tx, model, alias)
                    ?? throw Fault.Conflict(
                        "registry.no_earlier_version",
                        $"The alias '{alias}' of '{modelName}' has meant no other version before that is still there."
                    );
                Move(tx, caller, model, alias, target, expected: null);
                return target.Number;
            },
            cancellation
        );
    }

    /// <summary>What became of an alias, or of all aliases and stages of the model, the last in front.</summary>
    public Task<IReadOnlyList<PastMove>> HistoryAsync(
        Caller caller,
        string modelName,
        string? alias = null,
        int limit = HistoryLimit,
        CancellationToken cancellation = default
    )
    {
        RegistryRules.ModelName(modelName);
        return db.ReadAsync<IReadOnlyList<PastMove>>(
            tx =>
            {
                var model = RegisteredModels.Find(tx, caller, modelName, Level.Read);
                return alias is null
                    ? AliasStore.Moves(tx, model.Number, Math.Clamp(limit, 1, HistoryLimit))
                    : AliasStore.MovesOf(tx, model.Number, alias, Math.Clamp(limit, 1, HistoryLimit));
            },
            cancellation
        );
    }

    /// <summary>
    /// Makes the alias mean the version, inside a transaction of the caller's that has locked the model, as
    /// <see cref="ModelVersions.FindForUpdate(Tx, Caller, string, int, Level, out RegisteredModel)"/> does.
    /// </summary>
    public void Move(
        Tx tx,
        Caller caller,
        RegisteredModel model,
        string alias,
        ModelVersion version,
        ExpectedVersion? expected = null
    )
    {
        var from = AliasStore.Find(tx, model.Number, alias);
        if (expected is { } wanted && wanted.Number != from)
            throw Fault.Conflict(
                "registry.alias_moved",
                from is null
                    ? $"The alias '{alias}' of '{model.Name}' means no version."
                    : $"The alias '{alias}' of '{model.Name}' means version {from} by now."
            );
        if (from == version.Number)
            return;
        gates.Require(tx, new Promotion(caller, model, version, new PromotionTarget.Alias(alias, from)));
        AliasStore.Set(tx, model.Number, alias, version.Number);
        Note(tx, caller, model, alias, from, version.Number);
    }

    /// <summary>The aliases that mean the version.</summary>
    public static IReadOnlyList<string> Of(Tx tx, ModelVersion version) => AliasStore.Of(tx, version);

    /// <summary>Deletes the alias, inside a transaction of the caller's that has locked the model.</summary>
    public void Drop(Tx tx, Caller caller, RegisteredModel model, string alias)
    {
        if (AliasStore.Find(tx, model.Number, alias) is not { } from)
            return;
        AliasStore.Delete(tx, model.Number, alias);
        Note(tx, caller, model, alias, from, null);
    }

    private void Note(Tx tx, Caller caller, RegisteredModel model, string alias, int? from, int? to)
    {
        AliasStore.Note(
            tx,
            model.Number,
            new PastMove
            {
                Alias = alias,
                FromVersion = from,
                ToVersion = to,
                Actor = caller.User,
                MovedMs = clock.GetUtcNow().ToUnixTimeMilliseconds(),
            }
        );
        events.Append(tx, RegistryEvents.Moved(caller, model, alias, from, to));
    }

    /// <summary>
    /// The version to go back to. The moves are read as steps: one that leads to where the step before began takes that
    /// step back, so that rolling back twice goes two steps and not to and fro.
    /// </summary>
    private static ModelVersion? Earlier(Tx tx, RegisteredModel model, string alias)
    {
        var steps = new Stack<int?>();
        foreach (var move in AliasStore.MovesOf(tx, model.Number, alias, HistoryLimit).AsEnumerable().Reverse())
        {
            if (move.ToVersion is { } to && steps.TryPeek(out var before) && before == to)
                steps.Pop();
            else
                steps.Push(move.FromVersion);
        }
        foreach (var step in steps)
        {
            if (step is { } number && VersionStore.Find(tx, model.Workspace, model.Name, number) is { } version)
                return version;
        }
        return null;
    }
}

/// <summary>What a caller takes the alias to mean; null for nothing.</summary>
public readonly record struct ExpectedVersion(int? Number);
