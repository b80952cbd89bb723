using System.Text.Json.Serialization;

namespace Slipway.Sdk.Registry;

/// <summary>The version that an alias is to mean.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record AliasPut
{
    /// <summary>The version.</summary>
    public required int Version { get; init; }

    /// <summary>
    /// The version that the alias means as far as the caller knows, 0 for none: where it means another by now, it stays. Null
    /// where that does not matter.
    /// </summary>
    public int? ExpectedVersion { get; init; }
}

/// <summary>What an alias or a stage did.</summary>
public sealed record MoveResource
{
    /// <summary>The alias; null where a stage changed.</summary>
    public string? Alias { get; init; }

    /// <summary>The version that it meant before, or whose stage changed.</summary>
    public int? FromVersion { get; init; }

    /// <summary>The version that it means since, or whose stage changed.</summary>
    public int? ToVersion { get; init; }

    /// <summary>The stage before.</summary>
    public VersionStage? FromStage { get; init; }

    /// <summary>The stage since.</summary>
    public VersionStage? ToStage { get; init; }

    /// <summary>Who did it.</summary>
    public required string Actor { get; init; }

    /// <summary>When, in milliseconds since 1970, UTC.</summary>
    public long MovedMs { get; init; }
}
