using Slipway.Foundation.Sql;
using Slipway.Identity.Storage;
using Slipway.Sdk;

namespace Slipway.Identity.Actions;

/// <summary>
/// The verbs of the table of grants. Who manages a thing decides about grants on it, also before the thing is there. The
/// methods that take a transaction belong into the transaction that makes, renames or removes the thing itself.
/// </summary>
public sealed class Grants
{
    private readonly Ledger ledger;

    internal Grants(Ledger ledger) => this.ledger = ledger;

    /// <summary>Who makes a thing manages it. Nobody in particular does on a server without login.</summary>
    public void GiveToCreator(Tx tx, Caller caller, Resource resource)
    {
        // Their number may be somebody else's by now.
        if (caller.UserNumber == 0 || UserStore.Find(tx, caller.UserNumber)?.Name != caller.User)
            return;
        GrantStore.Put(tx, Holder.User(caller.UserNumber), caller.Workspace, resource, Level.Manage, ledger.NowMs);
        ledger.Changed(tx);
    }

    /// <summary>For a thing that is gone for good.</summary>
    public void Forget(Tx tx, string workspace, Resource resource)
    {
        GrantStore.TakeAll(tx, workspace, resource, ledger.NowMs);
        ledger.Changed(tx);
    }

    /// <summary>For a thing that has another name from now on: whatever was given on the new name before gives way.</summary>
    public void Rename(Tx tx, string workspace, Resource from, Resource to)
    {
        var moved = GrantStore.On(tx, workspace, from);
        GrantStore.TakeAll(tx, workspace, to, ledger.NowMs);
        GrantStore.TakeAll(tx, workspace, from, ledger.NowMs);
        foreach (var grant in moved)
            GrantStore.Put(tx, grant.Holder, workspace, to, grant.Level, ledger.NowMs);
        ledger.Changed(tx);
    }

    /// <summary>Gives a user a level, in place of what they were given on the thing before.</summary>
    public Task<Grant> PutAsync(
        Caller caller,
        string userName,
        Resource resource,
        Level level,
        CancellationToken cancellation = default
    ) => GiveAsync(caller, userName, resource, level, null, cancellation);

    /// <summary>Gives a user a level where they have none of their own on the thing.</summary>
    public Task<Grant> AddAsync(
        Caller caller,
        string userName,
        Resource resource,
        Level level,
        CancellationToken cancellation = default
    ) => GiveAsync(caller, userName, resource, level, false, cancellation);

    /// <summary>Changes the level a user was given on the thing.</summary>
    public Task<Grant> ChangeAsync(
        Caller caller,
        string userName,
        Resource resource,
        Level level,
        CancellationToken cancellation = default
    ) => GiveAsync(caller, userName, resource, level, true, cancellation);

    /// <summary>What a user was given on the thing itself.</summary>
    public Task<Grant> GetAsync(
        Caller caller,
        string userName,
        Resource resource,
        CancellationToken cancellation = default
    )
    {
        caller.Require(Level.Manage, resource);
        return ledger.ReadAsync(
            tx =>
                GrantStore.Find(
                    tx,
                    Holder.User(Users.Find(tx, userName).Number),
                    WorkspaceOf(caller, resource),
                    resource
                ) ?? throw NotFound(userName, resource),
            cancellation
        );
    }

    public Task TakeAsync(Caller caller, string userName, Resource resource, CancellationToken cancellation = default)
    {
        RequireToGive(caller, resource);
        return ledger.WriteAsync(
            tx =>
            {
                var holder = Holder.User(Users.Find(tx, userName).Number);
                var workspace = WorkspaceOf(caller, resource);
                var grant = GrantStore.Find(tx, holder, workspace, resource) ?? throw NotFound(userName, resource);
                GrantStore.Take(tx, holder, workspace, resource, ledger.NowMs);
                ledger.Tell(tx, IdentityEvents.Of(caller, IdentityEvents.GrantTaken, grant));
            },
            cancellation
        );
    }

    /// <summary>All that a user was given; for themselves and for who manages the server.</summary>
    public Task<List<Grant>> OfUserAsync(Caller caller, string userName, CancellationToken cancellation = default)
    {
        Users.RequireSelfOrAdmin(caller, userName);
        return ledger.ReadAsync(tx => GrantStore.Of(tx, Holder.User(Users.Find(tx, userName).Number)), cancellation);
    }

    /// <summary>All that was given on a thing.</summary>
    public Task<List<Grant>> OnAsync(Caller caller, Resource resource, CancellationToken cancellation = default)
    {
        caller.Require(Level.Manage, resource);
        return ledger.ReadAsync(tx => GrantStore.On(tx, WorkspaceOf(caller, resource), resource), cancellation);
    }

    // "present" says whether there has to be a grant already; null where it does not matter.
    private Task<Grant> GiveAsync(
        Caller caller,
        string userName,
        Resource resource,
        Level level,
        bool? present,
        CancellationToken cancellation
    )
    {
        RequireToGive(caller, resource);
        return ledger.WriteAsync(
            tx =>
            {
                var holder = Holder.User(Users.Find(tx, userName).Number);
                var workspace = WorkspaceOf(caller, resource);
                if (
                    present is { } expected
                    && (GrantStore.Find(tx, holder, workspace, resource) is not null) != expected
                )
                    throw expected
                        ? NotFound(userName, resource)
                        : Fault.Conflict("grant.exists", $"'{userName}' was already given a level on {resource}.");
                var grant = GrantStore.Put(tx, holder, workspace, resource, level, ledger.NowMs);
                ledger.Tell(tx, IdentityEvents.Of(caller, IdentityEvents.GrantGiven, grant));
                return grant;
            },
            cancellation
        );
    }

    /// <summary>Power over the server has its own verb, which keeps the last administrator.</summary>
    private static void RequireToGive(Caller caller, Resource resource)
    {
        if (resource.Kind == ResourceKind.Server)
            throw Fault.Invalid("grant.server", "Who manages the server is set on the user.", "resource");
        caller.Require(Level.Manage, resource);
    }

    internal static string WorkspaceOf(Caller caller, Resource resource) =>
        resource.Kind switch
        {
            ResourceKind.Server => "",
            ResourceKind.Workspace => resource.Id,
            _ => caller.Workspace,
        };

    private static Fault NotFound(string userName, Resource resource) =>
        Fault.NotFound("grant.not_found", $"'{userName}' was given nothing on {resource} itself.");
}
