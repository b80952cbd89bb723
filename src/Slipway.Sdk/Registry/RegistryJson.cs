using System.Text.Json.Serialization;

namespace Slipway.Sdk.Registry;

/// <summary>The records of the registry as JSON, by generated code on both ends.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true,
    AllowDuplicateProperties = false,
    Converters = [typeof(VersionStageConverter), typeof(FilesStateConverter)]
)]
[JsonSerializable(typeof(ModelResource))]
[JsonSerializable(typeof(ModelPage))]
[JsonSerializable(typeof(ModelCreate))]
[JsonSerializable(typeof(ModelChange))]
[JsonSerializable(typeof(VersionResource))]
[JsonSerializable(typeof(VersionPage))]
[JsonSerializable(typeof(VersionCreate))]
[JsonSerializable(typeof(VersionChange))]
[JsonSerializable(typeof(VersionDigests))]
[JsonSerializable(typeof(VersionOriginResource))]
[JsonSerializable(typeof(AliasPut))]
[JsonSerializable(typeof(IReadOnlyList<MoveResource>), TypeInfoPropertyName = "Moves")]
[JsonSerializable(typeof(Tracking.ArtifactList))]
internal sealed partial class RegistryJson : JsonSerializerContext;

internal sealed class VersionStageConverter()
    : JsonStringEnumConverter<VersionStage>(
        System.Text.Json.JsonNamingPolicy.SnakeCaseLower,
        allowIntegerValues: false
    );

internal sealed class FilesStateConverter()
    : JsonStringEnumConverter<FilesState>(System.Text.Json.JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false);
