using System.Collections.Concurrent;

namespace Slipway.Identity;

/// <summary>What one user or one role was given in one workspace; followed while it changes.</summary>
internal sealed class Holding
{
    public static readonly Holding Nothing = new();

    private readonly ConcurrentDictionary<Resource, Level> levels = [];

    public Level? On(Resource resource) => levels.TryGetValue(resource, out var level) ? level : null;

    /// <summary>Notes a grant, or with null that it was taken back.</summary>
    public void Set(Resource resource, Level? level)
    {
        if (level is { } given)
            levels[resource] = given;
        else
            levels.TryRemove(resource, out _);
    }
}

/// <summary>
/// What a user may do in one workspace, from the user's own grants and those of their roles. A grant on the thing itself
/// decides, the user's own before those of roles, so that it can also take away; else the grant on all things of its
/// kind; else the highest on the workspace. Who manages the workspace manages everything in it, whatever else is said:
/// otherwise a member could lock its owner out.
/// </summary>
internal sealed class Standing(string workspace, Holding own, IReadOnlyList<Holding> roles)
{
    public Level OnWorkspace => Highest(Resource.Workspace(workspace)) ?? Level.None;

    /// <summary>Whether anything was said about this workspace; the others do not exist for the user.</summary>
    public bool IsMember => Highest(Resource.Workspace(workspace)) is not null;

    public Level On(Resource resource)
    {
        var whole = OnWorkspace;
        if (whole == Level.Manage)
            return whole;
        return Decisive(resource) ?? Decisive(Resource.Every(resource.Kind)) ?? whole;
    }

    private Level? Decisive(Resource resource) => own.On(resource) ?? HighestOfRoles(resource);

    private Level? Highest(Resource resource) => Higher(own.On(resource), HighestOfRoles(resource));

    private Level? HighestOfRoles(Resource resource)
    {
        Level? highest = null;
        foreach (var role in roles)
            highest = Higher(highest, role.On(resource));
        return highest;
    }

    private static Level? Higher(Level? one, Level? other) =>
        one is null ? other
        : other is null || one >= other ? one
        : other;
}
