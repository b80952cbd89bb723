namespace Slipway.Sdk.Tracking;

/// <summary>What happened to a run that is followed.</summary>
public sealed record RunUpdate
{
    /// <summary>The run as it is now; null where nothing but its metrics changed.</summary>
    public RunResource? Run { get; init; }

    /// <summary>Histories from their beginning, in place of what was known of them.</summary>
    public IReadOnlyList<MetricSeries> Series { get; set; } = [];

    /// <summary>Points that follow on the histories as they are known.</summary>
    public IReadOnlyList<MetricSeries> Points { get; set; } = [];
}
