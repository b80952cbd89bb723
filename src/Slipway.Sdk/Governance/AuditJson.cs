using System.Text.Json.Serialization;

namespace Slipway.Sdk.Governance;

/// <summary>The record of events as JSON, by generated code on both ends.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true,
    AllowDuplicateProperties = false
)]
[JsonSerializable(typeof(IReadOnlyList<AuditEvent>), TypeInfoPropertyName = "AuditEvents")]
[JsonSerializable(typeof(AuditReport))]
internal sealed partial class AuditJson : JsonSerializerContext;
