using System.Text.Json.Serialization;

namespace Slipway.Sdk.Identity;

/// <summary>Holds experiments, models and all that belongs to them; what is in one does not exist for another.</summary>
public sealed record WorkspaceResource
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>What it is for.</summary>
    public string Description { get; set; } = "";

    /// <summary>When it was made, in milliseconds since 1970, UTC.</summary>
    public long CreatedMs { get; init; }
}

/// <summary>What is said of a workspace to be made.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record WorkspaceCreate
{
    /// <summary>Its name: lower-case letters, digits and hyphens.</summary>
    public required string Name { get; init; }

    /// <summary>What it is for.</summary>
    public string Description { get; set; } = "";
}

/// <summary>What changes of a workspace.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record WorkspaceChange
{
    /// <summary>What it is for.</summary>
    public required string Description { get; init; }
}
