using System.Text.Json.Serialization;

namespace Slipway.Sdk.Tracking;

/// <summary>What is said of a run to be made. The same run may be asked for again: its id tells that it is there.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record RunCreate
{
    /// <summary>The experiment by id; or see <see cref="Experiment"/>.</summary>
    public string? ExperimentId { get; init; }

    /// <summary>The experiment by name, made where there is none.</summary>
    public string? Experiment { get; init; }

    /// <summary>Its name; null for one that the server makes up.</summary>
    public string? Name { get; init; }

    /// <summary>Who starts it; null for who asks.</summary>
    public string? User { get; init; }

    /// <summary>When it started, in milliseconds since 1970, UTC; null for now.</summary>
    public long? StartMs { get; init; }

    /// <summary>Its tags.</summary>
    public IReadOnlyDictionary<string, string> Tags { get; set; } = new Dictionary<string, string>();
}

/// <summary>What changes of a run; null stays as it is.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record RunChange
{
    /// <summary>What it is doing, or how it ended.</summary>
    public RunStatus? Status { get; init; }

    /// <summary>When it ended, in milliseconds since 1970, UTC.</summary>
    public long? EndMs { get; init; }

    /// <summary>Its new name.</summary>
    public string? Name { get; init; }

    /// <summary>Another experiment that it moves to.</summary>
    public string? ExperimentId { get; init; }
}
