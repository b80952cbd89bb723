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
    public IReadOnlyDictionary<string, string> Tags { get; init; } = new Dictionary<string, string>();
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
    public IReadOnlyDictionary<string, string> Tags { get; init; } = new Dictionary<string, string>();
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
    public IReadOnlyList<string> OrderBy { get; init; } = [];

    /// <summary>Whether those in the bin are meant.</summary>
    public View View { get; init; }

    /// <summary>How many the server sends at a time; reading on fetches the next page.</summary>
    public int PageSize { get; init; } = 1000;
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
