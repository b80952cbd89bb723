namespace Slipway.Tracking;

/// <summary>What changed among the runs of an experiment since the last news; without run ids, more did than is worth naming.</summary>
public sealed record ExperimentNews(long ExperimentId, IReadOnlyList<string>? RunIds, int Created);
