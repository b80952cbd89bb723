namespace Slipway.Identity;

/// <summary>How much a grant allows; each level includes those before it.</summary>
public enum Level
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
