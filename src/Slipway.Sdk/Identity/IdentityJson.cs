using System.Text.Json;
using System.Text.Json.Serialization;

namespace Slipway.Sdk.Identity;

/// <summary>The records of identity as JSON, by generated code on both ends.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true,
    AllowDuplicateProperties = false,
    Converters = [typeof(AccessLevelConverter), typeof(GrantKindConverter)]
)]
[JsonSerializable(typeof(UserResource))]
[JsonSerializable(typeof(IReadOnlyList<UserResource>), TypeInfoPropertyName = "Users")]
[JsonSerializable(typeof(SessionResource))]
[JsonSerializable(typeof(UserCreate))]
[JsonSerializable(typeof(UserChange))]
[JsonSerializable(typeof(IReadOnlyList<TokenResource>), TypeInfoPropertyName = "Tokens")]
[JsonSerializable(typeof(TokenCreate))]
[JsonSerializable(typeof(NewToken))]
[JsonSerializable(typeof(GrantResource))]
[JsonSerializable(typeof(IReadOnlyList<GrantResource>), TypeInfoPropertyName = "Grants")]
[JsonSerializable(typeof(GrantPut))]
[JsonSerializable(typeof(GrantChange))]
[JsonSerializable(typeof(RoleGrantCreate))]
[JsonSerializable(typeof(RoleResource))]
[JsonSerializable(typeof(IReadOnlyList<RoleResource>), TypeInfoPropertyName = "Roles")]
[JsonSerializable(typeof(RoleCreate))]
[JsonSerializable(typeof(RoleChange))]
[JsonSerializable(typeof(IReadOnlyList<MemberResource>), TypeInfoPropertyName = "Members")]
[JsonSerializable(typeof(WorkspaceResource))]
[JsonSerializable(typeof(IReadOnlyList<WorkspaceResource>), TypeInfoPropertyName = "Workspaces")]
[JsonSerializable(typeof(WorkspaceCreate))]
[JsonSerializable(typeof(WorkspaceChange))]
internal sealed partial class IdentityJson : JsonSerializerContext;

internal sealed class AccessLevelConverter()
    : JsonStringEnumConverter<AccessLevel>(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false);

internal sealed class GrantKindConverter()
    : JsonStringEnumConverter<GrantKind>(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false);
