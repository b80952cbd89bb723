namespace Slipway.Registry;

/// <summary>
/// One model under a registered name, for good: its number is never given out again, and where its files lie does not
/// change. What changes is what people say of it: description, tags, stage, aliases.
/// </summary>
public sealed record ModelVersion
{
    internal long ModelNumber { get; init; }

    public required string ModelName { get; init; }

    /// <summary>Counted from 1 within the model, without gaps.</summary>
    public required int Number { get; init; }

    public string? Description { get; init; }

    public Stage Stage { get; init; }

    /// <summary>Where the model came from, as whoever registered it said.</summary>
    public required string Source { get; init; }

    /// <summary>Where its files lie: the source, or what the source means where it names another model.</summary>
    public required string ArtifactUri { get; init; }

    /// <summary>The folder of this server's store in which they lie; null where they lie elsewhere.</summary>
    internal string? Place { get; init; }

    /// <summary>How far its files are known.</summary>
    public FilesState FilesState { get; init; }

    /// <summary>One digest of all its files, once they are noted.</summary>
    public string? Digest { get; init; }

    /// <summary>The run that made it, as far as whoever registered it said; else empty.</summary>
    public string RunId { get; init; } = "";

    /// <summary>An address at which people find that run; else empty.</summary>
    public string RunLink { get; init; } = "";

    /// <summary>The logged model that was registered; else empty.</summary>
    public string LoggedModelId { get; init; } = "";

    /// <summary>Who registered it.</summary>
    public string CreatedBy { get; init; } = "";

    public required long CreatedMs { get; init; }

    public required long UpdatedMs { get; init; }

    public IReadOnlyDictionary<string, string> Tags { get; init; } = RegisteredModel.NoTags;

    /// <summary>The aliases that mean this version; left out by searches.</summary>
    public IReadOnlyList<string> Aliases { get; init; } = [];

    internal bool IsOfPrompt => Tags.TryGetValue(RegisteredModel.PromptTag, out var value) && value == "true";
}

/// <summary>What a caller says of a version to be made.</summary>
public sealed record NewModelVersion(string ModelName, string Source)
{
    public string RunId { get; init; } = "";

    public string RunLink { get; init; } = "";

    public string LoggedModelId { get; init; } = "";

    public string? Description { get; init; }

    /// <summary>The last of each key counts.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Tags { get; init; } = [];

    internal bool IsOfPrompt => Tags.Any(tag => tag.Key == RegisteredModel.PromptTag);
}
