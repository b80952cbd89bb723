using System.Text.Json.Serialization;

namespace Slipway.Sdk.Tracking;

/// <summary>What a search for runs asks.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record RunQuery
{
    /// <summary>The experiments to search; those that do not exist hold no runs.</summary>
    public required IReadOnlyList<string> ExperimentIds { get; init; }

    /// <summary>A condition such as <c>metrics.loss &lt; 0.1 AND params.model = 'gbt'</c>; null for all.</summary>
    public string? Filter { get; init; }

    /// <summary>Fields such as <c>metrics.loss ASC</c>; newest first where nothing is said.</summary>
    public IReadOnlyList<string> OrderBy { get; set; } = [];

    /// <summary>Whether those in the bin are meant.</summary>
    public View View { get; init; }

    /// <summary>How many runs come at a time, at most 50,000.</summary>
    public int PageSize { get; set; } = 1000;

    /// <summary>Where to go on, as the page before said it.</summary>
    public string? PageToken { get; init; }

    /// <summary>How many runs to pass over, for tables that jump to any place; a page token goes before it.</summary>
    public int Offset { get; init; }

    /// <summary>Leaves out runs made after the snapshot of an earlier page, so that rows keep their places.</summary>
    public string? UpTo { get; init; }

    /// <summary>The only metrics, params and tags to bring, such as <c>metrics.loss</c>; null for all that a run has.</summary>
    public IReadOnlyList<string>? Fields { get; init; }
}

/// <summary>Asks for runs by what they have in common.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record RunGroupQuery
{
    /// <summary>The experiments to search; those that do not exist hold no runs.</summary>
    public required IReadOnlyList<string> ExperimentIds { get; init; }

    /// <summary>The field whose values make the groups: a param, a tag, or an attribute that is a text.</summary>
    public required string By { get; init; }

    /// <summary>A condition such as <c>metrics.loss &lt; 0.1</c>; null for all.</summary>
    public string? Filter { get; init; }

    /// <summary>Whether those in the bin are meant.</summary>
    public View View { get; init; }

    /// <summary>The metrics to summarise in each group, at most 50.</summary>
    public IReadOnlyList<string> Metrics { get; set; } = [];
}

/// <summary>Groups of runs, the largest first; at most 1000 of them.</summary>
public sealed record RunGroups
{
    /// <summary>How many groups there are in all.</summary>
    public required int Total { get; init; }

    /// <summary>The largest.</summary>
    public required IReadOnlyList<RunGroup> Groups { get; init; }
}

/// <summary>The runs that have one value of the field.</summary>
public sealed record RunGroup
{
    /// <summary>The value; null for the runs that have none.</summary>
    public string? Value { get; init; }

    /// <summary>How many runs it has.</summary>
    public required int Runs { get; init; }

    /// <summary>The latest values of its runs in short; a metric that none of them has is left out.</summary>
    public required IReadOnlyDictionary<string, MetricSummary> Metrics { get; init; }
}

/// <summary>The values of one metric over several runs; what is no number does not count.</summary>
public sealed record MetricSummary
{
    /// <summary>How many runs have it.</summary>
    public required int Runs { get; init; }

    /// <summary>Their mean.</summary>
    public required double Mean { get; init; }

    /// <summary>The least of them.</summary>
    public required double Lowest { get; init; }

    /// <summary>The most of them.</summary>
    public required double Highest { get; init; }
}

/// <summary>Asks for several runs at once.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record RunLookup
{
    /// <summary>Their ids, at most 1000.</summary>
    public required IReadOnlyList<string> Ids { get; init; }
}

/// <summary>Several runs at once.</summary>
public sealed record RunsFound
{
    /// <summary>Those there are, in the order of the ids.</summary>
    public required IReadOnlyList<RunResource> Runs { get; init; }

    /// <summary>The ids that no run has, or none that the caller may see.</summary>
    public required IReadOnlyList<string> Missing { get; init; }
}
