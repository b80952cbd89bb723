using System.Text.Json.Serialization;

namespace Slipway.Sdk.Tracking;

/// <summary>What a run is doing, or how it ended.</summary>
public enum RunStatus
{
    /// <summary>It works.</summary>
    Running,

    /// <summary>It waits for its turn.</summary>
    Scheduled,

    /// <summary>It came to its end.</summary>
    Finished,

    /// <summary>It broke.</summary>
    Failed,

    /// <summary>It was stopped.</summary>
    Killed,
}

/// <summary>One measured value: how much, at which step of training, and when.</summary>
/// <param name="Value">How much; NaN and the infinities are values like others.</param>
/// <param name="Step">At which step of training.</param>
/// <param name="TimestampMs">When, in milliseconds since 1970, UTC.</param>
public readonly record struct MetricPoint(double Value, long Step, long TimestampMs)
{
    /// <summary>The least that the run's metric ever was; null where that is this value.</summary>
    public double? Lowest { get; init; }

    /// <summary>The most that the run's metric ever was; null where that is this value.</summary>
    public double? Highest { get; init; }
}

/// <summary>One execution of training code, with all it logged except the histories of its metrics.</summary>
public sealed record RunResource
{
    /// <summary>Its id: 32 hexadecimal digits.</summary>
    public required string Id { get; init; }

    /// <summary>The experiment it belongs to.</summary>
    public required string ExperimentId { get; init; }

    /// <summary>Its name; several runs may have the same.</summary>
    public required string Name { get; init; }

    /// <summary>Who started it.</summary>
    public string User { get; set; } = "";

    /// <summary>What it is doing, or how it ended.</summary>
    public RunStatus Status { get; init; }

    /// <summary>Whether it is in the bin.</summary>
    public Lifecycle Lifecycle { get; init; }

    /// <summary>When it started, in milliseconds since 1970, UTC.</summary>
    public long StartMs { get; init; }

    /// <summary>When it ended, in milliseconds since 1970, UTC; null while it works.</summary>
    public long? EndMs { get; init; }

    /// <summary>Where its artifacts are.</summary>
    public required string ArtifactUri { get; init; }

    /// <summary>The latest value of each metric, by name: that of the highest step.</summary>
    public IReadOnlyDictionary<string, MetricPoint> Metrics { get; set; } = new Dictionary<string, MetricPoint>();

    /// <summary>Its parameters, which never change once logged.</summary>
    public IReadOnlyDictionary<string, string> Params { get; set; } = new Dictionary<string, string>();

    /// <summary>Its tags.</summary>
    public IReadOnlyDictionary<string, string> Tags { get; set; } = new Dictionary<string, string>();

    /// <summary>The datasets it read.</summary>
    public IReadOnlyList<DatasetInput> Datasets { get; set; } = [];

    /// <summary>The ids of the models it read.</summary>
    public IReadOnlyList<string> ModelInputs { get; set; } = [];

    /// <summary>The models it made.</summary>
    public IReadOnlyList<ModelOutput> ModelOutputs { get; set; } = [];

    /// <summary>When it started.</summary>
    [JsonIgnore]
    public DateTimeOffset Started => DateTimeOffset.FromUnixTimeMilliseconds(StartMs);

    /// <summary>How long it worked; null while it does.</summary>
    [JsonIgnore]
    public TimeSpan? Duration => EndMs is { } end ? TimeSpan.FromMilliseconds(end - StartMs) : null;
}

/// <summary>A dataset as a run used it.</summary>
public sealed record DatasetInput
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>What tells this state of the data from others.</summary>
    public required string Digest { get; init; }

    /// <summary>The kind of <see cref="Source"/>, such as <c>local</c> or <c>s3</c>.</summary>
    public required string SourceType { get; init; }

    /// <summary>Where it came from.</summary>
    public required string Source { get; init; }

    /// <summary>Its columns and their types, as JSON.</summary>
    public string? Schema { get; init; }

    /// <summary>Figures about it, as JSON.</summary>
    public string? Profile { get; init; }

    /// <summary>How it was used; <c>mlflow.data.context</c> says for what, such as <c>training</c>.</summary>
    public IReadOnlyDictionary<string, string> Tags { get; set; } = new Dictionary<string, string>();
}

/// <summary>A model that a run made.</summary>
/// <param name="ModelId">The model's id.</param>
/// <param name="Step">At which step of training.</param>
public sealed record ModelOutput(string ModelId, long Step = 0);
