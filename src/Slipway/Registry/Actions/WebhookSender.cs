using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using Slipway.Foundation.Basics;
using Slipway.Foundation.Outbound;

namespace Slipway.Registry.Actions;

/// <summary>
/// Sends one message to one webhook, signed with its secret as the Standard Webhooks convention has it: over the id, the
/// time of sending and the body, so that neither can be changed, nor an old one played back unnoticed.
/// </summary>
internal sealed class WebhookSender(OutboundClient outside, SecretBox secrets, TimeProvider clock)
{
    public Task<OutboundAnswer> SendAsync(
        Webhook webhook,
        string deliveryId,
        int attempt,
        string body,
        CancellationToken cancellation
    )
    {
        var time = clock.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        var request = new HttpRequestMessage(HttpMethod.Post, webhook.Url)
        {
            Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body)),
        };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.Add("X-MLflow-Delivery-Id", deliveryId);
        request.Headers.Add("X-MLflow-Timestamp", time);
        request.Headers.Add("X-Slipway-Attempt", attempt.ToString(CultureInfo.InvariantCulture));
        if (webhook.SealedSecret is { } secret)
            request.Headers.Add("X-MLflow-Signature", Sign(secrets.Open(secret), $"{deliveryId}.{time}.{body}"));
        return outside.SendAsync(request, cancellation);
    }

    private static string Sign(string secret, string text) =>
        "v1,"
        + Convert.ToBase64String(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes(text)));
}
