using Slipway.Foundation.Events;
using Slipway.Foundation.Sql;
using Slipway.Identity;

namespace Slipway.Governance.Actions;

/// <summary>
/// The record of everything that happened, for those who answer for it: who manages a workspace reads what happened in
/// it, who manages the server reads all of it and proves that it is as it was written.
/// </summary>
public sealed class AuditTrail(Db db, AnchorFile anchors)
{
    public const int PageLimit = 1000;

    /// <summary>Events of the caller's workspace, or of all where the caller manages the server and says so.</summary>
    public async Task<IReadOnlyList<ChainedEvent>> ReadAsync(
        Caller caller,
        EventQuery query,
        bool everywhere,
        CancellationToken cancellation = default
    )
    {
        caller.Require(Level.Manage, everywhere ? Resource.Server : Resource.Workspace(caller.Workspace));
        var asked = query with { Workspace = everywhere ? "" : caller.Workspace };
        return await db.ReadAsync(tx => EventLog.Before(tx, asked), cancellation);
    }

    /// <summary>Goes through all of the record, beside what the server wrote down of it elsewhere.</summary>
    public async Task<ChainReport> VerifyAsync(Caller caller, CancellationToken cancellation = default)
    {
        caller.Require(Level.Manage, Resource.Server);
        return await db.ReadAsync(tx => ChainVerifier.Verify(tx, anchors.Read()), cancellation);
    }
}
