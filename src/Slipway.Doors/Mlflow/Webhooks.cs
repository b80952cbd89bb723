using System.Text.Json;
using Slipway.Doors.Mlflow.Wire;
using Slipway.Registry;
using Verbs = Slipway.Registry.Actions.Webhooks;

namespace Slipway.Doors.Mlflow;

/// <summary>The calls on webhooks.</summary>
internal sealed class Webhooks(Verbs webhooks)
{
    private const int DefaultLimit = 100;

    // In the order of their numbers, by which a client may send them instead.
    private static readonly string[] Entities =
    [
        "ENTITY_UNSPECIFIED",
        "REGISTERED_MODEL",
        "MODEL_VERSION",
        "MODEL_VERSION_TAG",
        "MODEL_VERSION_ALIAS",
        "PROMPT",
        "PROMPT_VERSION",
        "PROMPT_TAG",
        "PROMPT_VERSION_TAG",
        "PROMPT_ALIAS",
        "BUDGET_POLICY",
    ];

    private static readonly string[] Actions =
    [
        "ACTION_UNSPECIFIED",
        "CREATED",
        "UPDATED",
        "DELETED",
        "SET",
        "EXCEEDED",
    ];

    private static readonly string[] Statuses = ["STATUS_UNSPECIFIED", "ACTIVE", "DISABLED"];

    public async Task<Answer> Create(Call call)
    {
        var fields = call.Fields;
        var request = new NewWebhook(
            fields.Required("name"),
            fields.Required("url"),
            [.. fields.RequiredObjects("events").Select(ReadTopic)]
        )
        {
            Description = Given(fields, "description"),
            Secret = Given(fields, "secret"),
            IsActive = ReadActive(fields) ?? true,
        };
        return One(await webhooks.CreateAsync(call.Caller, request, call.Cancellation));
    }

    public async Task<Answer> List(Call call)
    {
        var offset = OffsetToken.Read(call.Fields);
        var limit = (int)Math.Clamp(call.Fields.Whole("max_results") ?? DefaultLimit, int.MinValue, int.MaxValue - 1);
        var page = await webhooks.ListAsync(call.Caller, offset, limit, call.Cancellation);
        return writer =>
        {
            Shapes.List(writer, "webhooks"u8, page.Webhooks, Write);
            if (page.HasMore)
                writer.WriteString("next_page_token"u8, OffsetToken.Write(offset + limit));
        };
    }

    public async Task<Answer> Get(Call call) => One(await webhooks.GetAsync(call.Caller, Id(call), call.Cancellation));

    public async Task<Answer> Update(Call call)
    {
        var fields = call.Fields;
        var topics = fields.Objects("events");
        var change = new WebhookChange
        {
            Name = Given(fields, "name"),
            Description = Given(fields, "description"),
            Url = Given(fields, "url"),
            Topics = topics.Count == 0 ? null : [.. topics.Select(ReadTopic)],
            Secret = Given(fields, "secret"),
            IsActive = ReadActive(fields),
        };
        return One(await webhooks.UpdateAsync(call.Caller, Id(call), change, call.Cancellation));
    }

    public async Task<Answer> Delete(Call call)
    {
        await webhooks.DeleteAsync(call.Caller, Id(call), call.Cancellation);
        return Call.Empty;
    }

    public async Task<Answer> Try(Call call)
    {
        var topic = call.Fields.Object("event") is { } asked ? ReadTopic(asked) : null;
        var trial = await webhooks.TryAsync(call.Caller, Id(call), topic, call.Cancellation);
        return writer =>
        {
            writer.WriteStartObject("result"u8);
            writer.WriteBoolean("success"u8, trial.Succeeded);
            if (trial.Status is { } status)
                writer.WriteNumber("response_status"u8, status);
            if (trial.Body is { } body)
                writer.WriteString("response_body"u8, body);
            if (trial.Failure is { } failure)
                writer.WriteString("error_message"u8, failure);
            writer.WriteEndObject();
        };
    }

    private static string Id(Call call) => call.Route("webhook_id");

    private static WebhookTopic ReadTopic(WireObject fields) =>
        WebhookTopic.Of(
            ReadName(fields, "entity", Entities) ?? Entities[0],
            ReadName(fields, "action", Actions) ?? Actions[0]
        );

    private static bool? ReadActive(WireObject fields) =>
        ReadName(fields, "status", Statuses) is { } status && status != Statuses[0] ? status == Statuses[1] : null;

    /// <summary>A name out of a list, or its number there.</summary>
    private static string? ReadName(WireObject fields, string field, string[] names)
    {
        if (fields.Find(field) is not { } value)
            return null;
        if (value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number))
            return number >= 0 && number < names.Length
                ? names[number]
                : throw fields.Invalid(field, value.GetRawText());
        var name = fields.Text(field)!;
        return names.Contains(name) ? name : throw fields.Invalid(field, name);
    }

    /// <summary>An empty text says as little as none.</summary>
    private static string? Given(WireObject fields, string field) =>
        fields.Text(field) is { Length: > 0 } text ? text : null;

    private static Answer One(Webhook webhook) =>
        writer =>
        {
            writer.WriteStartObject("webhook"u8);
            Write(writer, webhook);
            writer.WriteEndObject();
        };

    private static void Write(Utf8JsonWriter writer, Webhook webhook)
    {
        writer.WriteString("webhook_id"u8, webhook.Id);
        writer.WriteString("name"u8, webhook.Name);
        if (webhook.Description is { } description)
            writer.WriteString("description"u8, description);
        writer.WriteString("url"u8, webhook.Url);
        writer.WriteStartArray("events"u8);
        foreach (var topic in webhook.Topics)
        {
            writer.WriteStartObject();
            writer.WriteString("entity"u8, topic.Entity);
            writer.WriteString("action"u8, topic.Action);
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
        writer.WriteString("status"u8, webhook.IsActive ? "ACTIVE" : "DISABLED");
        writer.WriteNumber("creation_timestamp"u8, webhook.CreatedMs);
        writer.WriteNumber("last_updated_timestamp"u8, webhook.UpdatedMs);
    }
}
