using System.Text.Json.Serialization;

namespace Slipway.Sdk.Registry;

/// <summary>A name under which versions of a model are kept.</summary>
public sealed record ModelResource
{
    /// <summary>The name, which is unique in its workspace.</summary>
    public required string Name { get; init; }

    /// <summary>What people say of it.</summary>
    public string? Description { get; init; }

    /// <summary>Whether it is a prompt and not a model.</summary>
    public bool IsPrompt { get; init; }

    /// <summary>When it was registered, in milliseconds since 1970, UTC.</summary>
    public long CreatedMs { get; init; }

    /// <summary>When it or its versions last changed, in milliseconds since 1970, UTC.</summary>
    public long UpdatedMs { get; init; }

    /// <summary>How many versions were ever made, the deleted ones among them.</summary>
    public int VersionCount { get; init; }

    /// <summary>Its tags.</summary>
    public IReadOnlyDictionary<string, string> Tags { get; set; } = new Dictionary<string, string>();

    /// <summary>Which version each alias means.</summary>
    public IReadOnlyDictionary<string, int> Aliases { get; set; } = new Dictionary<string, int>();

    /// <summary>The newest version of each stage.</summary>
    public IReadOnlyList<VersionResource> LatestVersions { get; set; } = [];
}

/// <summary>What is said of a model to be registered.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record ModelCreate
{
    /// <summary>The name, without slash and colon.</summary>
    public required string Name { get; init; }

    /// <summary>What people say of it.</summary>
    public string? Description { get; init; }

    /// <summary>Its tags.</summary>
    public IReadOnlyDictionary<string, string> Tags { get; set; } = new Dictionary<string, string>();
}

/// <summary>What changes of a model; what is left out stays as it is.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record ModelChange
{
    /// <summary>Another name; versions, aliases and grants go with it.</summary>
    public string? Name { get; init; }

    /// <summary>Another description.</summary>
    public string? Description { get; init; }

    /// <summary>Tags to set.</summary>
    public IReadOnlyDictionary<string, string> Tags { get; set; } = new Dictionary<string, string>();
}

/// <summary>One page of models.</summary>
public sealed record ModelPage
{
    /// <summary>What this page holds, in the order asked for.</summary>
    public required IReadOnlyList<ModelResource> Items { get; init; }

    /// <summary>Asks for the page after this one; null on the last.</summary>
    public string? NextPageToken { get; init; }
}
