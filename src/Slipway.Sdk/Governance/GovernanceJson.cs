using System.Text.Json.Serialization;

namespace Slipway.Sdk.Governance;

/// <summary>The records of governance as JSON, by generated code on both ends.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true,
    AllowDuplicateProperties = false
)]
[JsonSerializable(typeof(StandingResource))]
[JsonSerializable(typeof(ScanResource))]
[JsonSerializable(typeof(SignatureResource))]
[JsonSerializable(typeof(VerifiedResource))]
[JsonSerializable(typeof(DecisionResource))]
[JsonSerializable(typeof(DecisionRequest))]
[JsonSerializable(typeof(ReasonRequest))]
[JsonSerializable(typeof(PolicyResource))]
[JsonSerializable(typeof(LineageResource))]
[JsonSerializable(typeof(CardResource))]
[JsonSerializable(typeof(CardChange))]
[JsonSerializable(typeof(IReadOnlyList<CardResource>), TypeInfoPropertyName = "Cards")]
[JsonSerializable(typeof(IReadOnlyList<DecisionResource>), TypeInfoPropertyName = "Decisions")]
[JsonSerializable(typeof(IReadOnlyList<FileResource>), TypeInfoPropertyName = "Files")]
[JsonSerializable(typeof(System.Text.Json.JsonElement))]
internal sealed partial class GovernanceJson : JsonSerializerContext;
