namespace Slipway.Tracking;

/// <summary>The names that runs of an experiment used, each with how many of the runs looked at have it.</summary>
public sealed record ExperimentFields(
    int Runs,
    IReadOnlyList<FieldCount> Metrics,
    IReadOnlyList<FieldCount> Params,
    IReadOnlyList<FieldCount> Tags
);

/// <summary>A name, and how many runs have it.</summary>
public sealed record FieldCount(string Key, int Runs);
