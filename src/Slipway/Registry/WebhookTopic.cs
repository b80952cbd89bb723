using Slipway.Sdk;

namespace Slipway.Registry;

/// <summary>What a webhook wants to hear of: something that happens (CREATED) to a kind of thing (MODEL_VERSION).</summary>
public sealed record WebhookTopic(string Entity, string Action)
{
    /// <summary>Every topic there is; an alias that moves is CREATED anew where it points.</summary>
    public static readonly IReadOnlyList<WebhookTopic> All =
    [
        new("REGISTERED_MODEL", "CREATED"),
        new("MODEL_VERSION", "CREATED"),
        new("MODEL_VERSION_TAG", "SET"),
        new("MODEL_VERSION_TAG", "DELETED"),
        new("MODEL_VERSION_ALIAS", "CREATED"),
        new("MODEL_VERSION_ALIAS", "DELETED"),
        new("PROMPT", "CREATED"),
        new("PROMPT_VERSION", "CREATED"),
        new("PROMPT_TAG", "SET"),
        new("PROMPT_TAG", "DELETED"),
        new("PROMPT_VERSION_TAG", "SET"),
        new("PROMPT_VERSION_TAG", "DELETED"),
        new("PROMPT_ALIAS", "CREATED"),
        new("PROMPT_ALIAS", "DELETED"),
        // Known to clients; budgets belong to a gateway, which there is not.
        new("BUDGET_POLICY", "EXCEEDED"),
    ];

    public override string ToString() => $"{Entity}.{Action}";

    public static WebhookTopic Of(string entity, string action)
    {
        var topic = new WebhookTopic(entity.ToUpperInvariant(), action.ToUpperInvariant());
        if (All.Contains(topic))
            return topic;
        var actions = All.Where(one => one.Entity == topic.Entity).Select(one => one.Action).ToList();
        throw Fault.Invalid(
            "webhook.topic",
            actions.Count == 0
                ? $"There is no webhook entity '{entity}'. There are: {string.Join(", ", All.Select(one => one.Entity).Distinct())}."
                : $"Invalid action '{action}' for entity '{entity}'. Valid actions are: {string.Join(", ", actions)}.",
            "events"
        );
    }

    /// <summary>Reads <c>MODEL_VERSION.CREATED</c>.</summary>
    public static WebhookTopic Parse(string? text)
    {
        if (text is null)
            throw Fault.Invalid("webhook.topic", "An event is a text such as MODEL_VERSION.CREATED.", "events");
        var dot = text.IndexOf('.', StringComparison.Ordinal);
        return dot < 0 ? Of(text, "") : Of(text[..dot], text[(dot + 1)..]);
    }
}
