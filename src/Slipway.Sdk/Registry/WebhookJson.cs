using System.Text.Json.Serialization;

namespace Slipway.Sdk.Registry;

/// <summary>The records of webhooks as JSON, by generated code on both ends.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true,
    AllowDuplicateProperties = false
)]
[JsonSerializable(typeof(WebhookResource))]
[JsonSerializable(typeof(IReadOnlyList<WebhookResource>), TypeInfoPropertyName = "Webhooks")]
[JsonSerializable(typeof(WebhookCreate))]
[JsonSerializable(typeof(WebhookChange))]
[JsonSerializable(typeof(WebhookTrial))]
[JsonSerializable(typeof(IReadOnlyList<DeliveryResource>), TypeInfoPropertyName = "Deliveries")]
internal sealed partial class WebhookJson : JsonSerializerContext;
