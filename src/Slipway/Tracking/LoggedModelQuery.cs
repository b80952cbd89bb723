using Slipway.Foundation.Filters;
using Slipway.Sdk;

namespace Slipway.Tracking;

/// <summary>What a search for logged models asks.</summary>
public sealed record LoggedModelQuery(IReadOnlyList<long> ExperimentIds)
{
    public Filter Filter { get; init; } = Filter.Empty;

    /// <summary>Where not empty, only metrics measured on these datasets count, and only models that have such.</summary>
    public IReadOnlyList<DatasetKey> Datasets { get; init; } = [];

    /// <summary>Models without the field come last in either direction; models that tie stand newest first.</summary>
    public IReadOnlyList<LoggedModelOrder> Order { get; init; } = [];

    public int Offset { get; init; }

    public int Limit { get; init; } = 50;
}

/// <summary>A dataset as metrics name it; an empty digest is that of metrics logged without one.</summary>
public readonly record struct DatasetKey(string Name, string Digest);

/// <summary>A field to order by; of metrics, where a dataset or digest is named, those measured on it.</summary>
public sealed record LoggedModelOrder(FilterField Field, bool Ascending, string? DatasetName, string? DatasetDigest);

/// <summary>One page of logged models, and where the next begins.</summary>
public sealed record LoggedModelPage(IReadOnlyList<LoggedModel> Models, int? NextOffset);

/// <summary>The kinds of field that logged models can be searched by.</summary>
public enum LoggedModelFieldKind
{
    Text,
    Time,
    Metric,
    Param,
    Tag,
}

/// <summary>A field of logged models, named as the search grammar names it or by one of its aliases.</summary>
public readonly record struct LoggedModelField(LoggedModelFieldKind Kind, string Key)
{
    public static LoggedModelField Of(FilterField field) =>
        field.Entity switch
        {
            null or "attribute" or "attributes" => Attribute(field.Key),
            "metric" or "metrics" => new LoggedModelField(LoggedModelFieldKind.Metric, field.Key),
            "param" or "params" => new LoggedModelField(LoggedModelFieldKind.Param, field.Key),
            "tag" or "tags" => new LoggedModelField(LoggedModelFieldKind.Tag, field.Key),
            _ => throw Unknown(
                $"Invalid entity type: '{field.Entity}'. Expected one of attributes, metrics, params, tags."
            ),
        };

    private static LoggedModelField Attribute(string key) =>
        key switch
        {
            "name" or "model_id" or "model_type" or "status" or "source_run_id" or "experiment_id" or "artifact_uri" =>
                new LoggedModelField(LoggedModelFieldKind.Text, key),
            "creation_timestamp" or "creation_timestamp_ms" or "creation_time" => new LoggedModelField(
                LoggedModelFieldKind.Time,
                "creation_timestamp"
            ),
            "last_updated_timestamp" or "last_updated_timestamp_ms" or "last_updated_time" => new LoggedModelField(
                LoggedModelFieldKind.Time,
                "last_updated_timestamp"
            ),
            _ => throw Unknown(
                $"Invalid attribute key '{key}'. Valid keys are name, model_id, model_type, status, source_run_id, experiment_id, artifact_uri, creation_timestamp and last_updated_timestamp."
            ),
        };

    private static Fault Unknown(string sentence) => Fault.Invalid("model.search_field", sentence, "filter");
}
