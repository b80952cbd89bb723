using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.Foundation.Events;
using Slipway.Identity;

namespace Slipway.Registry;

/// <summary>What a webhook is told of an event of the registry, in the form that receivers of MLflow's webhooks read.</summary>
internal sealed record WebhookMessage(WebhookTopic Topic, string Lane, string Body)
{
    private const string PromptMark = "mlflow.prompt.is_prompt";
    private const string PromptKind = "_mlflow_prompt_type";
    private const string PromptText = "mlflow.prompt.text";

    private static readonly JsonSerializerOptions Plain = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Null for events that no topic stands for.</summary>
    public static WebhookMessage? Of(SealedEvent happened)
    {
        if (Map(happened.Event.Kind) is not { } what)
            return null;
        var facts = JsonNode.Parse(happened.Event.Payload)!.AsObject();
        var isPrompt = (bool?)facts["prompt"] ?? false;
        var (entity, action) = isPrompt ? (what.OfPrompt, what.Action) : (what.OfModel, what.Action);
        if (entity is null)
            return null;
        var topic = new WebhookTopic(entity, action);
        return new WebhookMessage(
            topic,
            (string)facts["name"]!,
            Write(topic, happened.TimeMs, happened.Event.Workspace, Shape(topic, facts))
        );
    }

    /// <summary>A message about things that do not exist, to try a receiver.</summary>
    public static WebhookMessage Example(WebhookTopic topic, long nowMs, string workspace)
    {
        var facts = new JsonObject
        {
            ["name"] = topic.Entity.StartsWith("PROMPT", StringComparison.Ordinal) ? "example_prompt" : "example_model",
            ["version"] = "1",
            ["source"] = "models:/123",
            ["run_id"] = "abcd1234abcd5678",
            ["alias"] = "example_alias",
            ["key"] = "example_key",
            ["value"] = "example_value",
            ["description"] = "An example",
            ["tags"] = new JsonObject { ["example_key"] = "example_value" },
            ["template"] = "Hello {{name}}!",
        };
        return new WebhookMessage(topic, "example", Write(topic, nowMs, workspace, Shape(topic, facts)));
    }

    private static (string? OfModel, string? OfPrompt, string Action)? Map(string kind) =>
        kind switch
        {
            RegistryEvents.ModelCreated => ("REGISTERED_MODEL", "PROMPT", "CREATED"),
            RegistryEvents.ModelTagSet => (null, "PROMPT_TAG", "SET"),
            RegistryEvents.ModelTagDeleted => (null, "PROMPT_TAG", "DELETED"),
            RegistryEvents.VersionCreated => ("MODEL_VERSION", "PROMPT_VERSION", "CREATED"),
            RegistryEvents.VersionTagSet => ("MODEL_VERSION_TAG", "PROMPT_VERSION_TAG", "SET"),
            RegistryEvents.VersionTagDeleted => ("MODEL_VERSION_TAG", "PROMPT_VERSION_TAG", "DELETED"),
            RegistryEvents.AliasCreated or RegistryEvents.AliasMoved => (
                "MODEL_VERSION_ALIAS",
                "PROMPT_ALIAS",
                "CREATED"
            ),
            RegistryEvents.AliasDeleted => ("MODEL_VERSION_ALIAS", "PROMPT_ALIAS", "DELETED"),
            _ => null,
        };

    /// <summary>The fields that receivers expect for the topic, in their order.</summary>
    private static JsonObject Shape(WebhookTopic topic, JsonObject facts)
    {
        var tags = facts["tags"] as JsonObject ?? [];
        ReadOnlySpan<string> wanted = topic.ToString() switch
        {
            "REGISTERED_MODEL.CREATED" or "PROMPT.CREATED" => ["name", "tags", "description"],
            "MODEL_VERSION.CREATED" => ["name", "version", "source", "run_id", "tags", "description"],
            "PROMPT_VERSION.CREATED" => ["name", "version", "template", "tags", "description"],
            "MODEL_VERSION_TAG.SET" or "PROMPT_VERSION_TAG.SET" => ["name", "version", "key", "value"],
            "MODEL_VERSION_TAG.DELETED" or "PROMPT_VERSION_TAG.DELETED" => ["name", "version", "key"],
            "PROMPT_TAG.SET" => ["name", "key", "value"],
            "PROMPT_TAG.DELETED" => ["name", "key"],
            "MODEL_VERSION_ALIAS.CREATED" or "PROMPT_ALIAS.CREATED" => ["name", "alias", "version"],
            "MODEL_VERSION_ALIAS.DELETED" or "PROMPT_ALIAS.DELETED" => ["name", "alias"],
            _ => [],
        };
        if (tags[PromptText] is { } template)
            facts["template"] = template.DeepClone();
        if (topic.Entity.StartsWith("PROMPT", StringComparison.Ordinal))
        {
            foreach (var key in (ReadOnlySpan<string>)[PromptMark, PromptKind, PromptText])
                tags.Remove(key);
        }
        var data = new JsonObject();
        foreach (var field in wanted)
            data[field] =
                field is "run_id" or "description" && (string?)facts[field] is "" ? null : facts[field]?.DeepClone();
        return data;
    }

    private static string Write(WebhookTopic topic, long timeMs, string workspace, JsonObject data)
    {
        var message = new JsonObject
        {
            ["entity"] = topic.Entity.ToLowerInvariant(),
            ["action"] = topic.Action.ToLowerInvariant(),
            ["timestamp"] = DateTimeOffset
                .FromUnixTimeMilliseconds(timeMs)
                .ToString("yyyy-MM-dd'T'HH:mm:ss.ffffffzzz", CultureInfo.InvariantCulture),
            ["data"] = data,
        };
        if (workspace != Caller.DefaultWorkspace)
            message["workspace"] = workspace;
        return message.ToJsonString(Plain);
    }
}
