using Slipway.Foundation.Basics;
using Slipway.Foundation.Events;
using Slipway.Foundation.Jobs;
using Slipway.Foundation.Outbound;
using Slipway.Foundation.Sql;
using Slipway.Identity;
using Slipway.Registry.Storage;
using Slipway.Sdk;

namespace Slipway.Registry.Actions;

/// <summary>
/// The verbs of webhooks. They tell everything about a workspace's models to somebody outside, so they are for those who
/// manage the workspace.
/// </summary>
public sealed class Webhooks
{
    public const int PageLimit = 1000;

    private const int TrialBodyLength = 4096;

    private readonly Db db;
    private readonly OutboundClient outside;
    private readonly WebhookSender sender;
    private readonly SecretBox secrets;
    private readonly JobBoard jobs;
    private readonly RowNumbers numbers;
    private readonly EventLog events;
    private readonly TimeProvider clock;

    internal Webhooks(
        Db db,
        OutboundClient outside,
        WebhookSender sender,
        SecretBox secrets,
        JobBoard jobs,
        RowNumbers numbers,
        EventLog events,
        TimeProvider clock
    )
    {
        this.db = db;
        this.outside = outside;
        this.sender = sender;
        this.secrets = secrets;
        this.jobs = jobs;
        this.numbers = numbers;
        this.events = events;
        this.clock = clock;
    }

    public async Task<Webhook> CreateAsync(Caller caller, NewWebhook request, CancellationToken cancellation = default)
    {
        RequireManager(caller);
        var now = Now();
        var webhook = new Webhook
        {
            Id = Guid.NewGuid().ToString(),
            Workspace = caller.Workspace,
            Name = request.Name,
            Description = request.Description,
            Url = request.Url,
            Topics = InOrder(request.Topics),
            IsActive = request.IsActive,
            CreatedMs = now,
            UpdatedMs = now,
        };
        WebhookRules.Check(webhook, request.Secret);
        await outside.CheckAsync(webhook.Url, "url", cancellation);
        webhook = WithSecret(webhook, request.Secret);
        await db.WriteAsync(
            tx =>
            {
                WebhookStore.Insert(tx, webhook, numbers.Next());
                Tell(tx, caller, RegistryEvents.WebhookCreated, webhook);
            },
            cancellation
        );
        return webhook;
    }

    public async Task<Webhook> GetAsync(Caller caller, string id, CancellationToken cancellation = default)
    {
        RequireManager(caller);
        return await db.ReadAsync(tx => Own(caller, id, WebhookStore.Find(tx, id)), cancellation);
    }

    /// <summary>The last made in front.</summary>
    public async Task<WebhookPage> ListAsync(
        Caller caller,
        int offset,
        int limit,
        CancellationToken cancellation = default
    )
    {
        RequireManager(caller);
        if (limit is < 1 or > PageLimit)
            throw Fault.Invalid("webhook.limit", $"max_results must be between 1 and {PageLimit}.", "max_results");
        // One more than the page holds tells whether there is another page.
        var found = await db.ReadAsync(tx => WebhookStore.Page(tx, caller.Workspace, offset, limit + 1), cancellation);
        return new WebhookPage([.. found.Take(limit)], HasMore: found.Count > limit);
    }

    public async Task<Webhook> UpdateAsync(
        Caller caller,
        string id,
        WebhookChange change,
        CancellationToken cancellation = default
    )
    {
        var before = await GetAsync(caller, id, cancellation);
        var changed = Apply(before, change, Now());
        WebhookRules.Check(changed, change.Secret);
        if (change.Url is not null)
            await outside.CheckAsync(changed.Url, "url", cancellation);
        return await db.WriteAsync(
            tx =>
            {
                var webhook = WithSecret(
                    Apply(Own(caller, id, WebhookStore.FindForUpdate(tx, id)), change, Now()),
                    change.Secret
                );
                WebhookStore.Update(tx, webhook);
                Tell(tx, caller, RegistryEvents.WebhookUpdated, webhook);
                return webhook;
            },
            cancellation
        );
    }

    /// <summary>Removes the webhook, and what it has not been told yet.</summary>
    public async Task DeleteAsync(Caller caller, string id, CancellationToken cancellation = default)
    {
        RequireManager(caller);
        await db.ReclaimAsync(
            tx =>
            {
                var webhook = Own(caller, id, WebhookStore.FindForUpdate(tx, id));
                WebhookStore.Delete(tx, id);
                Tell(tx, caller, RegistryEvents.WebhookDeleted, webhook);
            },
            cancellation
        );
    }

