using System.Text.Json.Serialization;

namespace Slipway.Sdk.Tracking;

/// <summary>How far a logged model has come.</summary>
public enum LoggedModelStatus
{
    /// <summary>Its files are being written.</summary>
    Pending,

    /// <summary>Its files are all there.</summary>
    Ready,

    /// <summary>Its files will never all be there.</summary>
    UploadFailed,
}

/// <summary>A model that came out of training, before anybody has registered it.</summary>
public sealed record LoggedModelResource
{
    /// <summary>Its id, which begins with <c>m-</c>.</summary>
    public required string Id { get; init; }

    /// <summary>The experiment it belongs to.</summary>
    public required string ExperimentId { get; init; }

    /// <summary>Its name; several models may have the same.</summary>
    public required string Name { get; init; }

    /// <summary>A word of whoever logged it, such as <c>agent</c>; often empty.</summary>
    public string Type { get; set; } = "";

    /// <summary>The run that made it; often empty.</summary>
    public string SourceRunId { get; set; } = "";

    /// <summary>How far it has come.</summary>
    public LoggedModelStatus Status { get; init; }

    /// <summary>Where its files are.</summary>
    public required string ArtifactUri { get; init; }

    /// <summary>When it was made, in milliseconds since 1970, UTC.</summary>
    public long CreatedMs { get; init; }

    /// <summary>When it was last changed, in milliseconds since 1970, UTC.</summary>
    public long UpdatedMs { get; init; }

    /// <summary>What it was made with; a parameter never changes once logged.</summary>
    public IReadOnlyDictionary<string, string> Params { get; set; } = new Dictionary<string, string>();

    /// <summary>Its tags.</summary>
    public IReadOnlyDictionary<string, string> Tags { get; set; } = new Dictionary<string, string>();

    /// <summary>What runs measured on it, whichever run made it.</summary>
    public IReadOnlyList<ModelMeasurement> Metrics { get; set; } = [];
}

/// <summary>A value that a run measured on a model.</summary>
public sealed record ModelMeasurement
{
    /// <summary>The run that measured it.</summary>
    public required string RunId { get; init; }

    /// <summary>The metric.</summary>
    public required string Key { get; init; }

    /// <summary>How much.</summary>
    public required double Value { get; init; }

    /// <summary>At which step of training.</summary>
    public long Step { get; init; }

    /// <summary>When, in milliseconds since 1970, UTC.</summary>
    public long TimestampMs { get; init; }

    /// <summary>The dataset it was measured on, where that was said.</summary>
    public string? DatasetName { get; init; }

    /// <summary>The state of that dataset.</summary>
    public string? DatasetDigest { get; init; }
}

/// <summary>What is said of a model to be logged.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record LoggedModelCreate
{
    /// <summary>The experiment it belongs to.</summary>
    public required string ExperimentId { get; init; }

    /// <summary>Its name; null for one that the server makes up.</summary>
    public string? Name { get; init; }

    /// <summary>A word of your own, such as <c>agent</c>.</summary>
    public string Type { get; set; } = "";

    /// <summary>The run that makes it.</summary>
    public string SourceRunId { get; set; } = "";

    /// <summary>What it is made with.</summary>
    public IReadOnlyDictionary<string, string> Params { get; set; } = new Dictionary<string, string>();

    /// <summary>Its tags.</summary>
    public IReadOnlyDictionary<string, string> Tags { get; set; } = new Dictionary<string, string>();
}

/// <summary>What changes of a logged model; what is left out stays as it is.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record LoggedModelChange
{
    /// <summary>How far it has come.</summary>
    public LoggedModelStatus? Status { get; init; }

    /// <summary>Parameters to add; one that was logged before must have the same value.</summary>
    public IReadOnlyDictionary<string, string> Params { get; set; } = new Dictionary<string, string>();

    /// <summary>Tags to set.</summary>
    public IReadOnlyDictionary<string, string> Tags { get; set; } = new Dictionary<string, string>();
}

/// <summary>What a search for logged models asks.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record LoggedModelQuery
{
    /// <summary>The experiments to search; those that do not exist hold no models.</summary>
    public required IReadOnlyList<string> ExperimentIds { get; init; }

    /// <summary>A condition such as <c>metrics.f1 &gt; 0.9 AND params.model = 'gbt'</c>; null for all.</summary>
    public string? Filter { get; init; }

    /// <summary>Fields such as <c>metrics.f1 DESC</c>; newest first where nothing is said.</summary>
    public IReadOnlyList<string> OrderBy { get; set; } = [];

    /// <summary>How many models come at a time, at most 50,000.</summary>
    public int PageSize { get; set; } = 1000;

    /// <summary>Where to go on, as the page before said it.</summary>
    public string? PageToken { get; init; }
}

/// <summary>One page of logged models.</summary>
public sealed record LoggedModelPage
{
    /// <summary>What this page holds, in the order asked for.</summary>
    public required IReadOnlyList<LoggedModelResource> Items { get; init; }

    /// <summary>Asks for the page after this one; null on the last.</summary>
    public string? NextPageToken { get; init; }
}
