using Slipway.Foundation.Filters;
using Slipway.Sdk;

namespace Slipway.Tracking;

/// <summary>What a search for runs asks.</summary>
public sealed record RunQuery(IReadOnlyList<long> ExperimentIds)
{
    public Filter Filter { get; init; } = Filter.Empty;

    /// <summary>Runs without the field come last in either direction; runs that tie stand newest first.</summary>
    public IReadOnlyList<OrderBy> Order { get; init; } = [];

    public View View { get; init; } = View.ActiveOnly;

    public int Offset { get; init; }

    public int Limit { get; init; } = 1000;

    /// <summary>Leaves out runs made later than this <see cref="RunPage.Snapshot"/>.</summary>
    public long UpTo { get; init; } = long.MaxValue;
}

/// <summary>One page of runs, how many there are in all, and what marks the youngest run there was.</summary>
public sealed record RunPage(IReadOnlyList<Run> Runs, int Total, int? NextOffset, long Snapshot);

/// <summary>How runs fall into groups by the values of a field, the largest group first.</summary>
public sealed record RunGroups(IReadOnlyList<RunGroup> Groups, int Total);

/// <summary>The runs with one value, null where they have none, and their metrics in short.</summary>
public sealed record RunGroup(string? Value, int Runs, IReadOnlyDictionary<string, MetricSummary> Metrics);

/// <summary>The latest values of a metric over several runs, without those that are no numbers.</summary>
public sealed record MetricSummary(int Runs, double Mean, double Lowest, double Highest);

/// <summary>The kinds of field that runs can be searched by.</summary>
public enum RunFieldKind
{
    Attribute,
    Metric,
    Lowest,
    Highest,
    Param,
    Tag,
    Dataset,
}

/// <summary>A field of runs, named as the search grammar names it or by one of its aliases.</summary>
public readonly record struct RunField(RunFieldKind Kind, string Key)
{
    /// <summary>Attributes that hold numbers; the others hold texts.</summary>
    public bool IsNumber =>
        IsMetric || (Kind == RunFieldKind.Attribute && Key is "start_time" or "end_time" or "duration");

    /// <summary>The latest value of a metric, or the least or most it ever was.</summary>
    public bool IsMetric => Kind is RunFieldKind.Metric or RunFieldKind.Lowest or RunFieldKind.Highest;

    public static RunField Of(FilterField field)
    {
        var kind = field.Entity switch
        {
            null or "attribute" or "attributes" or "attr" or "run" => RunFieldKind.Attribute,
            "metric" or "metrics" => RunFieldKind.Metric,
            "lowest" => RunFieldKind.Lowest,
            "highest" => RunFieldKind.Highest,
            "param" or "params" or "parameter" or "parameters" => RunFieldKind.Param,
            "tag" or "tags" => RunFieldKind.Tag,
            "dataset" or "datasets" => RunFieldKind.Dataset,
            _ => throw Fault.Invalid(
                "run.search_field",
                $"Invalid entity type '{field.Entity}'. Valid values are attribute, metric, param, tag and dataset.",
                "filter"
            ),
        };
        return new RunField(
            kind,
            kind switch
            {
                RunFieldKind.Attribute => Attribute(field.Key),
                RunFieldKind.Dataset => Dataset(field.Key),
                _ => field.Key,
            }
        );
    }

    private static string Attribute(string key) =>
        key switch
        {
            "run name" or "Run name" or "Run Name" => "run_name",
            "created" or "Created" => "start_time",
            "run_id"
            or "run_name"
            or "status"
            or "user_id"
            or "artifact_uri"
            or "start_time"
            or "end_time"
            or "duration" => key,
            _ => throw Fault.Invalid(
                "run.search_field",
                $"Invalid attribute key '{key}'. Valid keys are run_id, run_name, status, user_id, artifact_uri, start_time and end_time.",
                "filter"
            ),
        };

    private static string Dataset(string key) =>
        key is "name" or "digest" or "context"
            ? key
            : throw Fault.Invalid(
                "run.search_field",
                $"Invalid dataset key '{key}'. Valid keys are name, digest and context.",
                "filter"
            );
}
