namespace Slipway.Tracking;

public enum RunStatus
{
    Running,
    Scheduled,
    Finished,
    Failed,
    Killed,
}

/// <summary>What a run is, apart from what it logged.</summary>
public sealed record RunHead
{
    /// <summary>The small number that stands for the run in tall tables; never shown.</summary>
    internal long Number { get; init; }

    public required string Id { get; init; }

    public required long ExperimentId { get; init; }

    public required string Name { get; init; }

    public required string User { get; init; }

    public RunStatus Status { get; init; }

    public Lifecycle Lifecycle { get; init; }

    public long StartMs { get; init; }

    public long? EndMs { get; init; }

    public required string ArtifactUri { get; init; }

    public bool HasEnded => Status is RunStatus.Finished or RunStatus.Failed or RunStatus.Killed;
}

/// <summary>One execution of training code, with all it logged except the histories of its metrics.</summary>
public sealed record Run(RunHead Head)
{
    /// <summary>The latest value of each metric, by name.</summary>
    public IReadOnlyList<Metric> Metrics { get; init; } = [];

    /// <summary>Parameters never change once logged.</summary>
    public IReadOnlyDictionary<string, string> Params { get; init; } = Experiment.EmptyTags;

    public IReadOnlyDictionary<string, string> Tags { get; init; } = Experiment.EmptyTags;

    public RunLinks Links { get; init; } = RunLinks.None;
}

/// <summary>What a caller says of a run to be started.</summary>
public sealed record NewRun(long ExperimentId)
{
    public string? Name { get; init; }

    public string? User { get; init; }

    public long StartMs { get; init; }

    public IReadOnlyList<Entry> Tags { get; init; } = [];
}

/// <summary>What changes of a run; null stays as it is.</summary>
public sealed record RunChange(RunStatus? Status = null, long? EndMs = null, string? Name = null);

/// <summary>What is logged to a run at once: all of it or nothing.</summary>
public sealed record RunBatch
{
    public IReadOnlyList<Metric> Metrics { get; init; } = [];

    public IReadOnlyList<Entry> Params { get; init; } = [];

    public IReadOnlyList<Entry> Tags { get; init; } = [];
}
