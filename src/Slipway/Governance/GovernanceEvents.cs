using System.Globalization;
using Slipway.Foundation.Events;
using Slipway.Identity;

namespace Slipway.Governance;

/// <summary>What this slice states as facts: who decided what about which version, and under which policy.</summary>
public static class GovernanceEvents
{
    public const string Scanned = "model_version.scanned";
    public const string ScanOverridden = "model_version.scan_overridden";
    public const string Decided = "model_version.decided";
    public const string Signed = "model_version.signed";
    public const string CardWritten = "model_version.card_written";
    public const string PolicySet = "policy.set";

    internal static Event OfVersion(
        Caller caller,
        string kind,
        string modelName,
        int version,
        params ReadOnlySpan<(string Name, string? Value)> fields
    ) =>
        new(kind, "model_version", $"{modelName}/{version.ToString(CultureInfo.InvariantCulture)}")
        {
            Workspace = caller.Workspace,
            Actor = caller.User,
            Address = caller.Address,
            Payload = EventPayload.Of([
                ("name", modelName),
                ("version", version.ToString(CultureInfo.InvariantCulture)),
                .. fields,
            ]),
        };

    internal static Event OfPolicy(Caller caller, Policy policy) =>
        new(PolicySet, "policy", policy.Number.ToString(CultureInfo.InvariantCulture))
        {
            Workspace = caller.Workspace,
            Actor = caller.User,
            Address = caller.Address,
        };
}
