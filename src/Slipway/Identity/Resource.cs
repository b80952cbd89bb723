namespace Slipway.Identity;

/// <summary>What a grant can be given on.</summary>
public enum ResourceKind
{
    Workspace,
    Experiment,
    RegisteredModel,

    /// <summary>The server itself, with its people and workspaces; who manages it may do everything.</summary>
    Server,
}

/// <summary>One thing that grants are given on, inside the workspace of the caller who names it.</summary>
public readonly record struct Resource(ResourceKind Kind, string Id)
{
    public static readonly Resource Server = new(ResourceKind.Server, "");

    public static Resource Workspace(string name) => new(ResourceKind.Workspace, name);

    public static Resource Experiment(string experimentId) => new(ResourceKind.Experiment, experimentId);

    public static Resource RegisteredModel(string name) => new(ResourceKind.RegisteredModel, name);

    /// <summary>All experiments, or all registered models, of the workspace; a thing's own grant goes before it.</summary>
    public static Resource Every(ResourceKind kind) => new(kind, "");

    public override string ToString() =>
        (Kind, Id) switch
        {
            (ResourceKind.Server, _) => "the server",
            (ResourceKind.Workspace, _) => $"the workspace '{Id}'",
            (ResourceKind.Experiment, "") => "every experiment",
            (ResourceKind.RegisteredModel, "") => "every registered model",
            (ResourceKind.Experiment, _) => $"the experiment {Id}",
            _ => $"the registered model '{Id}'",
        };
}
