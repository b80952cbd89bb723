using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using Slipway.Governance;
using Slipway.Governance.Actions;
using Slipway.Sdk;
using Slipway.Tests.Kit;

namespace Slipway.Tests.Governance.Signing;

public sealed class FolderSigningTests : IDisposable
{
    private readonly TestFolder folder = new();
    private readonly ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly string model;

    public FolderSigningTests()
    {
        model = folder.At("my-model");
        Write("MLmodel", "flavors: {}");
        Write("weights.bin", "1234567890");
        Write("sub/Ärger.txt", "ä");
        Write("sub/.hidden", "h");
        Write("sub/empty", "");
        Write("Z", "z");
        Write("a:1:2", "colons");
    }

    public void Dispose()
    {
        key.Dispose();
        folder.Dispose();
    }

    [Theory]
    [InlineData("nistP256")]
    [InlineData("nistP384")]
    [InlineData("nistP521")]
    public async Task What_was_signed_verifies(string curve)
    {
        using var other = ECDsa.Create(ECCurve.CreateFromFriendlyName(curve));
        await FolderSigning.SignAsync(model, Signature, new SignerKey(other.ExportPkcs8PrivateKeyPem()));
        var verified = await VerifyAsync(new TrustRoots([other.ExportSubjectPublicKeyInfoPem()], []));
        Assert.Equal(7, verified.Files);
        Assert.Equal("key", verified.Method);
        // Signing anew replaces the signature and does not cover it.
        await FolderSigning.SignAsync(model, Signature, new SignerKey(other.ExportECPrivateKeyPem()));
        Assert.Equal(
            verified.RootDigest,
            (await VerifyAsync(new TrustRoots([other.ExportSubjectPublicKeyInfoPem()], []))).RootDigest
        );
    }

