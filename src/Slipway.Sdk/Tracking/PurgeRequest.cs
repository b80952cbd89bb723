using System.Text.Json.Serialization;

namespace Slipway.Sdk.Tracking;

/// <summary>Asks to purge what has been in the bin for long: it cannot be restored afterwards.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record PurgeRequest
{
    /// <summary>What went into the bin at this time or before, in milliseconds since 1970, UTC.</summary>
    public required long DeletedBeforeMs { get; init; }

    /// <summary>Only counts what would be purged.</summary>
    public bool DryRun { get; init; }
}

/// <summary>What was purged, or would be.</summary>
public sealed record PurgeResult
{
    /// <summary>How many experiments.</summary>
    public required long Experiments { get; init; }

    /// <summary>How many runs.</summary>
    public required long Runs { get; init; }

    /// <summary>How many logged models.</summary>
    public long Models { get; init; }
}

/// <summary>Files that nothing names any more, which were removed or would be.</summary>
public sealed record LeftoversResult
{
    /// <summary>Folders of experiments, runs and logged models that are no more.</summary>
    public required long Folders { get; init; }

    /// <summary>How many files they hold.</summary>
    public required long Files { get; init; }

    /// <summary>How large these are together.</summary>
    public required long Bytes { get; init; }
}
