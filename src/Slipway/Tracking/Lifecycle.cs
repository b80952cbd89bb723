namespace Slipway.Tracking;

/// <summary>Whether a thing is in use or in the bin, from which it can be restored until it is purged.</summary>
public enum Lifecycle
{
    Active,
    Deleted,
}

/// <summary>Which lifecycles a search covers.</summary>
public enum View
{
    ActiveOnly,
    DeletedOnly,
    All,
}

/// <summary>A key with its text, as tags and parameters have it.</summary>
public readonly record struct Entry(string Key, string Value);
