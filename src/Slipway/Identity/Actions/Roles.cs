using Slipway.Foundation.Sql;
using Slipway.Identity.Storage;
using Slipway.Sdk;

namespace Slipway.Identity.Actions;

/// <summary>The verbs of roles. Who manages a workspace decides about its roles; a role's grants stay inside its workspace.</summary>
public sealed class Roles
{
    private readonly Ledger ledger;

    internal Roles(Ledger ledger) => this.ledger = ledger;

    public Task<Role> CreateAsync(
        Caller caller,
        string workspace,
        string name,
        string? description,
        CancellationToken cancellation = default
    )
    {
        caller.Require(Level.Manage, Resource.Workspace(workspace));
        IdentityRules.WorkspaceName(workspace);
        IdentityRules.Label(name);
        IdentityRules.Description(description);
        return ledger.WriteAsync(
            tx =>
            {
                RefuseTaken(tx, workspace, name);
                var role = RoleStore.Insert(tx, workspace, name, description);
                ledger.Tell(tx, IdentityEvents.Of(caller, IdentityEvents.RoleCreated, role));
                return role;
            },
            cancellation
        );
    }

    public Task<Role> GetAsync(Caller caller, long number, CancellationToken cancellation = default) =>
        ledger.ReadAsync(tx => Find(tx, caller, number), cancellation);

    /// <summary>The roles of a workspace, or of all where none is named.</summary>
    public Task<List<Role>> ListAsync(Caller caller, string? workspace, CancellationToken cancellation = default)
    {
        caller.Require(Level.Manage, workspace is null ? Resource.Server : Resource.Workspace(workspace));
        return ledger.ReadAsync(
            tx => workspace is null ? RoleStore.All(tx) : RoleStore.In(tx, workspace),
            cancellation
        );
    }

    public Task<Role> UpdateAsync(
        Caller caller,
        long number,
        string? name,
        string? description,
        CancellationToken cancellation = default
    )
    {
        if (name is null && description is null)
            throw Fault.Invalid("role.nothing_to_change", "Name or description has to be given.");
        if (name is not null)
            IdentityRules.Label(name);
        IdentityRules.Description(description);
        return ledger.WriteAsync(
            tx =>
            {
                var role = Find(tx, caller, number);
                if (name is not null && name != role.Name)
                    RefuseTaken(tx, role.Workspace, name);
                role = role with { Name = name ?? role.Name, Description = description ?? role.Description };
                RoleStore.Update(tx, role);
                ledger.Tell(tx, IdentityEvents.Of(caller, IdentityEvents.RoleChanged, role));
                return role;
            },
            cancellation
        );
    }

    public Task RemoveAsync(Caller caller, long number, CancellationToken cancellation = default) =>
        ledger.WriteAsync(
            tx =>
            {
                var role = Find(tx, caller, number);
                RoleStore.Remove(tx, number, ledger.NowMs);
                ledger.Tell(tx, IdentityEvents.Of(caller, IdentityEvents.RoleRemoved, role));
            },
            cancellation
        );

    /// <summary>Gives all who have the role a level on a thing of the role's workspace.</summary>
    public Task<Grant> GiveAsync(
        Caller caller,
        long number,
        Resource resource,
        Level level,
        CancellationToken cancellation = default
    ) =>
        ledger.WriteAsync(
            tx =>
            {
                var role = Find(tx, caller, number);
                if (
                    resource.Kind == ResourceKind.Server
                    || resource is { Kind: ResourceKind.Workspace } && resource.Id != role.Workspace
                )
                    throw Outside(role);
                tx.Lock("identity_roles");
                var holder = Holder.Role(number);
                if (GrantStore.Find(tx, holder, role.Workspace, resource) is not null)
                    throw Fault.Conflict(
                        "grant.exists",
                        $"The role '{role.Name}' was already given a level on {resource}."
                    );
                return Put(tx, caller, holder, role.Workspace, resource, level);
            },
            cancellation
        );

    /// <summary>Changes the level of a role's grant.</summary>
    public Task<Grant> ChangeAsync(
        Caller caller,
        long grantNumber,
        Level level,
        CancellationToken cancellation = default
    ) =>
        ledger.WriteAsync(
            tx =>
            {
                var grant = FindGrant(tx, caller, grantNumber);
                return Put(tx, caller, grant.Holder, grant.Workspace, grant.Resource, level);
            },
            cancellation
        );

