using Slipway.Foundation.Events;
using Slipway.Foundation.Jobs;
using Slipway.Foundation.Sql;
using Slipway.Registry.Actions;
using Slipway.Registry.Storage;
using Slipway.Sdk;

namespace Slipway.Registry.Jobs;

/// <summary>
/// Tells webhooks what happened. A listener of the record writes down what each is to be told; a job sends it until it is
/// taken, or given up after three days. What happens to one model is told in order. A receiver that fails is left alone
/// for longer and longer, whatever else waits for it, so that one dead receiver does not take up the hands of the server.
/// </summary>
internal sealed class WebhookDelivery(Db db, WebhookSender sender, JobBoard jobs, EventLog events, TimeProvider clock)
{
    public EventSubscription Subscription => new("registry.webhooks", Hear);

    public JobKind Kind => new(DeliveryJobs.Kind, SendAsync) { AtMost = 2 };

    private void Hear(Tx tx, SealedEvent happened)
    {
        if (WebhookMessage.Of(happened) is not { } message)
            return;
        foreach (var webhook in WebhookStore.Active(tx, happened.Event.Workspace))
        {
            if (!webhook.Topics.Contains(message.Topic) || WebhookStore.FindForUpdate(tx, webhook.Id) is null)
                continue;
            var isFirst = DeliveryStore.Next(tx, webhook.Id, message.Lane) is null;
            var delivery = new Delivery
            {
                Id = Guid.NewGuid().ToString(),
                WebhookId = webhook.Id,
                Position = happened.Position,
                Lane = message.Lane,
                Topic = message.Topic,
                Body = message.Body,
                CreatedMs = Now(),
                SinceMs = Now(),
            };
            DeliveryStore.Insert(tx, delivery);
            if (isFirst)
                DeliveryJobs.Add(tx, jobs, delivery);
        }
    }

    private async Task SendAsync(Job job, CancellationToken cancellation)
    {
        var (webhookId, position) = DeliveryJobs.Read(job);
        var (webhook, delivery) = await db.ReadAsync(
            tx => (WebhookStore.Find(tx, webhookId), DeliveryStore.Find(tx, webhookId, position)),
            cancellation
        );
        if (webhook is null || delivery is not { State: DeliveryState.Waiting })
            return;
        if (!webhook.IsActive)
            throw PutOff(WebhookRules.LongestRest, "The webhook is switched off.");
        if (webhook.RestsUntilMs - Now() is > 0 and var rest)
            throw PutOff(TimeSpan.FromMilliseconds(rest), "The receiver failed, and is left alone for now.");
        var (failure, asked) = await TrySendAsync(webhook, delivery, cancellation);
        var pause = await db.WriteAsync(tx => Settle(tx, job, delivery, failure, asked), cancellation);
        if (pause is { } wait)
            throw PutOff(wait, failure!);
    }

    private async Task<(string? Failure, TimeSpan? Asked)> TrySendAsync(
        Webhook webhook,
        Delivery delivery,
        CancellationToken cancellation
    )
    {
        try
        {
            var answer = await sender.SendAsync(
                webhook,
                delivery.Id,
                delivery.Attempts + 1,
                delivery.Body,
                cancellation
            );
            return answer.Status is >= 200 and < 300
                ? (null, null)
                : ($"The receiver answered {answer.Status}.", answer.RetryAfter);
        }
        catch (Fault fault)
        {
            return (fault.Message, null);
        }
    }

    /// <summary>Writes down what became of an attempt; the answer is how long to wait where there is to be another.</summary>
    private TimeSpan? Settle(Tx tx, Job job, Delivery delivery, string? failure, TimeSpan? asked)
    {
        if (
            WebhookStore.FindForUpdate(tx, delivery.WebhookId) is not { } webhook
            || DeliveryStore.Find(tx, delivery.WebhookId, delivery.Position) is not { State: DeliveryState.Waiting } now
        )
            return null;
        job.Guard(tx);
        var tried = now with { Attempts = now.Attempts + 1, Failure = failure };
        if (failure is null)
        {
            WebhookStore.Update(tx, webhook with { Failures = 0, RestsUntilMs = 0 });
            Finish(tx, tried with { State = DeliveryState.Delivered, SettledMs = Now() });
            return null;
        }
        var rest = WebhookRules.Rest(webhook.Failures + 1, asked);
        WebhookStore.Update(
            tx,
            webhook with
            {
                Failures = webhook.Failures + 1,
                RestsUntilMs = Now() + (long)rest.TotalMilliseconds,
            }
        );
        if (Now() - now.SinceMs < WebhookRules.TriedFor.TotalMilliseconds)
        {
            DeliveryStore.Update(tx, tried);
            return rest;
        }
        Finish(tx, tried with { State = DeliveryState.Dead, SettledMs = Now() });
        events.Append(
            tx,
            new Event(RegistryEvents.WebhookGaveUp, "webhook", webhook.Id)
            {
                Workspace = webhook.Workspace,
                Payload = EventPayload.Of(("name", webhook.Name), ("delivery", tried.Id), ("reason", failure)),
            }
        );
        return null;
    }

    private void Finish(Tx tx, Delivery delivery)
    {
        DeliveryStore.Update(tx, delivery);
        DeliveryStore.DeleteSettledBefore(tx, delivery.WebhookId, Now() - (long)WebhookRules.KeptFor.TotalMilliseconds);
        if (DeliveryStore.Next(tx, delivery.WebhookId, delivery.Lane) is { } next)
            DeliveryJobs.Add(tx, jobs, next);
    }

    private static Fault PutOff(TimeSpan pause, string why) =>
        new(FaultKind.Busy, "webhook.waits", why) { RetryAfter = pause };

    private long Now() => clock.GetUtcNow().ToUnixTimeMilliseconds();
}
