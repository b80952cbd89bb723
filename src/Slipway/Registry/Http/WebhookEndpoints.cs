using System.ComponentModel;
using System.Globalization;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Slipway.Foundation.Http;
using Slipway.Identity;
using Slipway.Registry.Actions;
using Slipway.Sdk;
using Slipway.Sdk.Registry;
using Wire = Slipway.Sdk.Registry;

namespace Slipway.Registry.Http;

/// <summary>The native API of webhooks.</summary>
internal sealed class WebhookEndpoints(Webhooks webhooks)
{
    private const int PageSize = 100;

    private static readonly ApiQuery<string?> Before = ApiQuery.Text(
        "before",
        "Only deliveries before this position of the record."
    );

    public static void Map(IEndpointRouteBuilder app)
    {
        var here = new WebhookEndpoints(app.ServiceProvider.GetRequiredService<Webhooks>());
        var api = new ApiRoutes(app, WebhookJson.Default);
        api.Map<IReadOnlyList<WebhookResource>>("GET", "/api/v1/webhooks", here.List);
        api.Map<WebhookCreate, WebhookResource>("POST", "/api/v1/webhooks", here.Create).Creates();
        api.Map<WebhookResource>("GET", "/api/v1/webhooks/{id}", here.Get);
        api.Map<Wire.WebhookChange, WebhookResource>("PATCH", "/api/v1/webhooks/{id}", here.Change);
        api.Map("DELETE", "/api/v1/webhooks/{id}", here.Delete);
        api.Map<Wire.WebhookTrial>("POST", "/api/v1/webhooks/{id}/test", here.Test);
        api.Map<IReadOnlyList<DeliveryResource>>("GET", "/api/v1/webhooks/{id}/deliveries", here.Deliveries)
            .Asks(Before);
        api.Map("POST", "/api/v1/webhooks/{id}/deliveries/{position}/redeliver", here.Redeliver);
    }

    [Description("The webhooks of the workspace, the last made in front.")]
    private async Task<IReadOnlyList<WebhookResource>> List(ApiCall call)
    {
        var page = await webhooks.ListAsync(Caller(call), offset: 0, Webhooks.PageLimit, call.Cancellation);
        return [.. page.Webhooks.Select(Shape)];
    }

    [Description("Makes a webhook: an address that is told what happens to models.")]
    private async Task<WebhookResource> Create(ApiCall call, WebhookCreate request) =>
        Shape(
            await webhooks.CreateAsync(
                Caller(call),
                new NewWebhook(request.Name, request.Url, [.. request.Events.Select(WebhookTopic.Parse)])
                {
                    Description = request.Description,
                    Secret = request.Secret,
                },
                call.Cancellation
            )
        );

    [Description("A webhook, without its secret.")]
    private async Task<WebhookResource> Get(ApiCall call) =>
        Shape(await webhooks.GetAsync(Caller(call), call.Route("id"), call.Cancellation));

    [Description("Changes a webhook; what is absent stays.")]
    private async Task<WebhookResource> Change(ApiCall call, Wire.WebhookChange change) =>
        Shape(
            await webhooks.UpdateAsync(
                Caller(call),
                call.Route("id"),
                new WebhookChange
                {
                    Name = change.Name,
                    Description = change.Description,
                    Url = change.Url,
                    Topics = change.Events is { } events ? [.. events.Select(WebhookTopic.Parse)] : null,
                    Secret = change.Secret,
                    IsActive = change.Active,
                },
                call.Cancellation
            )
        );

    [Description("Removes a webhook, and what it has not been told yet.")]
    private Task Delete(ApiCall call) => webhooks.DeleteAsync(Caller(call), call.Route("id"), call.Cancellation);

    [Description("Sends an example once, and says what came back.")]
    private async Task<Wire.WebhookTrial> Test(ApiCall call)
    {
        var trial = await webhooks.TryAsync(Caller(call), call.Route("id"), topic: null, call.Cancellation);
        return new Wire.WebhookTrial
        {
            Success = trial.Succeeded,
            Status = trial.Status,
            Body = trial.Body,
            Failure = trial.Failure,
        };
    }

    [Description("What a webhook was told and is to be told, the last in front.")]
    private async Task<IReadOnlyList<DeliveryResource>> Deliveries(ApiCall call)
    {
        var found = await webhooks.DeliveriesAsync(
            Caller(call),
            call.Route("id"),
            call.Query(Before) is { } before ? Position(before) : null,
            PageSize,
            call.Cancellation
        );
        return [.. found.Select(Shape)];
    }

    [Description("Tries a delivery again that was given up.")]
    private Task Redeliver(ApiCall call) =>
        webhooks.RedeliverAsync(Caller(call), call.Route("id"), Position(call.Route("position")), call.Cancellation);

    private static long Position(string text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var position)
            ? position
            : throw Fault.Invalid("webhook.position", $"'{text}' is not a position of the record.", "position");

    private static Caller Caller(ApiCall call) => Identity.Caller.Of(call.Http.User);

    private static WebhookResource Shape(Webhook webhook) =>
        new()
        {
            Id = webhook.Id,
            Name = webhook.Name,
            Description = webhook.Description,
            Url = webhook.Url,
            Events = [.. webhook.Topics.Select(topic => topic.ToString())],
            Active = webhook.IsActive,
            HasSecret = webhook.HasSecret,
            Failures = webhook.Failures,
            RestsUntilMs = webhook.RestsUntilMs == 0 ? null : webhook.RestsUntilMs,
            CreatedMs = webhook.CreatedMs,
            UpdatedMs = webhook.UpdatedMs,
        };

    private static DeliveryResource Shape(Delivery delivery) =>
        new()
        {
            Id = delivery.Id,
            Position = delivery.Position,
            Model = delivery.Lane,
            Event = delivery.Topic.ToString(),
            State = delivery.State.ToString().ToLowerInvariant(),
            Attempts = delivery.Attempts,
            Failure = delivery.Failure,
            CreatedMs = delivery.CreatedMs,
            SettledMs = delivery.SettledMs,
        };
}
