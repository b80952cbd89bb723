using System.Text;
using Slipway.Foundation.Blobs;
using Slipway.Foundation.Events;
using Slipway.Foundation.Sql;
using Slipway.Governance.Storage;
using Slipway.Identity;
using Slipway.Registry;
using Slipway.Registry.Actions;
using Slipway.Sdk;

namespace Slipway.Governance.Actions;

/// <summary>
/// The verbs of signatures of registered versions: taken in only if they hold, by the trust of the workspace, over the files
/// as they are; and verified again whenever somebody asks.
/// </summary>
public sealed class VersionSignatures
{
    private readonly Db db;
    private readonly ModelVersions versions;
    private readonly GovernedFiles files;
    private readonly EventLog events;
    private readonly TimeProvider clock;

    internal VersionSignatures(Db db, ModelVersions versions, GovernedFiles files, EventLog events, TimeProvider clock)
    {
        this.db = db;
        this.versions = versions;
        this.files = files;
        this.events = events;
        this.clock = clock;
    }

    /// <summary>The files of the version by their digests: what a signer signs, wherever the key is.</summary>
    public async Task<ModelManifest> ManifestAsync(
        Caller caller,
        string modelName,
        int number,
        CancellationToken cancellation = default
    ) => await files.ManifestAsync(await versions.GetAsync(caller, modelName, number, cancellation), cancellation);

    /// <summary>Takes in a signature of the version; whoever may change the model may.</summary>
    public async Task<VersionSignature> AttachAsync(
        Caller caller,
        string modelName,
        int number,
        ReadOnlyMemory<byte> bundle,
        CancellationToken cancellation = default
    )
    {
        var version = await versions.GetAsync(caller, modelName, number, cancellation);
        caller.Require(Level.Edit, Resource.RegisteredModel(modelName));
        var (verified, manifest) = await CheckAsync(caller, version, bundle, cancellation);
        var signature = new VersionSignature
        {
            Digest = manifest.Digest,
            Signer = verified.Signer,
            Method = verified.Method,
            Bundle = Encoding.UTF8.GetString(bundle.Span),
            Actor = caller.User,
            SignedMs = clock.GetUtcNow().ToUnixTimeMilliseconds(),
        };
        await db.WriteAsync(
            tx =>
            {
                var found = ModelVersions.FindForUpdate(tx, caller, modelName, number, Level.Edit, out _);
                SignatureStore.Put(tx, found.ModelNumber, number, signature);
                events.Append(
                    tx,
                    GovernanceEvents.OfVersion(
                        caller,
                        GovernanceEvents.Signed,
                        modelName,
                        number,
                        ("signer", signature.Signer),
                        ("digest", signature.Digest)
                    )
                );
            },
            cancellation
        );
        return signature;
    }

    /// <summary>Verifies the version's signature against its files as they are now; throws with the reason where it does not hold.</summary>
    public async Task<VerifiedSignature> VerifyAsync(
        Caller caller,
        string modelName,
        int number,
        CancellationToken cancellation = default
    )
    {
        var version = await versions.GetAsync(caller, modelName, number, cancellation);
        var signature = await FindAsync(version, cancellation);
        return (await CheckAsync(caller, version, Encoding.UTF8.GetBytes(signature.Bundle), cancellation)).Verified;
    }

    /// <summary>The bundle as it was given.</summary>
    public async Task<string> BundleAsync(
        Caller caller,
        string modelName,
        int number,
        CancellationToken cancellation = default
    ) => (await FindAsync(await versions.GetAsync(caller, modelName, number, cancellation), cancellation)).Bundle;

    private async Task<VersionSignature> FindAsync(ModelVersion version, CancellationToken cancellation) =>
        await db.ReadAsync(tx => SignatureStore.Find(tx, version.ModelNumber, version.Number), cancellation)
        ?? throw Fault.NotFound("signature.none", $"Version {version.Number} of '{version.ModelName}' is not signed.");

    private async Task<(VerifiedSignature Verified, ModelManifest Manifest)> CheckAsync(
        Caller caller,
        ModelVersion version,
        ReadOnlyMemory<byte> bundle,
        CancellationToken cancellation
    )
    {
        var trusted = await db.ReadAsync(tx => PolicyStore.Current(tx, caller.Workspace).Trusted, cancellation);
        var manifest = await files.ManifestAsync(version, cancellation);
        var verified = await ModelSigning.VerifyAsync(
            bundle,
            manifest,
            trusted,
            async (path, from, length, token) =>
                (await files.OpenAsync(version, path, new ByteRange(from, from + length - 1), token)).Stream,
            clock.GetUtcNow(),
            cancellation
        );
        return (verified, manifest);
    }
}
