using System.Text.Json.Serialization;

namespace Slipway.Sdk.Tracking;

/// <summary>Which histories are asked for, each drawn with so many points at most.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record HistoryQuery
{
    /// <summary>The runs, at most 100.</summary>
    public required IReadOnlyList<string> RunIds { get; init; }

    /// <summary>The metrics, at most 100; empty for all that the runs have.</summary>
    public IReadOnlyList<string> Keys { get; set; } = [];

    /// <summary>
    /// How many points of a longer history come back: those that show its highest and lowest values. With 0 only the
    /// totals come.
    /// </summary>
    public int MaxPoints { get; set; } = 1000;
}

/// <summary>The histories asked for; a metric that a run does not have is left out.</summary>
public sealed record Histories
{
    /// <summary>One for each run and metric.</summary>
    public required IReadOnlyList<MetricSeries> Series { get; init; }
}

/// <summary>The history of a metric, or a part of it: three lists of the same length.</summary>
public sealed record MetricSeries
{
    /// <summary>The run.</summary>
    public required string RunId { get; init; }

    /// <summary>The metric.</summary>
    public required string Key { get; init; }

    /// <summary>How many points the whole history has.</summary>
    public required long Total { get; init; }

    /// <summary>The step of each point.</summary>
    public required IReadOnlyList<long> Steps { get; init; }

    /// <summary>The time of each point, in milliseconds since 1970, UTC.</summary>
    public required IReadOnlyList<long> TimestampsMs { get; init; }

    /// <summary>The value of each point.</summary>
    public required IReadOnlyList<double> Values { get; init; }

    /// <summary>Asks for the page after this one; null on the last, and where points were picked.</summary>
    public string? NextPageToken { get; init; }

    /// <summary>The points one by one.</summary>
    [JsonIgnore]
    public IEnumerable<MetricPoint> Points
    {
        get
        {
            for (var i = 0; i < Values.Count; i++)
                yield return new MetricPoint(Values[i], Steps[i], TimestampsMs[i]);
        }
    }
}
