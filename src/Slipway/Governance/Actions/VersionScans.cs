using System.Globalization;
using Slipway.Foundation.Events;
using Slipway.Foundation.Jobs;
using Slipway.Foundation.Sql;
using Slipway.Governance.Storage;
using Slipway.Identity;
using Slipway.Registry;
using Slipway.Registry.Actions;
using Slipway.Sdk;

namespace Slipway.Governance.Actions;

/// <summary>
/// The verbs of scans of registered versions. Each version is scanned when it is registered, and again before it is
/// promoted if its files have changed since.
/// </summary>
public sealed class VersionScans
{
    internal const string Kind = "governance.scan";

    // What a promotion waits for; a larger model is scanned by a job, and the promotion is asked for again.
    private const long PromptBytes = 64L << 20;
    private const int ReasonLimit = 2000;

    private readonly Db db;
    private readonly ModelVersions versions;
    private readonly GovernedFiles files;
    private readonly JobBoard board;
    private readonly EventLog events;
    private readonly TimeProvider clock;

    internal VersionScans(
        Db db,
        ModelVersions versions,
        GovernedFiles files,
        JobBoard board,
        EventLog events,
        TimeProvider clock
    )
    {
        this.db = db;
        this.versions = versions;
        this.files = files;
        this.board = board;
        this.events = events;
        this.clock = clock;
    }

    /// <summary>What is known of the version; the scan is missing until it was made.</summary>
    public async Task<VersionStanding> StandingAsync(
        Caller caller,
        string modelName,
        int number,
        CancellationToken cancellation = default
    )
    {
        var version = await versions.GetAsync(caller, modelName, number, cancellation);
        return await db.ReadAsync(tx => StandingOf(tx, caller.Workspace, version), cancellation);
    }

    /// <summary>Scans the files as they are now, and waits for it.</summary>
    public async Task<VersionScan> ScanAsync(
        Caller caller,
        string modelName,
        int number,
        CancellationToken cancellation = default
    )
    {
        var version = await versions.GetAsync(caller, modelName, number, cancellation);
        caller.Require(Level.Edit, Resource.RegisteredModel(modelName));
        return await RunAsync(caller, version, cancellation);
    }

    /// <summary>
    /// Lets these very files through in spite of what the scan found: on the word of somebody who manages the workspace, with
    /// their reason, for as long as the files do not change.
    /// </summary>
    public async Task OverrideAsync(
        Caller caller,
        string modelName,
        int number,
        string reason,
        CancellationToken cancellation = default
    )
    {
        caller.Require(Level.Manage, Resource.Workspace(caller.Workspace));
        RequireReason(reason);
        await db.WriteAsync(
            tx =>
            {
                var version = ModelVersions.FindForUpdate(tx, caller, modelName, number, Level.Read, out _);
                if (ScanStore.Find(tx, version.ModelNumber, number) is not { } scan)
                    throw Pending(modelName, number);
                var made = new ScanOverride(scan.Digest, caller.User, reason, Now());
                ScanStore.Put(tx, version.ModelNumber, number, made);
                events.Append(
                    tx,
                    GovernanceEvents.OfVersion(
                        caller,
                        GovernanceEvents.ScanOverridden,
                        modelName,
                        number,
                        ("digest", scan.Digest),
                        ("reason", reason)
                    )
                );
            },
            cancellation
        );
    }

    internal static VersionStanding StandingOf(Tx tx, string workspace, ModelVersion version)
    {
        var scan = ScanStore.Find(tx, version.ModelNumber, version.Number);
        return new VersionStanding
        {
            Scan = scan,
            Override = scan is null
                ? null
                : ScanStore.FindOverride(tx, version.ModelNumber, version.Number, scan.Digest),
            Decision = DecisionStore.Last(tx, version.ModelNumber, version.Number),
            Signature = SignatureStore.Find(tx, version.ModelNumber, version.Number),
            Cards = CardStore.Count(tx, version.ModelNumber, version.Number),
            Policy = PolicyStore.Current(tx, workspace),
        };
    }

