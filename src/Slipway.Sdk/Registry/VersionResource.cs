using System.Text.Json.Serialization;

namespace Slipway.Sdk.Registry;

/// <summary>How far a version has come, in MLflow's first way of saying so.</summary>
public enum VersionStage
{
    /// <summary>In no stage.</summary>
    None,

    /// <summary>Tried out.</summary>
    Staging,

    /// <summary>At work.</summary>
    Production,

    /// <summary>Kept for the record.</summary>
    Archived,
}

/// <summary>How far the files of a version are known.</summary>
public enum FilesState
{
    /// <summary>They lie at a place that the server does not open.</summary>
    Elsewhere,

    /// <summary>Nothing lay at their place when the version was registered.</summary>
    Missing,

    /// <summary>Their digests are being noted.</summary>
    Pending,

    /// <summary>Each is known with its digest.</summary>
    Noted,
}

/// <summary>One model under a registered name, for good.</summary>
public sealed record VersionResource
{
    /// <summary>The model it is a version of.</summary>
    public required string Model { get; init; }

    /// <summary>Its number, counted from 1 within the model.</summary>
    public required int Version { get; init; }

    /// <summary>What people say of it.</summary>
    public string? Description { get; init; }

    /// <summary>Its stage.</summary>
    public VersionStage Stage { get; init; }

    /// <summary>Where it came from, as whoever registered it said.</summary>
    public required string Source { get; init; }

    /// <summary>Where its files lie.</summary>
    public required string ArtifactUri { get; init; }

    /// <summary>How far its files are known.</summary>
    public FilesState Files { get; init; }

    /// <summary>
    /// One digest of all its files: that of the list which sha256sum prints of them, sorted by path; null until they are noted.
    /// </summary>
    public string? Digest { get; init; }

    /// <summary>The run that made it; often empty.</summary>
    public string RunId { get; set; } = "";

    /// <summary>The logged model that was registered; often empty.</summary>
    public string LoggedModelId { get; set; } = "";

    /// <summary>Who registered it.</summary>
    public string CreatedBy { get; set; } = "";

    /// <summary>When it was registered, in milliseconds since 1970, UTC.</summary>
    public long CreatedMs { get; init; }

    /// <summary>When it last changed, in milliseconds since 1970, UTC.</summary>
    public long UpdatedMs { get; init; }

    /// <summary>Its tags.</summary>
    public IReadOnlyDictionary<string, string> Tags { get; set; } = new Dictionary<string, string>();

    /// <summary>The aliases that mean it; left out in lists.</summary>
    public IReadOnlyList<string> Aliases { get; set; } = [];
}

/// <summary>What is said of a version to be made.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record VersionCreate
{
    /// <summary>
    /// Where its files are: <c>runs:/RUN/path</c>, <c>models:/m-ID</c> of a logged model, <c>models:/NAME/VERSION</c> of
    /// another version, or an address of a store.
    /// </summary>
    public required string Source { get; init; }

    /// <summary>The run that made it.</summary>
    public string RunId { get; set; } = "";

    /// <summary>The logged model that is registered.</summary>
    public string LoggedModelId { get; set; } = "";

    /// <summary>What people say of it.</summary>
    public string? Description { get; init; }

    /// <summary>Its tags.</summary>
    public IReadOnlyDictionary<string, string> Tags { get; set; } = new Dictionary<string, string>();
}

/// <summary>What changes of a version; what is left out stays as it is.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record VersionChange
{
    /// <summary>Another description.</summary>
    public string? Description { get; init; }

    /// <summary>Another stage.</summary>
    public VersionStage? Stage { get; init; }

    /// <summary>Archives the other versions of the stage.</summary>
    public bool ArchiveOthers { get; init; }

    /// <summary>Tags to set.</summary>
    public IReadOnlyDictionary<string, string> Tags { get; set; } = new Dictionary<string, string>();
}

/// <summary>One page of versions.</summary>
public sealed record VersionPage
{
    /// <summary>What this page holds, in the order asked for.</summary>
    public required IReadOnlyList<VersionResource> Items { get; init; }

    /// <summary>Asks for the page after this one; null on the last.</summary>
    public string? NextPageToken { get; init; }
}
