namespace Slipway.Tracking;

/// <summary>How many runs of an experiment are in this state.</summary>
public sealed record RunCount(Lifecycle Lifecycle, RunStatus Status, long Count);

/// <summary>Several runs asked for by id: those there are, in the order asked, and the ids that led nowhere.</summary>
public sealed record RunsFound(IReadOnlyList<Run> Runs, IReadOnlyList<string> Missing);
