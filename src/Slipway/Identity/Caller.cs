using System.Security.Claims;
using Slipway.Sdk;

namespace Slipway.Identity;

/// <summary>
/// Who asks, in which workspace, and what the grants allow them: every verb takes one. Things of another workspace do
/// not exist for a caller; things of the same workspace without a grant are refused.
/// </summary>
public sealed class Caller(string user, string workspace, Func<Resource, Level> levelOn)
{
    public const string DefaultWorkspace = "default";

    public string User { get; } = user;

    public string Workspace { get; } = workspace;

    /// <summary>Where the request came from, for the audit record; empty inside the server.</summary>
    public string Address { get; init; } = "";

    /// <summary>The user's number; 0 for the operator, who is no user.</summary>
    internal long UserNumber { get; init; }

    /// <summary>The operator of a server without login, and the server itself: may do everything.</summary>
    public static Caller Operator(string user = "operator", string workspace = DefaultWorkspace) =>
        new(user, workspace, _ => Level.Manage);

    /// <summary>The caller that authentication attached to a request.</summary>
    public static Caller Of(ClaimsPrincipal principal) =>
        (principal as CallerPrincipal)?.Caller
        ?? throw new Fault(FaultKind.Unauthenticated, "identity.unauthenticated", "You are not authenticated.");

    public Level LevelOn(Resource resource) => levelOn(resource);

    public bool Can(Level level, Resource resource) => levelOn(resource) >= level;

    /// <summary>Refuses unless a grant on the resource, or on the workspace that holds it, reaches the level.</summary>
    public void Require(Level level, Resource resource)
    {
        if (!Can(level, resource))
            throw Fault.Denied(
                "identity.denied",
                $"Permission denied: {User} needs the level '{level.ToString().ToLowerInvariant()}' for this."
            );
    }

    /// <summary>Refuses unless the caller may make new things in the workspace.</summary>
    public void RequireToCreate() => Require(Level.Use, Resource.Workspace(Workspace));
}

/// <summary>Carries the caller through ASP.NET's own notion of a user.</summary>
public sealed class CallerPrincipal(Caller caller) : ClaimsPrincipal(new ClaimsIdentity("slipway"))
{
    public Caller Caller { get; } = caller;
}
