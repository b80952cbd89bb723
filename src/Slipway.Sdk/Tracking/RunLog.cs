using System.Text.Json.Serialization;

namespace Slipway.Sdk.Tracking;

/// <summary>A value of a metric to be logged.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record MetricEntry
{
    /// <summary>The metric's name.</summary>
    public required string Key { get; init; }

    /// <summary>How much.</summary>
    public required double Value { get; init; }

    /// <summary>At which step of training.</summary>
    public long Step { get; init; }

    /// <summary>
    /// When, in milliseconds since 1970, UTC; null for when the server gets it. With a time, a value that is sent twice
    /// is stored once.
    /// </summary>
    public long? TimestampMs { get; init; }

    /// <summary>The logged model it was measured on; null for none.</summary>
    public string? ModelId { get; init; }

    /// <summary>The dataset it was measured on; null for none.</summary>
    public string? DatasetName { get; init; }

    /// <summary>The state of that dataset.</summary>
    public string? DatasetDigest { get; init; }
}

/// <summary>What a run logs at once: all of it is stored or nothing.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record RunLog
{
    /// <summary>Values of metrics, at most 1000.</summary>
    public IReadOnlyList<MetricEntry> Metrics { get; set; } = [];

    /// <summary>Parameters, at most 100; one that was logged before must have the same value.</summary>
    public IReadOnlyDictionary<string, string> Params { get; set; } = new Dictionary<string, string>();

    /// <summary>Tags, at most 100; the last value counts.</summary>
    public IReadOnlyDictionary<string, string> Tags { get; set; } = new Dictionary<string, string>();
}

/// <summary>What a run read and made; what it has already is not added twice.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record RunLinks
{
    /// <summary>Datasets it read.</summary>
    public IReadOnlyList<DatasetInput> Datasets { get; set; } = [];

    /// <summary>Ids of models it read.</summary>
    public IReadOnlyList<string> ModelInputs { get; set; } = [];

    /// <summary>Models it made.</summary>
    public IReadOnlyList<ModelOutput> ModelOutputs { get; set; } = [];
}
