namespace Slipway.Tracking;

/// <summary>What a follower of a run did not have yet; all empty when it is only told that nothing happened.</summary>
public sealed record RunNews
{
    /// <summary>The run as it is now, where more changed than its metrics.</summary>
    public Run? Run { get; init; }

    /// <summary>Series from their beginning, thinned: those that are new to the follower or were changed behind its back.</summary>
    public IReadOnlyList<RunSeries> Series { get; init; } = [];

    /// <summary>Points that follow on those the follower has.</summary>
    public IReadOnlyList<RunSeries> Points { get; init; } = [];

    public bool IsEmpty => Run is null && Series.Count == 0 && Points.Count == 0;
}
