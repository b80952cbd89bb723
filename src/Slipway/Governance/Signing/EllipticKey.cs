using System.Security.Cryptography;
using System.Text;
using Slipway.Sdk;

namespace Slipway.Governance.Signing;

/// <summary>Keys on the curves P-256, P-384 and P-521, and the hash that belongs to each; no others count.</summary>
internal static class EllipticKey
{
    private static readonly string[] Curves = ["1.2.840.10045.3.1.7", "1.3.132.0.34", "1.3.132.0.35"];

    public static ECDsa ReadPublic(string pem)
    {
        if (pem.Contains("PRIVATE KEY", StringComparison.Ordinal))
            throw Fault.Invalid(
                "signature.private_key",
                "This is a private key, which belongs nowhere but with its owner.",
                hint: "Give the public key: openssl pkey -in KEY -pubout"
            );
        return Read(key => key.ImportFromPem(pem));
    }

    public static ECDsa ReadPrivate(string pem, string? password)
    {
        if (!pem.Contains("PRIVATE KEY", StringComparison.Ordinal))
            throw Fault.Invalid("signature.key", "This is no private key in PEM form.");
        return pem.Contains("ENCRYPTED", StringComparison.Ordinal)
            ? Read(key => key.ImportFromEncryptedPem(pem, password ?? throw NoPassword()))
            : Read(key => key.ImportFromPem(pem));
    }

    /// <summary>The hash of the key's PEM form as OpenSSL writes it, which is how bundles name keys.</summary>
    public static string Fingerprint(ECDsa key) =>
        Convert.ToHexStringLower(
            SHA256.HashData(
                Encoding.ASCII.GetBytes(
                    key.ExportSubjectPublicKeyInfoPem().ReplaceLineEndings("\n").TrimEnd('\n') + "\n"
                )
            )
        );

    public static HashAlgorithmName HashOf(ECDsa key) =>
        key.KeySize switch
        {
            256 => HashAlgorithmName.SHA256,
            384 => HashAlgorithmName.SHA384,
            _ => HashAlgorithmName.SHA512,
        };

    public static bool IsSupported(ECDsa key)
    {
        var curve = key.ExportParameters(false).Curve;
        return curve.IsNamed
            && (Curves.Contains(curve.Oid.Value) || curve.Oid.FriendlyName is "nistP256" or "nistP384" or "nistP521");
    }

    private static ECDsa Read(Action<ECDsa> import)
    {
        var key = ECDsa.Create();
        try
        {
            import(key);
            if (IsSupported(key))
                return key;
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            // The sentence below says as much as there is to say.
        }
        key.Dispose();
        throw Fault.Invalid("signature.key", "This is no key on one of the curves P-256, P-384 and P-521 in PEM form.");
    }

    private static Fault NoPassword() =>
        Fault.Invalid(
            "signature.key_password",
            "The private key is locked by a password.",
            hint: "Set SLIPWAY_KEY_PASSWORD."
        );
}
