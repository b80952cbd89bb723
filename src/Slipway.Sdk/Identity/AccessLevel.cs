namespace Slipway.Sdk.Identity;

/// <summary>How much a grant allows; each level includes those before it. On a workspace, read is a viewer, edit an editor and manage an admin.</summary>
public enum AccessLevel
{
    /// <summary>Nothing, not even to see it.</summary>
    None,

    /// <summary>To look at it.</summary>
    Read,

    /// <summary>To use it, and in a workspace to make things of one's own.</summary>
    Use,

    /// <summary>To change it.</summary>
    Edit,

    /// <summary>To delete it and to decide who else may do what.</summary>
    Manage,
}

/// <summary>What a grant can be given on.</summary>
public enum GrantKind
{
    /// <summary>A workspace, with all that is in it.</summary>
    Workspace,

    /// <summary>An experiment.</summary>
    Experiment,

    /// <summary>A registered model.</summary>
    RegisteredModel,

    /// <summary>The server itself.</summary>
    Server,
}