    [Fact]
    public async Task A_key_with_a_password_signs_with_it_alone()
    {
        var pem = key.ExportEncryptedPkcs8PrivateKeyPem(
            "open",
            new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 1000)
        );
        await FolderSigning.SignAsync(model, Signature, new SignerKey(pem, "open"));
        await VerifyAsync();
        await RefusesAsync(
            "signature.key",
            () => FolderSigning.SignAsync(model, Signature, new SignerKey(pem, "shut"))
        );
        await RefusesAsync(
            "signature.key_password",
            () => FolderSigning.SignAsync(model, Signature, new SignerKey(pem))
        );
    }

    [Fact]
    public async Task Any_change_of_the_files_refuses()
    {
        await SignAsync();
        await ChangesRefuseAsync("signature.file_changed", () => Write("weights.bin", "1234567891"));
        await ChangesRefuseAsync("signature.file_unsigned", () => Write("sub/extra", ""));
        await ChangesRefuseAsync("signature.file_unsigned", () => Write("sub/.git/hook", "x"));
        await ChangesRefuseAsync("signature.file_missing", () => File.Delete(At("Z")));
        await ChangesRefuseAsync("signature.file_missing", () => File.Move(At("Z"), At("z")));
        await ChangesRefuseAsync(
            "signature.file_changed",
            () =>
            {
                File.Move(At("Z"), At("t"));
                File.Move(At("MLmodel"), At("Z"));
                File.Move(At("t"), At("MLmodel"));
            }
        );
        await ChangesRefuseAsync(
            "signature.symlinks",
            () =>
            {
                File.Delete(At("Z"));
                File.CreateSymbolicLink(At("Z"), At("MLmodel"));
            }
        );
    }

    [Fact]
    public async Task Only_the_folders_of_git_at_the_top_stay_out()
    {
        await SignAsync();
        Write(".git/config", "x");
        Write(".github/workflows/x.yml", "x");
        Write(".gitignore", "x");
        Write(".gitattributes", "x");
        await VerifyAsync();
        await ChangesRefuseAsync("signature.file_unsigned", () => Write(".gitmodules", "x"));
    }

    [Fact]
    public async Task A_link_or_an_empty_folder_is_not_signed()
    {
        File.CreateSymbolicLink(At("link"), "/etc/passwd");
        await RefusesAsync("signature.symlinks", SignAsync);
        await RefusesAsync(
            "signature.empty",
            () => FolderSigning.SignAsync(Directory.CreateDirectory(folder.At("empty")).FullName, Signature, Signer)
        );
    }

    [Fact]
    public async Task A_signature_by_somebody_else_refuses_whatever_it_says_of_itself()
    {
        using var stranger = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        await FolderSigning.SignAsync(model, Signature, new SignerKey(stranger.ExportPkcs8PrivateKeyPem()));
        await RefusesAsync("signature.untrusted", () => VerifyAsync());
        var strangers = JsonNode.Parse(await File.ReadAllTextAsync(Signature))!;
        await SignAsync();
        var trusted = JsonNode.Parse(await File.ReadAllTextAsync(Signature))!;
        strangers["verificationMaterial"] = trusted["verificationMaterial"]!.DeepClone();
        await File.WriteAllTextAsync(Signature, strangers.ToJsonString());
        await RefusesAsync("signature.untrusted", () => VerifyAsync());
    }

    [Fact]
    public async Task A_bundle_of_another_shape_refuses_with_its_reason()
    {
        await SignAsync();
        await BundleRefusesAsync(
            "signature.media_type",
            b => b["mediaType"] = "application/vnd.dev.sigstore.bundle.v0.1+json"
        );
        await BundleRefusesAsync("signature.payload_type", b => b["dsseEnvelope"]!["payloadType"] = "application/json");
        await BundleRefusesAsync(
            "signature.signatures",
            b => b["dsseEnvelope"]!["signatures"]!.AsArray().Add(b["dsseEnvelope"]!["signatures"]![0]!.DeepClone())
        );
        await BundleRefusesAsync("signature.signatures", b => b["dsseEnvelope"]!["signatures"]!.AsArray().Clear());
        await BundleRefusesAsync("signature.material", b => b["verificationMaterial"] = new JsonObject());
        await BundleRefusesAsync(
            "signature.keyless",
            b => b["verificationMaterial"]!["certificate"] = new JsonObject()
        );
        await BundleRefusesAsync("signature.bundle", b => b["dsseEnvelope"]!["payload"] = "not base64!");
        await BundleRefusesAsync(
            "signature.untrusted",
            b => b["dsseEnvelope"]!["payload"] = Convert.ToBase64String("{}"u8)
        );
        await File.WriteAllTextAsync(Signature, "{\"a\": 1, \"a\": 2}");
        await RefusesAsync("signature.bundle", () => VerifyAsync());
    }

    [Theory]
    [InlineData("null", "absent", "", "other")]
    public async Task The_id_beside_a_signature_is_never_looked_at(params string[] ids)
    {
        foreach (var id in ids)
        {
            await SignAsync();
            await ChangeBundleAsync(b =>
            {
                var signature = b["dsseEnvelope"]!["signatures"]![0]!.AsObject();
                signature.Remove("keyid");
                if (id != "absent")
                    signature["keyid"] = id == "null" ? null : id;
            });
            await VerifyAsync();
        }
    }

    [Fact]
    public async Task Statements_that_are_not_of_the_specification_refuse_each_with_its_reason()
    {
        await StatementRefusesAsync("signature.statement_type", s => s["_type"] = "https://in-toto.io/Statement/v0.1");
        await StatementRefusesAsync(
            "signature.predicate_type",
            s => s["predicateType"] = "https://model_signing/Digests/v0.1"
        );
        await StatementRefusesAsync(
            "signature.subject",
            s => s["subject"]!.AsArray().Add(s["subject"]![0]!.DeepClone())
        );
        await StatementRefusesAsync(
            "signature.root_digest",
            s => s["subject"]![0]!["digest"]!["sha256"] = new string('0', 64)
        );
        await StatementRefusesAsync("signature.empty", s => s["predicate"]!["resources"]!.AsArray().Clear());
        await StatementRefusesAsync("signature.serialization", s => s["predicate"]!.AsObject().Remove("serialization"));
        await StatementRefusesAsync("signature.method", s => s["predicate"]!["serialization"]!["method"] = "trees");
        await StatementRefusesAsync(
            "signature.shard_size",
            s => s["predicate"]!["serialization"]!["method"] = "shards"
        );
        await StatementRefusesAsync("signature.shard_size", s => s["predicate"]!["serialization"]!["shard_size"] = 5);
        await StatementRefusesAsync(
            "signature.hash_type",
            s => s["predicate"]!["serialization"]!["hash_type"] = "blake3"
        );
        await StatementRefusesAsync(
            "signature.symlinks",
            s => s["predicate"]!["serialization"]!["allow_symlinks"] = true
        );
        await StatementRefusesAsync("signature.digest", s => s["predicate"]!["resources"]![0]!["algorithm"] = "blake3");
        await StatementRefusesAsync(
            "signature.ignore_paths",
            s => s["predicate"]!["serialization"]!["ignore_paths"] = new JsonArray("*")
        );
        await StatementRefusesAsync(
            "signature.order",
            s => s["predicate"]!["resources"]!.AsArray().Add(s["predicate"]!["resources"]![0]!.DeepClone())
        );
        await StatementRefusesAsync(
            "signature.root_digest",
            s =>
            {
                var (first, second) = (s["predicate"]!["resources"]![0]!, s["predicate"]!["resources"]![1]!);
                (first["digest"], second["digest"]) = (second["digest"]!.DeepClone(), first["digest"]!.DeepClone());
            }
        );
    }

    [Fact]
    public async Task Names_that_lead_out_of_a_model_refuse()
    {
        foreach (var name in (string[])["/a", "../a", "a//b", "a/./b", "", "a/"])
            await StatementRefusesAsync(
                "signature.name",
                s =>
                {
                    var resources = s["predicate"]!["resources"]!.AsArray();
                    var only = resources[0]!.DeepClone();
                    only["name"] = name;
                    resources.Clear();
                    resources.Add(only);
                    s["subject"]![0]!["digest"]!["sha256"] = Convert.ToHexStringLower(
                        SHA256.HashData(Convert.FromHexString((string)only["digest"]!))
                    );
                }
            );
    }

    [Fact]
    public async Task Files_signed_in_parts_verify_and_a_change_in_a_part_refuses()
    {
        await SignAsync();
        await SignStatementAsync(Shard);
        Assert.Equal(7, (await VerifyAsync()).Files);
        await ChangesRefuseAsync("signature.file_changed", () => Write("weights.bin", "1234567891"));
        await ChangesRefuseAsync("signature.file_changed", () => Write("weights.bin", "12345678901"));
        await ChangesRefuseAsync("signature.file_changed", () => Write("weights.bin", "12345678"));
        await ChangesRefuseAsync("signature.file_unsigned", () => Write("extra", "x"));
    }

    [Fact]
    public async Task A_certificate_counts_while_it_is_valid_and_its_authority_is_trusted()
    {
        var now = TimeProvider.System.GetUtcNow();
        using var root = Authority("CN=root", now);
        using var other = Authority("CN=root", now);
        using var leaf = Leaf(root, now.AddDays(-1), now.AddDays(1), X509KeyUsageFlags.DigitalSignature);
        await SignWithAsync(leaf);
        var verified = await VerifyAsync(new TrustRoots([], [root.ExportCertificatePem()]));
        Assert.Equal(("CN=signer", "certificate"), (verified.Signer, verified.Method));
        await RefusesAsync(
            "signature.untrusted",
            () => VerifyAsync(new TrustRoots([], [other.ExportCertificatePem()]))
        );
        await RefusesAsync("signature.untrusted", () => VerifyAsync());
        using var expired = Leaf(root, now.AddDays(-9), now.AddDays(-1), X509KeyUsageFlags.DigitalSignature);
        await SignWithAsync(expired);
        await RefusesAsync("signature.untrusted", () => VerifyAsync(new TrustRoots([], [root.ExportCertificatePem()])));
        using var encipher = Leaf(root, now.AddDays(-1), now.AddDays(1), X509KeyUsageFlags.KeyEncipherment);
        await SignWithAsync(encipher);
        await RefusesAsync("signature.untrusted", () => VerifyAsync(new TrustRoots([], [root.ExportCertificatePem()])));
    }

    [Fact]
    public async Task Keys_of_other_kinds_are_refused()
    {
        using var rsa = RSA.Create(2048);
        await RefusesAsync(
            "signature.key",
            () => FolderSigning.SignAsync(model, Signature, new SignerKey(rsa.ExportPkcs8PrivateKeyPem()))
        );
        await SignAsync();
        await RefusesAsync(
            "signature.key",
            () => VerifyAsync(new TrustRoots([rsa.ExportSubjectPublicKeyInfoPem()], []))
        );
        await RefusesAsync(
            "signature.private_key",
            () => VerifyAsync(new TrustRoots([key.ExportPkcs8PrivateKeyPem()], []))
        );
    }

    [Fact]
    public async Task The_command_signs_and_refuses_what_was_changed()
    {
        await File.WriteAllTextAsync(folder.At("key.pem"), key.ExportPkcs8PrivateKeyPem());
        await File.WriteAllTextAsync(folder.At("pub.pem"), key.ExportSubjectPublicKeyInfoPem());
        var signed = await SlipwayCommand.RunAsync("models", "sign", model, "--key", folder.At("key.pem"));
        Assert.Equal((0, ""), (signed.ExitCode, signed.Error));
        var verified = await SlipwayCommand.RunAsync(
            "models",
            "verify",
            model,
            "--key",
            folder.At("pub.pem"),
            "--json"
        );
        Assert.Equal(0, verified.ExitCode);
        Assert.Equal(7, (int)JsonNode.Parse(verified.Output)!["files"]!);
        Write("weights.bin", "1234567891");
        var refused = await SlipwayCommand.RunAsync("models", "verify", model, "--key", folder.At("pub.pem"));
        Assert.Equal(2, refused.ExitCode);
        Assert.Contains("'weights.bin' is not the one that was signed", refused.Error);
    }

    private string Signature => At("model.sig");

    private SignerKey Signer => new(key.ExportPkcs8PrivateKeyPem());

    private string At(string path) => Path.Combine(model, path);

    private void Write(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(At(path))!);
        File.WriteAllText(At(path), text);
    }

    private Task SignAsync() => FolderSigning.SignAsync(model, Signature, Signer);

    private Task<VerifiedSignature> VerifyAsync(TrustRoots? trusted = null) =>
        FolderSigning.VerifyAsync(
            model,
            Signature,
            trusted ?? new TrustRoots([key.ExportSubjectPublicKeyInfoPem()], [])
        );

    private static async Task RefusesAsync(string code, Func<Task> act) =>
        Assert.Equal(code, (await Assert.ThrowsAsync<Fault>(act)).Code);

    /// <summary>Changes the model, expects the refusal, and brings the model back.</summary>
    private async Task ChangesRefuseAsync(string code, Action change)
    {
        var kept = folder.At($"kept-{Guid.NewGuid():N}");
        Copy(model, kept);
        change();
        await RefusesAsync(code, () => VerifyAsync());
        Directory.Delete(model, recursive: true);
        Directory.Move(kept, model);
        await VerifyAsync();
    }

    private static void Copy(string from, string to)
    {
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
    }

    private async Task ChangeBundleAsync(Action<JsonNode> change)
    {
        var bundle = JsonNode.Parse(await File.ReadAllTextAsync(Signature))!;
        change(bundle);
        await File.WriteAllTextAsync(Signature, bundle.ToJsonString());
    }

    private async Task BundleRefusesAsync(string code, Action<JsonNode> change)
    {
        var kept = await File.ReadAllTextAsync(Signature);
        await ChangeBundleAsync(change);
        await RefusesAsync(code, () => VerifyAsync());
        await File.WriteAllTextAsync(Signature, kept);
    }

    /// <summary>A statement that is wrong, signed rightly by the one who is trusted.</summary>
    private async Task StatementRefusesAsync(string code, Action<JsonNode> change)
    {
        await SignAsync();
        await SignStatementAsync(change);
        await RefusesAsync(code, () => VerifyAsync());
    }

    private Task SignStatementAsync(Action<JsonNode> change) =>
        ChangeBundleAsync(bundle =>
        {
            var statement = JsonNode.Parse(Convert.FromBase64String((string)bundle["dsseEnvelope"]!["payload"]!))!;
            change(statement);
            var payload = Encoding.UTF8.GetBytes(statement.ToJsonString());
            byte[] signed =
            [
                .. Encoding.ASCII.GetBytes($"DSSEv1 28 application/vnd.in-toto+json {payload.Length} "),
                .. payload,
            ];
            bundle["dsseEnvelope"]!["payload"] = Convert.ToBase64String(payload);
            bundle["dsseEnvelope"]!["signatures"]![0]!["sig"] = Convert.ToBase64String(
                key.SignData(signed, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence)
            );
        });

    /// <summary>Rewrites a statement about files into one about parts of 4 bytes.</summary>
    private void Shard(JsonNode statement)
    {
        var parts = Directory
            .EnumerateFiles(model, "*", SearchOption.AllDirectories)
            .Where(file => file != Signature)
            .SelectMany(file =>
                File.ReadAllBytes(file)
                    .Chunk(4)
                    .Select(
                        (part, i) => (Name: $"{Path.GetRelativePath(model, file)}:{i * 4}:{i * 4 + part.Length}", part)
                    )
            )
            .OrderBy(p => Convert.ToHexString(Encoding.UTF8.GetBytes(p.Name)), StringComparer.Ordinal)
            .Select(p => (p.Name, Digest: SHA256.HashData(p.part)))
            .ToList();
        statement["predicate"]!["resources"] = new JsonArray([
            .. parts.Select(p => new JsonObject
            {
                ["name"] = p.Name,
                ["digest"] = Convert.ToHexStringLower(p.Digest),
                ["algorithm"] = "sha256",
            }),
        ]);
        statement["predicate"]!["serialization"]!["method"] = "shards";
        statement["predicate"]!["serialization"]!["shard_size"] = 4;
        statement["subject"]![0]!["digest"]!["sha256"] = Convert.ToHexStringLower(
            SHA256.HashData([.. parts.SelectMany(p => p.Digest)])
        );
    }

    private static X509Certificate2 Authority(string name, DateTimeOffset now)
    {
        using var own = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(name, own, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        return request.CreateSelfSigned(now.AddDays(-10), now.AddDays(10));
    }

    private X509Certificate2 Leaf(
        X509Certificate2 authority,
        DateTimeOffset from,
        DateTimeOffset to,
        X509KeyUsageFlags use
    )
    {
        var request = new CertificateRequest("CN=signer", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509KeyUsageExtension(use, true));
        return request.Create(authority, from, to, [1, 2, 3]);
    }

    private Task SignWithAsync(X509Certificate2 leaf) =>
        FolderSigning.SignAsync(model, Signature, Signer with { CertificatePems = [leaf.ExportCertificatePem()] });
}
