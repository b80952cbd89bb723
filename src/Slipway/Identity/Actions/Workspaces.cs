using Slipway.Foundation.Sql;
using Slipway.Identity.Storage;
using Slipway.Sdk;

namespace Slipway.Identity.Actions;

/// <summary>The verbs of workspaces: who manages the server makes them, their members see them.</summary>
public sealed class Workspaces
{
    private readonly Ledger ledger;

    internal Workspaces(Ledger ledger) => this.ledger = ledger;

    internal static void Seed(Tx tx, TimeProvider clock)
    {
        PeopleVersion.Ensure(tx);
        var nowMs = clock.GetUtcNow().ToUnixTimeMilliseconds();
        tx.Lock("identity_workspaces");
        if (WorkspaceStore.Find(tx, Caller.DefaultWorkspace) is null)
            WorkspaceStore.Insert(tx, new Workspace(Caller.DefaultWorkspace, "", nowMs));
        GrantStore.DropTaken(tx, nowMs - (long)(2 * AccessBook.Memory).TotalMilliseconds);
    }

    public Task<Workspace> CreateAsync(
        Caller caller,
        string name,
        string description,
        CancellationToken cancellation = default
    )
    {
        caller.Require(Level.Manage, Resource.Server);
        IdentityRules.WorkspaceName(name);
        IdentityRules.Description(description);
        return ledger.WriteAsync(
            tx =>
            {
                tx.Lock("identity_workspaces");
                if (WorkspaceStore.Find(tx, name) is not null)
                    throw Fault.Conflict("workspace.exists", $"There is a workspace '{name}' already.");
                var workspace = new Workspace(name, description, ledger.NowMs);
                WorkspaceStore.Insert(tx, workspace);
                ledger.Tell(tx, IdentityEvents.Of(caller, IdentityEvents.WorkspaceCreated, workspace));
                return workspace;
            },
            cancellation
        );
    }

    /// <summary>The workspaces in which the caller may do anything.</summary>
    public async Task<List<Workspace>> ListAsync(Caller caller, CancellationToken cancellation = default)
    {
        var all = await ledger.ReadAsync(WorkspaceStore.All, cancellation);
        return all.FindAll(workspace => caller.Can(Level.Read, Resource.Workspace(workspace.Name)));
    }

    public Task<Workspace> DescribeAsync(
        Caller caller,
        string name,
        string description,
        CancellationToken cancellation = default
    )
    {
        IdentityRules.Description(description);
        return ledger.WriteAsync(
            tx =>
            {
                var workspace = WorkspaceStore.Find(tx, name);
                if (workspace is null || !caller.Can(Level.Read, Resource.Workspace(name)))
                    throw Fault.NotFound("workspace.not_found", $"There is no workspace '{name}'.");
                caller.Require(Level.Manage, Resource.Workspace(name));
                workspace = workspace with { Description = description };
                WorkspaceStore.Update(tx, workspace);
                return workspace;
            },
            cancellation
        );
    }
}
