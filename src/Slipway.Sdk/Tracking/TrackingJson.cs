using System.Text.Json.Serialization;

namespace Slipway.Sdk.Tracking;

/// <summary>
/// The records of tracking as JSON, by generated code on both ends: names in snake_case, NaN as a text. A property that
/// has a default has a setter: generated code sets every init property, also to nothing where the JSON is silent.
/// </summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true,
    AllowDuplicateProperties = false,
    Converters = [
        typeof(RunStatusConverter),
        typeof(LifecycleConverter),
        typeof(ViewConverter),
        typeof(LoggedModelStatusConverter),
    ]
)]
[JsonSerializable(typeof(ExperimentResource))]
[JsonSerializable(typeof(Page<ExperimentResource>), TypeInfoPropertyName = "ExperimentPage")]
[JsonSerializable(typeof(ExperimentCreate))]
[JsonSerializable(typeof(ExperimentChange))]
[JsonSerializable(typeof(ExperimentCounts))]
[JsonSerializable(typeof(ExperimentCountsQuery))]
[JsonSerializable(typeof(ExperimentsCounts))]
[JsonSerializable(typeof(RunFields), TypeInfoPropertyName = "FieldsOfRuns")]
[JsonSerializable(typeof(ExperimentNews))]
[JsonSerializable(typeof(RunResource))]
[JsonSerializable(typeof(Page<RunResource>), TypeInfoPropertyName = "RunPage")]
[JsonSerializable(typeof(RunCreate))]
[JsonSerializable(typeof(RunChange))]
[JsonSerializable(typeof(RunLog))]
[JsonSerializable(typeof(RunLinks))]
[JsonSerializable(typeof(RunQuery))]
[JsonSerializable(typeof(RunGroupQuery))]
[JsonSerializable(typeof(RunGroups))]
[JsonSerializable(typeof(RunLookup))]
[JsonSerializable(typeof(RunsFound))]
[JsonSerializable(typeof(HistoryQuery))]
[JsonSerializable(typeof(Histories))]
[JsonSerializable(typeof(MetricSeries))]
[JsonSerializable(typeof(RunUpdate))]
[JsonSerializable(typeof(ArtifactResource))]
[JsonSerializable(typeof(ArtifactList))]
[JsonSerializable(typeof(LoggedModelResource))]
[JsonSerializable(typeof(LoggedModelCreate))]
[JsonSerializable(typeof(LoggedModelChange))]
[JsonSerializable(typeof(LoggedModelQuery))]
[JsonSerializable(typeof(LoggedModelPage))]
[JsonSerializable(typeof(PurgeRequest))]
[JsonSerializable(typeof(PurgeResult))]
[JsonSerializable(typeof(LeftoversResult))]
internal sealed partial class TrackingJson : JsonSerializerContext;

internal sealed class RunStatusConverter()
    : JsonStringEnumConverter<RunStatus>(System.Text.Json.JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false);

internal sealed class LoggedModelStatusConverter()
    : JsonStringEnumConverter<LoggedModelStatus>(
        System.Text.Json.JsonNamingPolicy.SnakeCaseLower,
        allowIntegerValues: false
    );

internal sealed class LifecycleConverter()
    : JsonStringEnumConverter<Lifecycle>(System.Text.Json.JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false);

internal sealed class ViewConverter()
    : JsonStringEnumConverter<View>(System.Text.Json.JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false);
