using System.Text.Json.Serialization;

namespace Slipway.Sdk.Tracking;

/// <summary>Whether a thing is in use or in the bin, from which it can be restored until it is purged.</summary>
public enum Lifecycle
{
    /// <summary>In use.</summary>
    Active,

    /// <summary>In the bin.</summary>
    Deleted,
}

/// <summary>Which lifecycles a listing covers.</summary>
public enum View
{
    /// <summary>What is in use.</summary>
    Active,

    /// <summary>What is in the bin.</summary>
    Deleted,

    /// <summary>Both.</summary>
    All,
}

/// <summary>A named collection of runs.</summary>
public sealed record ExperimentResource
{
    /// <summary>The id that the server gave it.</summary>
    public required string Id { get; init; }

    /// <summary>Its name, which no other experiment of the workspace has, one in the bin included.</summary>
    public required string Name { get; init; }

    /// <summary>Where its runs keep their artifacts.</summary>
    public required string ArtifactLocation { get; init; }

    /// <summary>Whether it is in the bin.</summary>
    public Lifecycle Lifecycle { get; init; }

    /// <summary>When it was made, in milliseconds since 1970, UTC.</summary>
    public long CreatedMs { get; init; }

    /// <summary>When it was last changed, in milliseconds since 1970, UTC.</summary>
    public long UpdatedMs { get; init; }

    /// <summary>Its tags.</summary>
    public IReadOnlyDictionary<string, string> Tags { get; set; } = new Dictionary<string, string>();
}

/// <summary>What is said of an experiment to be made.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record ExperimentCreate
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>Where its runs keep their artifacts; null for the server's own store.</summary>
    public string? ArtifactLocation { get; init; }

    /// <summary>Its tags.</summary>
    public IReadOnlyDictionary<string, string> Tags { get; set; } = new Dictionary<string, string>();
}

/// <summary>What changes of an experiment; null stays as it is.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record ExperimentChange
{
    /// <summary>Its new name.</summary>
    public string? Name { get; init; }

    /// <summary>Tags to set; one whose value is null is removed.</summary>
    public IReadOnlyDictionary<string, string?>? Tags { get; init; }
}

/// <summary>What a listing of experiments asks for.</summary>
public sealed record ExperimentQuery
{
    /// <summary>A condition such as <c>name LIKE 'fare%' AND tags.team = 'taxi'</c>; null for all.</summary>
    public string? Filter { get; init; }

    /// <summary>Fields such as <c>name</c> or <c>creation_time DESC</c>; newest first where nothing is said.</summary>
    public IReadOnlyList<string> OrderBy { get; set; } = [];

    /// <summary>Whether those in the bin are meant.</summary>
    public View View { get; init; }

    /// <summary>How many the server sends at a time; reading on fetches the next page.</summary>
    public int PageSize { get; set; } = 1000;
}

/// <summary>How many runs an experiment has.</summary>
public sealed record ExperimentCounts
{
    /// <summary>Those in use.</summary>
    public required long Active { get; init; }

    /// <summary>Those in the bin.</summary>
    public required long Deleted { get; init; }

    /// <summary>Those in use, by status.</summary>
    public required IReadOnlyDictionary<RunStatus, long> ByStatus { get; init; }
}

/// <summary>Asks how many runs several experiments have.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record ExperimentCountsQuery
{
    /// <summary>Their ids, at most 200.</summary>
    public required IReadOnlyList<string> Ids { get; init; }
}

/// <summary>How many runs several experiments have.</summary>
public sealed record ExperimentsCounts
{
    /// <summary>The counts by id; experiments that do not exist are left out.</summary>
    public required IReadOnlyDictionary<string, ExperimentCounts> Counts { get; init; }
}

/// <summary>What the runs of an experiment logged: the names to choose columns from.</summary>
public sealed record RunFields
{
    /// <summary>How many runs were looked at: those that changed last.</summary>
    public required int Runs { get; init; }

    /// <summary>Names of metrics.</summary>
    public required IReadOnlyList<RunFieldCount> Metrics { get; init; }

    /// <summary>Names of params.</summary>
    public required IReadOnlyList<RunFieldCount> Params { get; init; }

    /// <summary>Names of tags.</summary>
    public required IReadOnlyList<RunFieldCount> Tags { get; init; }
}

/// <summary>A name, and how many of the runs looked at have it.</summary>
/// <param name="Key">The name.</param>
/// <param name="Runs">How many runs have it.</param>
public sealed record RunFieldCount(string Key, int Runs);

/// <summary>What changed among the runs of an experiment.</summary>
public sealed record ExperimentNews
{
    /// <summary>The experiment.</summary>
    public required string ExperimentId { get; init; }

    /// <summary>The runs that changed; null where more did than is worth naming.</summary>
    public IReadOnlyList<string>? Runs { get; init; }

    /// <summary>How many of them are new.</summary>
    public int Created { get; init; }
}
