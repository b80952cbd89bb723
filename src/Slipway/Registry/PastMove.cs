namespace Slipway.Registry;

/// <summary>
/// What became of an alias or of a version's stage, by whom and when. Of an alias: which version it meant before and
/// means since, null for none. Of a stage: the version on both sides, and the stages.
/// </summary>
public sealed record PastMove
{
    /// <summary>Null where a stage changed.</summary>
    public string? Alias { get; init; }

    public int? FromVersion { get; init; }

    public int? ToVersion { get; init; }

    public Stage? FromStage { get; init; }

    public Stage? ToStage { get; init; }

    public required string Actor { get; init; }

    public required long MovedMs { get; init; }
}
