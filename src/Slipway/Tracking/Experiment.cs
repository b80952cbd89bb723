namespace Slipway.Tracking;

/// <summary>A named collection of runs. Its name stays taken while it is in the bin.</summary>
public sealed record Experiment
{
    public required long Id { get; init; }

    public required string Workspace { get; init; }

    public required string Name { get; init; }

    /// <summary>Where its runs keep their artifacts, as an address that clients resolve.</summary>
    public required string ArtifactLocation { get; init; }

    public Lifecycle Lifecycle { get; init; }

    public required long CreatedMs { get; init; }

    public required long UpdatedMs { get; init; }

    public IReadOnlyDictionary<string, string> Tags { get; init; } = EmptyTags;

    internal static readonly IReadOnlyDictionary<string, string> EmptyTags = new Dictionary<string, string>();
}
