using System.Text;
using System.Text.Json;
using Slipway.Sdk;

namespace Slipway.Governance.Signing;

/// <summary>
/// The file that a signature is kept in: a Sigstore bundle around one DSSE envelope. Only what is needed is taken from it,
/// and nothing of it is believed before the signature is found to be that of somebody who is trusted.
/// </summary>
internal sealed record SigningBundle
{
    private const string MediaType = "application/vnd.dev.sigstore.bundle.v0.3+json";
    private const int LongestBytes = 64 << 20;

    public required byte[] Payload { get; init; }

    public required byte[] Signature { get; init; }

    /// <summary>The fingerprint of the key; null where the bundle is older or has certificates.</summary>
    public string? KeyHint { get; init; }

    /// <summary>The signer's certificate and those between it and an authority; empty where a key signed.</summary>
    public IReadOnlyList<byte[]> Certificates { get; init; } = [];

    /// <summary>What is really signed: the type and the payload with their lengths, so that neither can be taken for the other.</summary>
    public byte[] SignedBytes =>
        [
            .. Encoding.ASCII.GetBytes(
                $"DSSEv1 {SignedManifest.PayloadType.Length} {SignedManifest.PayloadType} {Payload.Length} "
            ),
            .. Payload,
        ];

    public byte[] ToJson()
    {
        var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true }))
        {
            json.WriteStartObject();
            json.WriteString("mediaType", MediaType);
            json.WriteStartObject("verificationMaterial");
            WriteMaterial(json);
            json.WriteStartArray("tlogEntries");
            json.WriteEndArray();
            json.WriteEndObject();
            json.WriteStartObject("dsseEnvelope");
            json.WriteBase64String("payload", Payload);
            json.WriteString("payloadType", SignedManifest.PayloadType);
            json.WriteStartArray("signatures");
            json.WriteStartObject();
            json.WriteBase64String("sig", Signature);
            json.WriteString("keyid", "");
            json.WriteEndObject();
            json.WriteEndArray();
            json.WriteEndObject();
            json.WriteEndObject();
        }
        return buffer.ToArray();
    }

    public static SigningBundle Read(ReadOnlyMemory<byte> bytes)
    {
        if (bytes.Length > LongestBytes)
            throw Fault.Invalid("signature.bundle", SignedManifest.Why("its file is too large"));
        try
        {
            using var document = JsonDocument.Parse(
                bytes,
                new JsonDocumentOptions { AllowDuplicateProperties = false, MaxDepth = 32 }
            );
            return Read(document.RootElement);
        }
        catch (Exception e)
            when (e is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            throw Fault.Invalid("signature.bundle", SignedManifest.Why("its file is no Sigstore bundle"));
        }
    }

    private static SigningBundle Read(JsonElement root)
    {
        if (root.GetProperty("mediaType").GetString() != MediaType)
            throw Fault.Invalid(
                "signature.media_type",
                SignedManifest.Why("its file is not a bundle of the version that is known here")
            );
        var envelope = root.GetProperty("dsseEnvelope");
        if (envelope.GetProperty("payloadType").GetString() != SignedManifest.PayloadType)
            throw Fault.Invalid("signature.payload_type", SignedManifest.Why("what it signs is no in-toto statement"));
        var signatures = envelope.GetProperty("signatures");
        if (signatures.GetArrayLength() != 1)
            throw Fault.Invalid("signature.signatures", SignedManifest.Why("it does not have exactly one signature"));
        var material = root.GetProperty("verificationMaterial");
        var hasKey = material.TryGetProperty("publicKey", out var key);
        var hasChain = material.TryGetProperty("x509CertificateChain", out var chain);
        if (material.TryGetProperty("certificate", out _))
            throw Fault.Unsupported(
                "signature.keyless",
                "The signature was made without a key of its own (by Sigstore's public service), which is not verified here."
            );
        if (hasKey == hasChain)
            throw Fault.Invalid(
                "signature.material",
                SignedManifest.Why("it does not say by which key or certificate it was made")
            );
        return new SigningBundle
        {
            Payload = envelope.GetProperty("payload").GetBytesFromBase64(),
            Signature = signatures[0].GetProperty("sig").GetBytesFromBase64(),
            KeyHint = hasKey && key.TryGetProperty("hint", out var hint) ? hint.GetString() : null,
            Certificates = hasChain
                ?
                [
                    .. chain
                        .GetProperty("certificates")
                        .EnumerateArray()
                        .Select(c => c.GetProperty("rawBytes").GetBytesFromBase64()),
                ]
                : [],
        };
    }

    private void WriteMaterial(Utf8JsonWriter json)
    {
        if (Certificates.Count == 0)
        {
            json.WriteStartObject("publicKey");
            json.WriteString("hint", KeyHint);
            json.WriteEndObject();
            return;
        }
        json.WriteStartObject("x509CertificateChain");
        json.WriteStartArray("certificates");
        foreach (var certificate in Certificates)
        {
            json.WriteStartObject();
            json.WriteBase64String("rawBytes", certificate);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }
}
