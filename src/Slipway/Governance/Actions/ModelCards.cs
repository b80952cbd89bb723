using System.Text.Json.Nodes;
using Slipway.Foundation.Events;
using Slipway.Foundation.Sql;
using Slipway.Governance.Storage;
using Slipway.Identity;
using Slipway.Registry;
using Slipway.Registry.Actions;
using Slipway.Sdk;
using Slipway.Tracking;
using Slipway.Tracking.Actions;

namespace Slipway.Governance.Actions;

/// <summary>
/// The verbs of model cards. A card is what the records say of a version, with what people wrote laid over it; each edit is
/// kept as a card of its own.
/// </summary>
public sealed class ModelCards
{
    private readonly Db db;
    private readonly ModelVersions versions;
    private readonly RegisteredModels models;
    private readonly Runs runs;
    private readonly EventLog events;
    private readonly TimeProvider clock;

    internal ModelCards(
        Db db,
        ModelVersions versions,
        RegisteredModels models,
        Runs runs,
        EventLog events,
        TimeProvider clock
    )
    {
        this.db = db;
        this.versions = versions;
        this.models = models;
        this.runs = runs;
        this.events = events;
        this.clock = clock;
    }

    /// <summary>The card as it is now, in the fields of SageMaker's model card schema.</summary>
    public async Task<JsonObject> GetAsync(
        Caller caller,
        string modelName,
        int number,
        CancellationToken cancellation = default
    )
    {
        var facts = await FactsAsync(caller, modelName, number, cancellation);
        var card = CardFields.Generate(facts);
        var written = await db.ReadAsync(tx => CardStore.All(tx, facts.Version.ModelNumber, number), cancellation);
        if (written.FirstOrDefault() is { } last)
            CardFields.LayOver(card, JsonNode.Parse(last.Document)!.AsObject());
        return card;
    }

    /// <summary>What people wrote, every edit, the last in front.</summary>
    public async Task<List<WrittenCard>> HistoryAsync(
        Caller caller,
        string modelName,
        int number,
        CancellationToken cancellation = default
    )
    {
        var version = await versions.GetAsync(caller, modelName, number, cancellation);
        return await db.ReadAsync(tx => CardStore.All(tx, version.ModelNumber, number), cancellation);
    }

    /// <summary>Writes a new card: the fields that it has replace what the records say.</summary>
    public Task<WrittenCard> WriteAsync(
        Caller caller,
        string modelName,
        int number,
        JsonObject fields,
        CancellationToken cancellation = default
    )
    {
        CardFields.Check(fields);
        return PutAsync(
            caller,
            modelName,
            number,
            last => new WrittenCard
            {
                Number = (last?.Number ?? 0) + 1,
                Status = CardStatus.Draft,
                Document = fields.ToJsonString(),
                Actor = caller.User,
                WrittenMs = clock.GetUtcNow().ToUnixTimeMilliseconds(),
            },
            cancellation
        );
    }

    /// <summary>Says how far the last card has come, which is no new card.</summary>
    public Task<WrittenCard> SetStatusAsync(
        Caller caller,
        string modelName,
        int number,
        CardStatus status,
        CancellationToken cancellation = default
    ) =>
        PutAsync(
            caller,
            modelName,
            number,
            last =>
                last is null
                    ? throw Fault.NotFound(
                        "card.none",
                        $"Nobody has written a card of version {number} of '{modelName}'."
                    )
                    : last with
                    {
                        Status = status,
                    },
            cancellation
        );

    /// <summary>All that the records know of a version.</summary>
    internal async Task<VersionFacts> FactsAsync(
        Caller caller,
        string modelName,
        int number,
        CancellationToken cancellation
    )
    {
        var version = await versions.GetAsync(caller, modelName, number, cancellation);
        var model = await models.GetAsync(caller, modelName, cancellation);
        var standing = await db.ReadAsync(tx => VersionScans.StandingOf(tx, caller.Workspace, version), cancellation);
        return new VersionFacts(model, version, standing, await RunOfAsync(caller, version, cancellation));
    }

    /// <summary>The run that made it, where there is one that the caller may read.</summary>
    private async Task<Run?> RunOfAsync(Caller caller, ModelVersion version, CancellationToken cancellation)
    {
        if (version.RunId.Length == 0)
            return null;
        try
        {
            return await runs.GetAsync(caller, version.RunId, cancellation);
        }
        catch (Fault fault) when (fault.Kind is FaultKind.NotFound or FaultKind.Denied or FaultKind.Invalid)
        {
            return null;
        }
    }

    private Task<WrittenCard> PutAsync(
        Caller caller,
        string modelName,
        int number,
        Func<WrittenCard?, WrittenCard> next,
        CancellationToken cancellation
    ) =>
        db.WriteAsync(
            tx =>
            {
                var version = ModelVersions.FindForUpdate(tx, caller, modelName, number, Level.Edit, out _);
                var card = next(CardStore.All(tx, version.ModelNumber, number).FirstOrDefault());
                CardStore.Put(tx, version.ModelNumber, number, card);
                events.Append(
                    tx,
                    GovernanceEvents.OfVersion(
                        caller,
                        GovernanceEvents.CardWritten,
                        modelName,
                        number,
                        ("card", card.Number.ToString(System.Globalization.CultureInfo.InvariantCulture)),
                        ("status", card.Status.ToString())
                    )
                );
                return card;
            },
            cancellation
        );
}

/// <summary>All that the records know of a version.</summary>
internal sealed record VersionFacts(RegisteredModel Model, ModelVersion Version, VersionStanding Standing, Run? Run);