    /// <summary>Makes sure that what is known is about the files as they are; a large model takes a job and some patience.</summary>
    internal async Task EnsureAsync(Caller caller, ModelVersion version, CancellationToken cancellation)
    {
        var manifest = await files.ManifestAsync(version, cancellation);
        var digest = DigestOf(version, manifest);
        var known = await db.ReadAsync(tx => ScanStore.Find(tx, version.ModelNumber, version.Number), cancellation);
        if (known?.Digest == digest)
            return;
        if (manifest.Files.Sum(file => file.SizeBytes) <= PromptBytes)
        {
            await RunAsync(caller, version, cancellation);
            return;
        }
        await db.WriteAsync(tx => Ask(tx, caller.Workspace, version.ModelName, version.Number), cancellation);
        throw Pending(version.ModelName, version.Number);
    }

    /// <summary>Scans the version unless that was done already, however large it is.</summary>
    internal async Task EnsureInJobAsync(Caller caller, ModelVersion version, CancellationToken cancellation)
    {
        var digest = DigestOf(version, await files.ManifestAsync(version, cancellation));
        var known = await db.ReadAsync(tx => ScanStore.Find(tx, version.ModelNumber, version.Number), cancellation);
        if (known?.Digest != digest)
            await RunAsync(caller, version, cancellation);
    }

    internal void Ask(Tx tx, string workspace, string modelName, int number)
    {
        var text = number.ToString(CultureInfo.InvariantCulture);
        board.Add(
            tx,
            Kind,
            EventPayload.Of(("workspace", workspace), ("name", modelName), ("version", text)),
            $"scan:{workspace}/{modelName}/{text}"
        );
    }

    internal async Task<VersionScan> RunAsync(Caller caller, ModelVersion version, CancellationToken cancellation)
    {
        var manifest = await files.ManifestAsync(version, cancellation);
        var report = await ModelScan.RunAsync(files.Sources(version, manifest), cancellation: cancellation);
        // The digests are those of the bytes that were looked at, whatever stands there by now.
        var seen = ModelManifest.Of(
            report.Files.Select(file => new FileDigest(file.Path, file.SizeBytes, file.Sha256))
        );
        var scan = new VersionScan
        {
            Digest = DigestOf(version, seen),
            Files = seen.Files,
            Verdict = report.Verdict,
            Findings = seen.Files.Count > 0 ? report.Findings : [Nothing(version)],
            ScannedMs = Now(),
        };
        await db.WriteAsync(
            tx =>
            {
                ScanStore.Put(tx, version.ModelNumber, version.Number, scan);
                events.Append(
                    tx,
                    GovernanceEvents.OfVersion(
                        caller,
                        GovernanceEvents.Scanned,
                        version.ModelName,
                        version.Number,
                        ("verdict", scan.Verdict.ToString().ToLowerInvariant()),
                        ("digest", scan.Digest)
                    )
                );
            },
            cancellation
        );
        return scan;
    }

    internal static Fault Pending(string modelName, int number) =>
        new(
            FaultKind.Busy,
            "governance.scan_pending",
            $"Version {number} of '{modelName}' is still being scanned.",
            "Try again in a moment."
        )
        {
            RetryAfter = TimeSpan.FromSeconds(2),
        };

    internal static void RequireReason(string reason)
    {
        if (string.IsNullOrWhiteSpace(reason) || reason.Length > ReasonLimit)
            throw Fault.Invalid(
                "governance.reason",
                $"A reason is needed, of at most {ReasonLimit} characters.",
                "reason"
            );
    }

    private static string DigestOf(ModelVersion version, ModelManifest manifest) =>
        manifest.Files.Count > 0 ? manifest.Digest : GovernedFiles.DigestOf(version);

    private static Finding Nothing(ModelVersion version) =>
        GovernedFiles.PlaceOf(version) is null
            ? new(
                "",
                ScanVerdict.Unscannable,
                "scan.elsewhere",
                "Its files lie outside of this server, which does not open other places."
            )
            : new("", ScanVerdict.Unscannable, "scan.empty", "There is no file where it was registered from.");

    private long Now() => clock.GetUtcNow().ToUnixTimeMilliseconds();
}