    /// <summary>Sends an example once, and says what came back.</summary>
    public async Task<WebhookTrial> TryAsync(
        Caller caller,
        string id,
        WebhookTopic? topic = null,
        CancellationToken cancellation = default
    )
    {
        var webhook = await GetAsync(caller, id, cancellation);
        var message = WebhookMessage.Example(topic ?? webhook.Topics[0], Now(), webhook.Workspace);
        try
        {
            var answer = await sender.SendAsync(webhook, Guid.NewGuid().ToString(), 1, message.Body, cancellation);
            if (answer.Status is >= 300 and < 400)
                return new WebhookTrial(
                    answer.Status,
                    null,
                    "The receiver answered with a redirect; none is followed."
                );
            return new WebhookTrial(answer.Status, answer.Body[..Math.Min(answer.Body.Length, TrialBodyLength)], null);
        }
        catch (Fault fault) when (fault.Kind is not FaultKind.Internal)
        {
            return new WebhookTrial(null, null, $"Failed to test webhook: {fault.Message}");
        }
    }

    /// <summary>What the webhook was told and is to be told, the last in front.</summary>
    public async Task<IReadOnlyList<Delivery>> DeliveriesAsync(
        Caller caller,
        string id,
        long? before,
        int limit,
        CancellationToken cancellation = default
    )
    {
        RequireManager(caller);
        return await db.ReadAsync(
            tx =>
            {
                Own(caller, id, WebhookStore.Find(tx, id));
                return DeliveryStore.Page(tx, id, before ?? long.MaxValue, Math.Clamp(limit, 1, PageLimit));
            },
            cancellation
        );
    }

    /// <summary>Tries again what was given up, for as long as at first.</summary>
    public async Task RedeliverAsync(Caller caller, string id, long position, CancellationToken cancellation = default)
    {
        RequireManager(caller);
        await db.WriteAsync(
            tx =>
            {
                var webhook = Own(caller, id, WebhookStore.FindForUpdate(tx, id));
                var delivery =
                    DeliveryStore.Find(tx, id, position)
                    ?? throw Fault.NotFound("webhook.no_delivery", $"Webhook {id} has no delivery {position}.");
                if (delivery.State != DeliveryState.Dead)
                    throw Fault.Conflict("webhook.not_dead", $"Delivery {position} has not been given up.");
                var isFirst = DeliveryStore.Next(tx, id, delivery.Lane) is null;
                DeliveryStore.Update(
                    tx,
                    delivery with
                    {
                        State = DeliveryState.Waiting,
                        SettledMs = null,
                        SinceMs = Now(),
                    }
                );
                WebhookStore.Update(tx, webhook with { Failures = 0, RestsUntilMs = 0 });
                // While others of its lane are on their way it comes next, when the one under way is settled.
                if (isFirst)
                    DeliveryJobs.Add(tx, jobs, delivery);
                Tell(tx, caller, RegistryEvents.WebhookRedelivered, webhook);
            },
            cancellation
        );
    }

    private static Webhook Apply(Webhook webhook, WebhookChange change, long nowMs) =>
        webhook with
        {
            Name = change.Name ?? webhook.Name,
            Description = change.Description ?? webhook.Description,
            Url = change.Url ?? webhook.Url,
            Topics = change.Topics is { } topics ? InOrder(topics) : webhook.Topics,
            IsActive = change.IsActive ?? webhook.IsActive,
            UpdatedMs = nowMs,
        };

    private static IReadOnlyList<WebhookTopic> InOrder(IEnumerable<WebhookTopic> topics) =>
        [
            .. topics
                .Distinct()
                .OrderBy(topic => topic.Entity, StringComparer.Ordinal)
                .ThenBy(topic => topic.Action, StringComparer.Ordinal),
        ];

    private Webhook WithSecret(Webhook webhook, string? secret) =>
        secret is null ? webhook : webhook with { SealedSecret = secrets.Seal(secret) };

    private static Webhook Own(Caller caller, string id, Webhook? webhook) =>
        webhook is not null && webhook.Workspace == caller.Workspace
            ? webhook
            : throw Fault.NotFound("webhook.not_found", $"Webhook with ID {id} not found.");

    private static void RequireManager(Caller caller) =>
        caller.Require(Level.Manage, Resource.Workspace(caller.Workspace));

    private void Tell(Tx tx, Caller caller, string kind, Webhook webhook) =>
        events.Append(
            tx,
            new Event(kind, "webhook", webhook.Id)
            {
                Workspace = caller.Workspace,
                Actor = caller.User,
                Address = caller.Address,
                Payload = EventPayload.Of(("name", webhook.Name), ("url", webhook.Url)),
            }
        );

    private long Now() => clock.GetUtcNow().ToUnixTimeMilliseconds();
}
