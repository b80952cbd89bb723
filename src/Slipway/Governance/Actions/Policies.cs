using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Slipway.Foundation.Events;
using Slipway.Foundation.Sql;
using Slipway.Governance.Signing;
using Slipway.Governance.Storage;
using Slipway.Identity;
using Slipway.Sdk;

namespace Slipway.Governance.Actions;

/// <summary>The verbs of policies: what a workspace demands of versions before they are promoted.</summary>
public sealed class Policies
{
    private const int RootLimit = 50;

    private readonly Db db;
    private readonly EventLog events;
    private readonly TimeProvider clock;

    internal Policies(Db db, EventLog events, TimeProvider clock)
    {
        this.db = db;
        this.events = events;
        this.clock = clock;
    }

    public Task<Policy> GetAsync(Caller caller, CancellationToken cancellation = default)
    {
        caller.Require(Level.Read, Resource.Workspace(caller.Workspace));
        return db.ReadAsync(tx => PolicyStore.Current(tx, caller.Workspace), cancellation);
    }

    /// <summary>Every policy that held, the last in front.</summary>
    public Task<List<PolicyChange>> HistoryAsync(Caller caller, CancellationToken cancellation = default)
    {
        caller.Require(Level.Read, Resource.Workspace(caller.Workspace));
        return db.ReadAsync(tx => PolicyStore.All(tx, caller.Workspace), cancellation);
    }

    /// <summary>Sets the policy. Approvals that were given before have to be given again: they were given under another.</summary>
    public Task<Policy> SetAsync(Caller caller, Policy policy, CancellationToken cancellation = default)
    {
        caller.Require(Level.Manage, Resource.Workspace(caller.Workspace));
        CheckTrust(policy.Trusted);
        if (policy.Signature && policy.Trusted.IsEmpty)
            throw Fault.Invalid(
                "policy.no_trust",
                "The policy demands a signature and trusts nobody, so nothing could be promoted.",
                "trusted",
                "Name a public key or an authority."
            );
        return db.WriteAsync(
            tx =>
            {
                tx.Lock($"governance policy {caller.Workspace}");
                var next = policy with { Number = PolicyStore.Current(tx, caller.Workspace).Number + 1 };
                var change = new PolicyChange(next, caller.User, clock.GetUtcNow().ToUnixTimeMilliseconds());
                PolicyStore.Add(tx, caller.Workspace, change);
                events.Append(tx, GovernanceEvents.OfPolicy(caller, next));
                return next;
            },
            cancellation
        );
    }

    private static void CheckTrust(TrustRoots trusted)
    {
        if (trusted.Keys.Count + trusted.Authorities.Count > RootLimit)
            throw Fault.Invalid(
                "policy.trust",
                $"A policy trusts at most {RootLimit} keys and authorities.",
                "trusted"
            );
        foreach (var pem in trusted.Keys)
            EllipticKey.ReadPublic(pem).Dispose();
        foreach (var pem in trusted.Authorities)
        {
            var certificates = new X509Certificate2Collection();
            try
            {
                certificates.ImportFromPem(pem);
            }
            catch (CryptographicException)
            {
                // None was read, which the next line says.
            }
            if (certificates.Count == 0 || pem.Contains("PRIVATE KEY", StringComparison.Ordinal))
                throw Fault.Invalid(
                    "policy.authority",
                    "An authority is named by its certificate in PEM form.",
                    "trusted"
                );
        }
    }
}
