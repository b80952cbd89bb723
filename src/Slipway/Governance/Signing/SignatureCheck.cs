using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Slipway.Sdk;

namespace Slipway.Governance.Signing;

/// <summary>Whether somebody who is trusted made a signature. Only afterwards is it worth reading what was signed.</summary>
internal static class SignatureCheck
{
    private const string CodeSigning = "1.3.6.1.5.5.7.3.3";

    /// <summary>Who signed, and by what; throws where nobody who is trusted did.</summary>
    public static (string Signer, string Method) Verify(SigningBundle bundle, TrustRoots trusted, DateTimeOffset now) =>
        bundle.Certificates.Count > 0
            ? (VerifyCertificate(bundle, trusted.Authorities, now), "certificate")
            : (VerifyKey(bundle, trusted.Keys), "key");

    private static string VerifyKey(SigningBundle bundle, IReadOnlyList<string> trusted)
    {
        foreach (var pem in trusted)
        {
            using var key = EllipticKey.ReadPublic(pem);
            var fingerprint = EllipticKey.Fingerprint(key);
            if ((bundle.KeyHint is null || bundle.KeyHint == fingerprint) && IsBy(key, bundle))
                return fingerprint;
        }
        throw Untrusted("no trusted key made it");
    }

    private static string VerifyCertificate(SigningBundle bundle, IReadOnlyList<string> trusted, DateTimeOffset now)
    {
        var loaded = new List<X509Certificate2>();
        try
        {
            foreach (var bytes in bundle.Certificates)
                loaded.Add(X509CertificateLoader.LoadCertificate(bytes));
            var leaf = loaded[0];
            using var chain = new X509Chain();
            chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
            chain.ChainPolicy.DisableCertificateDownloads = true;
            chain.ChainPolicy.VerificationTime = now.UtcDateTime;
            chain.ChainPolicy.ExtraStore.AddRange(loaded.Skip(1).ToArray());
            foreach (var pem in trusted)
                chain.ChainPolicy.CustomTrustStore.ImportFromPem(pem);
            if (trusted.Count == 0 || !chain.Build(leaf))
                throw Untrusted(
                    $"its certificate does not hold: {string.Join(", ", chain.ChainStatus.Select(s => s.Status).DefaultIfEmpty(X509ChainStatusFlags.UntrustedRoot))}"
                );
            if (!MaySign(leaf))
                throw Untrusted("its certificate is not one for signing");
            using var key = leaf.GetECDsaPublicKey();
            if (key is null || !EllipticKey.IsSupported(key) || !IsBy(key, bundle))
                throw Untrusted("the owner of its certificate did not make it");
            return leaf.Subject;
        }
        catch (CryptographicException)
        {
            throw Untrusted("its certificates cannot be read");
        }
        finally
        {
            loaded.ForEach(certificate => certificate.Dispose());
        }
    }

    private static bool MaySign(X509Certificate2 leaf) =>
        leaf.Extensions.OfType<X509KeyUsageExtension>()
            .Any(u => u.KeyUsages.HasFlag(X509KeyUsageFlags.DigitalSignature))
        || leaf.Extensions.OfType<X509EnhancedKeyUsageExtension>()
            .Any(u => u.EnhancedKeyUsages.Cast<Oid>().Any(oid => oid.Value == CodeSigning));

    private static bool IsBy(ECDsa key, SigningBundle bundle) =>
        key.VerifyData(
            bundle.SignedBytes,
            bundle.Signature,
            EllipticKey.HashOf(key),
            DSASignatureFormat.Rfc3279DerSequence
        );

    private static Fault Untrusted(string why) =>
        new(
            FaultKind.Invalid,
            "signature.untrusted",
            $"The signature is refused: {why}.",
            "Have it signed by a key or certificate that is trusted here, or add the signer's public key to those that are."
        );
}
