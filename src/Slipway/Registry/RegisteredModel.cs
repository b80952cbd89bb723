namespace Slipway.Registry;

/// <summary>
/// A name under which versions of a model are kept, so that whoever uses the model asks for it by name and not by the
/// run that made it. A prompt is kept in the same way, and told apart by a tag.
/// </summary>
public sealed record RegisteredModel
{
    /// <summary>The tag by which MLflow's clients tell prompts from models.</summary>
    public const string PromptTag = "mlflow.prompt.is_prompt";

    /// <summary>The small number that stands for the model in tables; never shown.</summary>
    internal long Number { get; init; }

    public required string Workspace { get; init; }

    public required string Name { get; init; }

    public string? Description { get; init; }

    public required long CreatedMs { get; init; }

    public required long UpdatedMs { get; init; }

    /// <summary>How many versions were ever made; their numbers are not given out again.</summary>
    public int VersionCount { get; init; }

    public IReadOnlyDictionary<string, string> Tags { get; init; } = NoTags;

    /// <summary>Which version each alias means, by alias.</summary>
    public IReadOnlyDictionary<string, int> Aliases { get; init; } = new Dictionary<string, int>();

    /// <summary>The newest version of each stage, the stage that was reached first in front.</summary>
    public IReadOnlyList<ModelVersion> LatestVersions { get; init; } = [];

    public bool IsPrompt => Tags.TryGetValue(PromptTag, out var value) && value == "true";

    internal static IReadOnlyDictionary<string, string> NoTags { get; } = new Dictionary<string, string>();
}

/// <summary>What a caller says of a model to be registered.</summary>
public sealed record NewRegisteredModel(string Name)
{
    public string? Description { get; init; }

    /// <summary>The last of each key counts.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Tags { get; init; } = [];
}
