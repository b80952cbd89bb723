using System.Security.Cryptography;
using Slipway.Governance.Signing;
using Slipway.Sdk;

namespace Slipway.Governance.Actions;

/// <summary>Signs and verifies a model that lies on this machine, as a folder or a single file.</summary>
public static class FolderSigning
{
    /// <summary>Where the signature of a model is kept unless somebody says otherwise.</summary>
    public static string DefaultSignature(string model) =>
        Directory.Exists(model) ? Path.Combine(model, "model.sig") : $"{model}.sig";

    /// <summary>Signs the files and writes the bundle in place of an older one; answers how many files it covers.</summary>
    public static async Task<int> SignAsync(
        string model,
        string signature,
        SignerKey signer,
        CancellationToken cancellation = default
    )
    {
        var ignored = InsidePath(model, signature);
        var manifest = await ReadAsync(model, SignedManifest.NeverSigned.Concat(ignored).ToList(), cancellation);
        var name = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(model)));
        var bundle = ModelSigning.Sign(manifest, name.Length > 0 ? name : "model", signer, ignored);
        var partial = $"{signature}.part";
        await File.WriteAllBytesAsync(partial, bundle, cancellation);
        File.Move(partial, signature, overwrite: true);
        return manifest.Files.Count;
    }

    public static async Task<VerifiedSignature> VerifyAsync(
        string model,
        string signature,
        TrustRoots trusted,
        CancellationToken cancellation = default
    )
    {
        if (!File.Exists(signature))
            throw Fault.NotFound("signature.not_found", $"There is no signature at '{signature}'.");
        var bundle = await File.ReadAllBytesAsync(signature, cancellation);
        var manifest = await ReadAsync(
            model,
            [.. SignedManifest.NeverSigned, .. InsidePath(model, signature)],
            cancellation
        );
        return await ModelSigning.VerifyAsync(
            bundle,
            manifest,
            trusted,
            (path, from, length, _) => Task.FromResult(Part(model, path, from, length)),
            TimeProvider.System.GetUtcNow(),
            cancellation
        );
    }

    private static async Task<ModelManifest> ReadAsync(
        string model,
        IReadOnlyList<string> ignored,
        CancellationToken cancellation
    )
    {
        var (sources, links) = ModelFolder.Sources(model);
        bool IsIgnored(string path) =>
            ignored.Any(i => path == i || path.StartsWith($"{i}/", StringComparison.Ordinal));
        if (links.FirstOrDefault(link => !IsIgnored(link)) is { } link)
            throw Fault.Invalid(
                "signature.symlinks",
                SignedManifest.Why($"'{link}' is a link or no plain file, which is not part of a model here")
            );
        var files = new List<FileDigest>();
        foreach (var source in sources.Where(source => !IsIgnored(source.Path)))
        {
            await using var stream = await source.OpenAsync(cancellation);
            var digest = Convert.ToHexStringLower(await SHA256.HashDataAsync(stream, cancellation));
            files.Add(new FileDigest(source.Path, stream.Length, digest));
        }
        return ModelManifest.Of(files);
    }

    /// <summary>The signature's own path in the model, if it lies there.</summary>
    private static IReadOnlyList<string> InsidePath(string model, string signature)
    {
        var relative = Path.GetRelativePath(Path.GetFullPath(model), Path.GetFullPath(signature)).Replace('\\', '/');
        return relative == "." || relative.StartsWith("../", StringComparison.Ordinal) || Path.IsPathRooted(relative)
            ? []
            : [relative];
    }

    private static Stream Part(string model, string path, long from, long length)
    {
        var file = new FileStream(
            File.Exists(model) ? model : Path.Combine(model, path),
            FileMode.Open,
            FileAccess.Read,
            FileShare.Read
        );
        return new Scanners.WindowStream(file, from, length, owns: true);
    }
}
