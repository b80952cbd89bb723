namespace Slipway.Tracking;

/// <summary>What a run read and made: datasets and models that went in, models that came out.</summary>
public sealed record RunLinks
{
    public static readonly RunLinks None = new();

    public IReadOnlyList<DatasetInput> Datasets { get; init; } = [];

    public IReadOnlyList<string> ModelInputs { get; init; } = [];

    public IReadOnlyList<ModelOutput> ModelOutputs { get; init; } = [];
}

/// <summary>A model that a run made, and at which step.</summary>
public sealed record ModelOutput(string ModelId, long Step);

/// <summary>A dataset as a run used it; the tag <see cref="ContextTag"/> says for what.</summary>
public sealed record DatasetInput(RunDataset Dataset, IReadOnlyList<Entry> Tags)
{
    public const string ContextTag = "mlflow.data.context";
}

/// <summary>A dataset named by a run; one within an experiment for each name and digest.</summary>
public sealed record RunDataset(string Name, string Digest, string SourceType, string Source)
{
    public string? Schema { get; init; }

    public string? Profile { get; init; }
}

/// <summary>A dataset in an experiment and the context in which runs used it.</summary>
public sealed record DatasetSummary(long ExperimentId, string Name, string Digest, string? Context);
