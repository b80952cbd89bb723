using System.Globalization;
using Slipway.Foundation.Events;

namespace Slipway.Identity;

/// <summary>What this slice states as facts. What follows from making a thing (its maker manages it) is told by the thing's own event.</summary>
public static class IdentityEvents
{
    public const string UserCreated = "user.created";
    public const string UserRemoved = "user.removed";
    public const string PasswordChanged = "user.password_changed";
    public const string AdminChanged = "user.admin_changed";
    public const string TokenCreated = "token.created";
    public const string TokenRevoked = "token.revoked";
    public const string RoleCreated = "role.created";
    public const string RoleChanged = "role.changed";
    public const string RoleRemoved = "role.removed";
    public const string RoleAssigned = "role.assigned";
    public const string RoleUnassigned = "role.unassigned";
    public const string GrantGiven = "grant.given";
    public const string GrantTaken = "grant.taken";
    public const string WorkspaceCreated = "workspace.created";
    public const string AccessDenied = "access.denied";

    internal static Event OfUser(
        Caller caller,
        string kind,
        string name,
        params ReadOnlySpan<(string Name, string? Value)> payload
    ) => By(caller, new Event(kind, "user", name) { Payload = EventPayload.Of(payload) });

    internal static Event Of(Caller caller, string kind, Token token) =>
        By(
            caller,
            new Event(kind, "token", token.Id)
            {
                Payload = EventPayload.Of(("user", token.UserName), ("name", token.Name), ("hint", token.Hint)),
            }
        );

    internal static Event Of(Caller caller, string kind, Role role, string? userName = null) =>
        By(
            caller,
            new Event(kind, "role", Text(role.Number))
            {
                Payload = EventPayload.Of(("name", role.Name), ("workspace", role.Workspace), ("user", userName)),
            }
        );

    internal static Event Of(Caller caller, string kind, Grant grant) =>
        By(
            caller,
            new Event(kind, Word(grant.Resource.Kind), grant.Resource.Id)
            {
                Payload = EventPayload.Of(
                    ("workspace", grant.Workspace),
                    (grant.Holder.Kind.ToString().ToLowerInvariant(), grant.HolderName),
                    ("level", grant.Level.ToString().ToLowerInvariant())
                ),
            }
        );

    internal static Event Of(Caller caller, string kind, Workspace workspace) =>
        By(caller, new Event(kind, "workspace", workspace.Name));

    private static Event By(Caller caller, Event happened) =>
        happened with
        {
            Workspace = caller.Workspace,
            Actor = caller.User,
            Address = caller.Address,
        };

    private static string Word(ResourceKind kind) =>
        kind == ResourceKind.RegisteredModel ? "registered_model" : kind.ToString().ToLowerInvariant();

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
