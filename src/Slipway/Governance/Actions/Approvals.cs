using Slipway.Foundation.Events;
using Slipway.Foundation.Sql;
using Slipway.Governance.Storage;
using Slipway.Identity;
using Slipway.Registry;
using Slipway.Registry.Actions;
using Slipway.Sdk;

namespace Slipway.Governance.Actions;

/// <summary>
/// The verbs of decisions about versions. Taking an approval back takes the version out of use in the same transaction:
/// its aliases go to the newest version that is still approved, or mean nothing.
/// </summary>
public sealed class Approvals
{
    private readonly Db db;
    private readonly ModelVersions versions;
    private readonly Aliases aliases;
    private readonly VersionScans scans;
    private readonly EventLog events;
    private readonly TimeProvider clock;

    internal Approvals(
        Db db,
        ModelVersions versions,
        Aliases aliases,
        VersionScans scans,
        EventLog events,
        TimeProvider clock
    )
    {
        this.db = db;
        this.versions = versions;
        this.aliases = aliases;
        this.scans = scans;
        this.events = events;
        this.clock = clock;
    }

    /// <summary>What was decided about the version, the last in front.</summary>
    public async Task<List<Decision>> HistoryAsync(
        Caller caller,
        string modelName,
        int number,
        CancellationToken cancellation = default
    )
    {
        var version = await versions.GetAsync(caller, modelName, number, cancellation);
        return await db.ReadAsync(tx => DecisionStore.All(tx, version.ModelNumber, number), cancellation);
    }

    /// <summary>
    /// Decides about the version as its files are now. With a digest it is refused where the files are not the ones that
    /// the caller looked at.
    /// </summary>
    public async Task<Decision> DecideAsync(
        Caller caller,
        string modelName,
        int number,
        ApprovalStatus status,
        string reason,
        string? digest = null,
        CancellationToken cancellation = default
    )
    {
        VersionScans.RequireReason(reason);
        var version = await versions.GetAsync(caller, modelName, number, cancellation);
        caller.Require(Level.Manage, Resource.RegisteredModel(modelName));
        if (status == ApprovalStatus.Approved)
            await scans.EnsureAsync(caller, version, cancellation);
        return await db.WriteAsync(
            tx =>
            {
                var found = ModelVersions.FindForUpdate(tx, caller, modelName, number, Level.Manage, out var model);
                var decision = Decided(tx, caller, found, status, reason, digest);
                DecisionStore.Add(tx, found.ModelNumber, number, decision);
                events.Append(
                    tx,
                    GovernanceEvents.OfVersion(
                        caller,
                        GovernanceEvents.Decided,
                        modelName,
                        number,
                        ("status", status.ToString().ToLowerInvariant()),
                        ("reason", reason),
                        ("digest", decision.Digest)
                    )
                );
                if (status == ApprovalStatus.Rejected)
                    TakeOutOfUse(tx, caller, model, found);
                return decision;
            },
            cancellation
        );
    }

    private Decision Decided(
        Tx tx,
        Caller caller,
        ModelVersion version,
        ApprovalStatus status,
        string reason,
        string? digest
    )
    {
        var standing = VersionScans.StandingOf(tx, caller.Workspace, version);
        var seen = standing.Scan?.Digest ?? GovernedFiles.DigestOf(version);
        if (digest is not null && digest != seen)
            throw Fault.Conflict(
                "approval.other_files",
                $"Version {version.Number} of '{version.ModelName}' has other files than those that were looked at.",
                "Look at the version again and decide about what it is now."
            );
        if (status == ApprovalStatus.Approved && standing.Policy.FourEyes && version.CreatedBy == caller.User)
            throw new Fault(
                FaultKind.Denied,
                "approval.own_version",
                $"'{caller.User}' registered version {version.Number} of '{version.ModelName}' and cannot approve it too.",
                "The policy of this workspace wants somebody else to look at it."
            );
        return new Decision
        {
            Number = (standing.Decision?.Number ?? 0) + 1,
            Status = status,
            Actor = caller.User,
            Reason = reason,
            DecidedMs = clock.GetUtcNow().ToUnixTimeMilliseconds(),
            Digest = seen,
            PolicyNumber = standing.Policy.Number,
        };
    }

    private void TakeOutOfUse(Tx tx, Caller caller, RegisteredModel model, ModelVersion rejected)
    {
        foreach (var alias in Aliases.Of(tx, rejected))
        {
            if (!TryMoveBack(tx, caller, model, rejected, alias))
                aliases.Drop(tx, caller, model, alias);
        }
        if (rejected.Stage.IsActive())
            versions.Move(tx, caller, model, rejected, Stage.Archived);
    }

    /// <summary>The newest version that is approved and that every gate lets through takes its place.</summary>
    private bool TryMoveBack(Tx tx, Caller caller, RegisteredModel model, ModelVersion rejected, string alias)
    {
        foreach (var number in DecisionStore.ApprovedVersions(tx, rejected.ModelNumber))
        {
            try
            {
                var version = ModelVersions.FindForUpdate(tx, caller, model.Name, number, Level.Edit, out _);
                aliases.Move(tx, caller, model, alias, version);
                return true;
            }
            catch (Fault fault) when (fault.Kind is FaultKind.Denied or FaultKind.NotFound or FaultKind.Busy)
            {
                // This one cannot stand in by now; perhaps an earlier one can.
            }
        }
        return false;
    }
}
