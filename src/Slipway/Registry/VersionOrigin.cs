namespace Slipway.Registry;

/// <summary>
/// Where a version comes from, as far as the records told when it was registered: it stays true when the run is deleted
/// or tagged anew.
/// </summary>
public sealed record VersionOrigin
{
    /// <summary>The tag by which a run says which run of a pipeline it was part of.</summary>
    public const string PipelineRunTag = "slipway.pipeline_run";

    public string? ExperimentId { get; init; }

    public string? RunName { get; init; }

    /// <summary>The version whose files these are, as <c>name/number</c>, where it was copied from one.</summary>
    public string? CopiedFrom { get; init; }

    public CodeOrigin? Code { get; init; }

    /// <summary>The data that the run read.</summary>
    public IReadOnlyList<DatasetOrigin> Data { get; init; } = [];

    public string? PipelineRunId { get; init; }

    /// <summary>The files that say in which environment the model runs, by name.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = RegisteredModel.NoTags;

    /// <summary>What goes into the model and comes out of it, as its own description says.</summary>
    public ModelSignature? Signature { get; init; }

    /// <summary>The kinds of program that can load it, such as <c>sklearn</c> or <c>onnx</c>.</summary>
    public IReadOnlyList<string> Flavors { get; init; } = [];
}

/// <summary>The code that a run ran.</summary>
public sealed record CodeOrigin(string? Name, string? Repository, string? Branch, string? Commit, string? Diff);

/// <summary>A dataset in one state that a run read, and for what.</summary>
public sealed record DatasetOrigin(string Name, string Digest, string SourceType, string Source, string? Context);

/// <summary>The schemas of a model as JSON, in the form in which MLflow writes them.</summary>
public sealed record ModelSignature(string? Inputs, string? Outputs, string? Params);
