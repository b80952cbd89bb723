namespace Slipway.Identity;

/// <summary>What a grant can be given on.</summary>
public enum ResourceKind
{
    Workspace,
    Experiment,
    RegisteredModel,
}

/// <summary>One thing that grants are given on, inside the workspace of the caller who names it.</summary>
public readonly record struct Resource(ResourceKind Kind, string Id)
{
    public static Resource Workspace(string name) => new(ResourceKind.Workspace, name);

    public static Resource Experiment(string experimentId) => new(ResourceKind.Experiment, experimentId);

    public static Resource RegisteredModel(string name) => new(ResourceKind.RegisteredModel, name);
}
