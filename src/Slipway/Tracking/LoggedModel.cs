namespace Slipway.Tracking;

/// <summary>How far a logged model has come: its files are being written, are all there, or will never be.</summary>
public enum LoggedModelStatus
{
    Pending,
    Ready,
    UploadFailed,
}

/// <summary>
/// A model that came out of training, before anybody has registered it: its files, what it was made with, and the
/// metrics that runs measured on it, whichever run made it.
/// </summary>
public sealed record LoggedModel
{
    /// <summary>The small number that stands for the model in tables; never shown.</summary>
    internal long Number { get; init; }

    public required string Id { get; init; }

    public required long ExperimentId { get; init; }

    public required string Name { get; init; }

    /// <summary>A word of whoever logged it, such as "agent"; often empty.</summary>
    public required string Type { get; init; }

    /// <summary>The run that made it, as that run's script said; often empty.</summary>
    public required string SourceRunId { get; init; }

    public required string ArtifactUri { get; init; }

    public LoggedModelStatus Status { get; init; }

    public required long CreatedMs { get; init; }

    public required long UpdatedMs { get; init; }

    public IReadOnlyDictionary<string, string> Params { get; init; } = Experiment.EmptyTags;

    public IReadOnlyDictionary<string, string> Tags { get; init; } = Experiment.EmptyTags;

    /// <summary>Every point measured on it.</summary>
    public IReadOnlyList<ModelMetric> Metrics { get; init; } = [];
}

/// <summary>A point that a run measured on a model.</summary>
public sealed record ModelMetric(string RunId, Metric Metric);

/// <summary>What a caller says of a model to be logged.</summary>
public sealed record NewLoggedModel(long ExperimentId)
{
    public string? Name { get; init; }

    public string Type { get; init; } = "";

    public string SourceRunId { get; init; } = "";

    public IReadOnlyList<Entry> Params { get; init; } = [];

    public IReadOnlyList<Entry> Tags { get; init; } = [];
}
