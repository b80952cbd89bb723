using System.Globalization;
using System.Text.Json.Nodes;
using Slipway.Foundation.Events;
using Slipway.Identity;

namespace Slipway.Registry;

/// <summary>
/// What this slice states as facts. The payload carries what a listener outside needs without asking back, since the
/// model may have changed by the time it is heard: the name, the version, and whether it is a prompt, besides what changed.
/// </summary>
public static class RegistryEvents
{
    public const string ModelCreated = "registered_model.created";
    public const string ModelUpdated = "registered_model.updated";
    public const string ModelRenamed = "registered_model.renamed";
    public const string ModelDeleted = "registered_model.deleted";
    public const string ModelTagSet = "registered_model.tag_set";
    public const string ModelTagDeleted = "registered_model.tag_deleted";
    public const string VersionCreated = "model_version.created";
    public const string VersionNoted = "model_version.noted";
    public const string VersionUpdated = "model_version.updated";
    public const string VersionDeleted = "model_version.deleted";
    public const string VersionTagSet = "model_version.tag_set";
    public const string VersionTagDeleted = "model_version.tag_deleted";
    public const string StageChanged = "model_version.stage_changed";
    public const string AliasCreated = "model_alias.created";
    public const string AliasMoved = "model_alias.moved";
    public const string AliasDeleted = "model_alias.deleted";
    public const string WebhookCreated = "webhook.created";
    public const string WebhookUpdated = "webhook.updated";
    public const string WebhookDeleted = "webhook.deleted";
    public const string WebhookGaveUp = "webhook.gave_up";
    public const string WebhookRedelivered = "webhook.redelivered";

    internal static Event Created(Caller caller, RegisteredModel model) =>
        OfModel(
            caller,
            ModelCreated,
            model,
            new JsonObject { ["description"] = model.Description, ["tags"] = Node(model.Tags) }
        );

    internal static Event Updated(Caller caller, RegisteredModel model) =>
        OfModel(caller, ModelUpdated, model, new JsonObject { ["description"] = model.Description });

    internal static Event Renamed(Caller caller, RegisteredModel model, string oldName) =>
        OfModel(caller, ModelRenamed, model, new JsonObject { ["old_name"] = oldName });

    internal static Event Deleted(Caller caller, RegisteredModel model) => OfModel(caller, ModelDeleted, model, []);

    internal static Event TagSet(Caller caller, RegisteredModel model, string key, string value) =>
        OfModel(caller, ModelTagSet, model, new JsonObject { ["key"] = key, ["value"] = value });

    internal static Event TagDeleted(Caller caller, RegisteredModel model, string key) =>
        OfModel(caller, ModelTagDeleted, model, new JsonObject { ["key"] = key });

    internal static Event Created(Caller caller, RegisteredModel model, ModelVersion version) =>
        OfVersion(
            caller,
            VersionCreated,
            model,
            version.Number,
            new JsonObject
            {
                ["source"] = version.Source,
                ["run_id"] = version.RunId,
                ["description"] = version.Description,
                ["tags"] = Node(version.Tags),
            }
        );

    /// <summary>The digests of all files of the version are known from now on.</summary>
    internal static Event Noted(Caller caller, RegisteredModel model, ModelVersion version) =>
        OfVersion(caller, VersionNoted, model, version.Number, new JsonObject { ["digest"] = version.Digest });

    internal static Event Updated(Caller caller, RegisteredModel model, ModelVersion version) =>
        OfVersion(
            caller,
            VersionUpdated,
            model,
            version.Number,
            new JsonObject { ["description"] = version.Description }
        );

    internal static Event Deleted(Caller caller, RegisteredModel model, ModelVersion version) =>
        OfVersion(caller, VersionDeleted, model, version.Number, []);

    internal static Event TagSet(
        Caller caller,
        RegisteredModel model,
        ModelVersion version,
        string key,
        string value
    ) => OfVersion(caller, VersionTagSet, model, version.Number, new JsonObject { ["key"] = key, ["value"] = value });

    internal static Event TagDeleted(Caller caller, RegisteredModel model, ModelVersion version, string key) =>
        OfVersion(caller, VersionTagDeleted, model, version.Number, new JsonObject { ["key"] = key });

    internal static Event Moved(Caller caller, RegisteredModel model, ModelVersion version, Stage from) =>
        OfVersion(
            caller,
            StageChanged,
            model,
            version.Number,
            new JsonObject { ["from"] = from.ToString(), ["to"] = version.Stage.ToString() }
        );

    /// <summary>An alias that means another version from now on, or none.</summary>
    internal static Event Moved(Caller caller, RegisteredModel model, string alias, int? from, int? to)
    {
        var kind =
            to is null ? AliasDeleted
            : from is null ? AliasCreated
            : AliasMoved;
        var payload = new JsonObject { ["alias"] = alias, ["from"] = Text(from) };
        return OfVersion(caller, kind, model, to ?? from!.Value, payload);
    }

    private static Event OfVersion(Caller caller, string kind, RegisteredModel model, int version, JsonObject payload)
    {
        payload.Insert(0, "version", Text(version));
        return OfModel(caller, kind, model, payload) with
        {
            SubjectKind = "model_version",
            SubjectId = $"{model.Name}/{Text(version)}",
        };
    }

    private static Event OfModel(Caller caller, string kind, RegisteredModel model, JsonObject payload)
    {
        payload.Insert(0, "name", model.Name);
        payload["prompt"] = model.IsPrompt;
        return new Event(kind, "registered_model", model.Name)
        {
            Workspace = caller.Workspace,
            Actor = caller.User,
            Address = caller.Address,
            Payload = payload.ToJsonString(),
        };
    }

    private static JsonObject Node(IReadOnlyDictionary<string, string> tags) =>
        new(tags.Select(tag => KeyValuePair.Create(tag.Key, (JsonNode?)JsonValue.Create(tag.Value))));

    private static string? Text(int? number) => number?.ToString(CultureInfo.InvariantCulture);
}