    public Task TakeAsync(Caller caller, long grantNumber, CancellationToken cancellation = default) =>
        ledger.WriteAsync(
            tx =>
            {
                var grant = FindGrant(tx, caller, grantNumber);
                GrantStore.Take(tx, grant.Holder, grant.Workspace, grant.Resource, ledger.NowMs);
                ledger.Tell(tx, IdentityEvents.Of(caller, IdentityEvents.GrantTaken, grant));
            },
            cancellation
        );

    public Task<Membership> AssignAsync(
        Caller caller,
        long number,
        string userName,
        CancellationToken cancellation = default
    ) =>
        ledger.WriteAsync(
            tx =>
            {
                var role = Find(tx, caller, number);
                var user = Users.Find(tx, userName);
                tx.Lock("identity_roles");
                if (RoleStore.FindMember(tx, number, user.Number) is not null)
                    throw Fault.Conflict("role.assigned", $"'{userName}' has the role '{role.Name}' already.");
                ledger.Tell(tx, IdentityEvents.Of(caller, IdentityEvents.RoleAssigned, role, userName));
                return RoleStore.AddMember(tx, number, user);
            },
            cancellation
        );

    public Task UnassignAsync(Caller caller, long number, string userName, CancellationToken cancellation = default) =>
        ledger.WriteAsync(
            tx =>
            {
                var role = Find(tx, caller, number);
                var user = Users.Find(tx, userName);
                if (RoleStore.FindMember(tx, number, user.Number) is null)
                    throw Fault.NotFound("role.not_assigned", $"'{userName}' does not have the role '{role.Name}'.");
                RoleStore.RemoveMember(tx, number, user.Number);
                ledger.Tell(tx, IdentityEvents.Of(caller, IdentityEvents.RoleUnassigned, role, userName));
            },
            cancellation
        );

    public Task<List<Membership>> MembersAsync(Caller caller, long number, CancellationToken cancellation = default) =>
        ledger.ReadAsync(tx => RoleStore.Members(tx, Find(tx, caller, number).Number), cancellation);

    /// <summary>The roles of a user: all of them for the user themselves, for others those of workspaces they manage.</summary>
    public async Task<List<Role>> OfUserAsync(Caller caller, string userName, CancellationToken cancellation = default)
    {
        var roles = await ledger.ReadAsync(
            tx => UserStore.Find(tx, userName) is { } user ? RoleStore.OfUser(tx, user.Number) : null,
            cancellation
        );
        if (Users.IsSelf(caller, userName) || caller.Can(Level.Manage, Resource.Server))
            return roles ?? throw Users.NotFound(userName);
        var visible = (roles ?? []).FindAll(role => caller.Can(Level.Manage, Resource.Workspace(role.Workspace)));
        if (visible.Count == 0)
            caller.Require(Level.Manage, Resource.Server);
        return visible;
    }

    private Grant Put(Tx tx, Caller caller, Holder holder, string workspace, Resource resource, Level level)
    {
        var grant = GrantStore.Put(tx, holder, workspace, resource, level, ledger.NowMs);
        ledger.Tell(tx, IdentityEvents.Of(caller, IdentityEvents.GrantGiven, grant));
        return grant;
    }

    /// <summary>A role of a workspace that the caller does not manage is refused like one that is not there to manage.</summary>
    private static Role Find(Tx tx, Caller caller, long number)
    {
        var role = RoleStore.Find(tx, number);
        caller.Require(
            Level.Manage,
            role is null ? Resource.Workspace(caller.Workspace) : Resource.Workspace(role.Workspace)
        );
        return role ?? throw Fault.NotFound("role.not_found", $"Role with id={number} not found");
    }

    private static Grant FindGrant(Tx tx, Caller caller, long grantNumber)
    {
        var grant = GrantStore.FindOfRole(tx, grantNumber);
        caller.Require(Level.Manage, Resource.Workspace(grant?.Workspace ?? caller.Workspace));
        return grant ?? throw Fault.NotFound("grant.not_found", $"Role permission with id={grantNumber} not found");
    }

    private static void RefuseTaken(Tx tx, string workspace, string name)
    {
        tx.Lock("identity_roles");
        if (RoleStore.FindByName(tx, workspace, name) is not null)
            throw Fault.Conflict("role.exists", $"Role (name={name}, workspace={workspace}) already exists.");
    }

    private static Fault Outside(Role role) =>
        Fault.Invalid(
            "grant.outside",
            $"The role '{role.Name}' gives levels inside the workspace '{role.Workspace}' only."
        );
}
