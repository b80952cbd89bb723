using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Slipway.Governance.Signing;
using Slipway.Sdk;

namespace Slipway.Governance.Actions;

/// <summary>A signer's private key and, where one vouches for it, its certificate with those above it.</summary>
public sealed record SignerKey(string PrivateKeyPem, string? Password = null)
{
    public IReadOnlyList<string> CertificatePems { get; init; } = [];
}

/// <summary>
/// Signs models and verifies what others signed, in the form of the OpenSSF Model Signing specification. Private keys are
/// used where they are and never stored.
/// </summary>
public static class ModelSigning
{
    private const int PartLimit = 1_000_000;

    /// <summary>The bundle over the files of a model.</summary>
    public static byte[] Sign(ModelManifest manifest, string name, SignerKey signer, params IEnumerable<string> ignored)
    {
        using var key = EllipticKey.ReadPrivate(signer.PrivateKeyPem, signer.Password);
        var unsigned = new SigningBundle
        {
            Payload = SignedManifest.Of(manifest, ignored).ToStatement(name),
            Signature = [],
            KeyHint = EllipticKey.Fingerprint(key),
            Certificates = Certificates(signer.CertificatePems, key),
        };
        var signature = key.SignData(
            unsigned.SignedBytes,
            EllipticKey.HashOf(key),
            DSASignatureFormat.Rfc3279DerSequence
        );
        return (unsigned with { Signature = signature }).ToJson();
    }

    /// <summary>
    /// Verifies a bundle against the files as they are; <paramref name="readRange"/> gives a part of a file where the
    /// signature covers files in parts. Throws with the reason where anything does not hold.
    /// </summary>
    public static async Task<VerifiedSignature> VerifyAsync(
        ReadOnlyMemory<byte> bundle,
        ModelManifest manifest,
        TrustRoots trusted,
        Func<string, long, long, CancellationToken, Task<Stream>> readRange,
        DateTimeOffset now,
        CancellationToken cancellation = default
    )
    {
        var read = SigningBundle.Read(bundle);
        var (signer, method) = SignatureCheck.Verify(read, trusted, now);
        var signed = SignedManifest.Read(read.Payload);
        var files = manifest.Files.Where(file => !signed.Ignores(file.Path)).ToDictionary(f => f.Path);
        var count = files.Count;
        if (signed.ShardBytes is { } shard)
            await RequireShardsAsync(signed, shard, files, readRange, cancellation);
        else
            RequireFiles(signed, files);
        return new VerifiedSignature
        {
            Signer = signer,
            Method = method,
            RootDigest = signed.RootDigest,
            Files = count,
        };
    }

    private static void RequireFiles(SignedManifest signed, Dictionary<string, FileDigest> files)
    {
        foreach (var resource in signed.Resources)
        {
            if (!files.Remove(resource.Name, out var file))
                throw Fault.Invalid(
                    "signature.file_missing",
                    SignedManifest.Why($"the file '{resource.Name}' is missing")
                );
            if (file.Sha256 != resource.Digest)
                throw Fault.Invalid(
                    "signature.file_changed",
                    SignedManifest.Why($"the file '{resource.Name}' is not the one that was signed")
                );
        }
        RequireNoneLeft(files.Keys);
    }

    private static async Task RequireShardsAsync(
        SignedManifest signed,
        long shard,
        Dictionary<string, FileDigest> files,
        Func<string, long, long, CancellationToken, Task<Stream>> readRange,
        CancellationToken cancellation
    )
    {
        if (files.Values.Sum(file => file.SizeBytes / shard) > PartLimit)
            throw Fault.Invalid("signature.shard_size", SignedManifest.Why("its parts are smaller than anybody signs"));
        var expected = files
            .Values.SelectMany(file =>
                Enumerable
                    .Range(0, (int)((file.SizeBytes + shard - 1) / shard))
                    .Select(i => (file.Path, From: i * shard, To: Math.Min(file.SizeBytes, (i + 1) * shard)))
            )
            .ToHashSet();
        foreach (var resource in signed.Resources)
        {
            var range = SignedManifest.Range(resource.Name);
            if (!files.ContainsKey(range.Path))
                throw Fault.Invalid(
                    "signature.file_missing",
                    SignedManifest.Why($"the file '{range.Path}' is missing")
                );
            if (!expected.Remove(range))
                throw Fault.Invalid(
                    "signature.file_changed",
                    SignedManifest.Why($"the file '{range.Path}' is not as long as the one that was signed")
                );
            await using var part = await readRange(range.Path, range.From, range.To - range.From, cancellation);
            if (Convert.ToHexStringLower(await SHA256.HashDataAsync(part, cancellation)) != resource.Digest)
                throw Fault.Invalid(
                    "signature.file_changed",
                    SignedManifest.Why($"the file '{range.Path}' is not the one that was signed")
                );
        }
        RequireNoneLeft(expected.Select(part => part.Path));
    }

    private static void RequireNoneLeft(IEnumerable<string> paths)
    {
        if (paths.FirstOrDefault() is { } extra)
            throw Fault.Invalid(
                "signature.file_unsigned",
                SignedManifest.Why($"the file '{extra}' is not among those that were signed")
            );
    }

    private static IReadOnlyList<byte[]> Certificates(IReadOnlyList<string> pems, ECDsa key)
    {
        if (pems.Count == 0)
            return [];
        var loaded = new X509Certificate2Collection();
        foreach (var pem in pems)
            loaded.ImportFromPem(pem);
        if (loaded.Count == 0)
            throw Fault.Invalid("signature.certificate", "There is no certificate in PEM form.");
        using var owned = loaded[0].GetECDsaPublicKey();
        if (owned is null || EllipticKey.Fingerprint(owned) != EllipticKey.Fingerprint(key))
            throw Fault.Invalid("signature.certificate", "The first certificate is not for the key that signs.");
        return [.. loaded.Select(certificate => certificate.RawData)];
    }
}
