using System.Globalization;

namespace Slipway.Sdk.Registry;

/// <summary>The calls on webhooks.</summary>
public sealed class WebhooksClient
{
    private const string Root = "api/v1/webhooks";

    private readonly Connection connection;

    internal WebhooksClient(Connection connection) => this.connection = connection;

    /// <summary>Makes a webhook.</summary>
    public Task<WebhookResource> CreateAsync(WebhookCreate webhook, CancellationToken cancellation = default) =>
        connection.SendAsync(
            Call.With(HttpMethod.Post, Root, webhook, WebhookJson.Default.WebhookCreate).Once(),
            WebhookJson.Default.WebhookResource,
            cancellation
        );

    /// <summary>The webhooks of the workspace, the last made in front; at most a thousand.</summary>
    public Task<IReadOnlyList<WebhookResource>> ListAsync(CancellationToken cancellation = default) =>
        connection.SendAsync(Call.Get(Root), WebhookJson.Default.Webhooks, cancellation);

    /// <summary>The webhook of this id.</summary>
    public Task<WebhookResource> GetAsync(string id, CancellationToken cancellation = default) =>
        connection.SendAsync(Call.Get(PathOf(id)), WebhookJson.Default.WebhookResource, cancellation);

    /// <summary>Changes what is given.</summary>
    public Task<WebhookResource> ChangeAsync(
        string id,
        WebhookChange change,
        CancellationToken cancellation = default
    ) =>
        connection.SendAsync(
            Call.With(HttpMethod.Patch, PathOf(id), change, WebhookJson.Default.WebhookChange),
            WebhookJson.Default.WebhookResource,
            cancellation
        );

    /// <summary>Removes a webhook with what it has not been told.</summary>
    public Task DeleteAsync(string id, CancellationToken cancellation = default) =>
        connection.SendAsync(Call.Delete(PathOf(id)), cancellation);

    /// <summary>Sends an example once, and says what came back.</summary>
    public Task<WebhookTrial> TestAsync(string id, CancellationToken cancellation = default) =>
        connection.SendAsync(Call.Post($"{PathOf(id)}/test").Once(), WebhookJson.Default.WebhookTrial, cancellation);

    /// <summary>What it was told and is to be told, the last in front, before a position of the record.</summary>
    public Task<IReadOnlyList<DeliveryResource>> DeliveriesAsync(
        string id,
        long? before = null,
        CancellationToken cancellation = default
    ) =>
        connection.SendAsync(
            Call.Get(
                $"{PathOf(id)}/deliveries"
                    + (before is { } position ? string.Create(CultureInfo.InvariantCulture, $"?before={position}") : "")
            ),
            WebhookJson.Default.Deliveries,
            cancellation
        );

    /// <summary>Tries again what was given up.</summary>
    public Task RedeliverAsync(string id, long position, CancellationToken cancellation = default) =>
        connection.SendAsync(
            Call.Post(string.Create(CultureInfo.InvariantCulture, $"{PathOf(id)}/deliveries/{position}/redeliver")),
            cancellation
        );

    private static string PathOf(string id) => $"{Root}/{Uri.EscapeDataString(id)}";
}
