namespace Slipway.Sdk.Registry;

/// <summary>Where a version comes from, as it was when it was registered.</summary>
public sealed record VersionOriginResource
{
    /// <summary>The run that made it; often empty.</summary>
    public string RunId { get; set; } = "";

    /// <summary>What the run was called.</summary>
    public string? RunName { get; init; }

    /// <summary>The experiment of the run.</summary>
    public string? ExperimentId { get; init; }

    /// <summary>The version whose files these are, as <c>name/number</c>, where it was copied from one.</summary>
    public string? CopiedFrom { get; init; }

    /// <summary>The run of a pipeline that the run was part of.</summary>
    public string? PipelineRunId { get; init; }

    /// <summary>The program that ran.</summary>
    public string? CodeName { get; init; }

    /// <summary>The repository of its code.</summary>
    public string? CodeRepository { get; init; }

    /// <summary>The branch of its code.</summary>
    public string? CodeBranch { get; init; }

    /// <summary>The commit of its code.</summary>
    public string? CodeCommit { get; init; }

    /// <summary>What differed from the commit.</summary>
    public string? CodeDiff { get; init; }

    /// <summary>The data that the run read.</summary>
    public IReadOnlyList<DatasetUse> Datasets { get; set; } = [];

    /// <summary>The files that say in which environment the model runs, by name.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; set; } = new Dictionary<string, string>();

    /// <summary>The kinds of program that can load it.</summary>
    public IReadOnlyList<string> Flavors { get; set; } = [];

    /// <summary>The schema of what goes in, as JSON in MLflow's form.</summary>
    public string? SignatureInputs { get; init; }

    /// <summary>The schema of what comes out.</summary>
    public string? SignatureOutputs { get; init; }

    /// <summary>The schema of parameters.</summary>
    public string? SignatureParams { get; init; }
}

/// <summary>A dataset in one state that a run read.</summary>
public sealed record DatasetUse
{
    /// <summary>What it is called.</summary>
    public required string Name { get; init; }

    /// <summary>Its state.</summary>
    public required string Digest { get; init; }

    /// <summary>Where it lies, in the form that the kind of source has.</summary>
    public string Source { get; set; } = "";

    /// <summary>The kind of source.</summary>
    public string SourceType { get; set; } = "";

    /// <summary>What it was read for, such as <c>training</c>.</summary>
    public string? Context { get; init; }
}
