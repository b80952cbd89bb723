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
