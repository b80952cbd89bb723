using System.Security.Cryptography;
using System.Text;
using Slipway.Foundation.Blobs;
using Slipway.Governance.Scanners;
using Slipway.Registry;
using Slipway.Tracking;

namespace Slipway.Governance.Actions;

/// <summary>
/// The files of a registered version as they are in the store right now. They may lie among the artifacts of a run,
/// where somebody may change them later: whatever is said of them is said of their digests.
/// </summary>
internal sealed class GovernedFiles(IBlobs blobs)
{
    /// <summary>Where the files lie; null where that is not in this server, which then opens nothing.</summary>
    public static BlobPath? PlaceOf(ModelVersion version) => ArtifactAddress.Place(version.ArtifactUri);

    /// <summary>What stands for files that are not here: the address they were registered with.</summary>
    public static string DigestOf(ModelVersion version) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"address {version.ArtifactUri}")));

    public async Task<ModelManifest> ManifestAsync(ModelVersion version, CancellationToken cancellation)
    {
        var files = new List<FileDigest>();
        if (PlaceOf(version) is { IsRoot: false } place)
        {
            if (await blobs.FindAsync(place, cancellation) is { } single)
                files.Add(await DigestAsync(single, place.Name, cancellation));
            await foreach (var entry in blobs.WalkAsync(place, cancellation))
            {
                if (entry.Path != place && await blobs.FindAsync(entry.Path, cancellation) is { } blob)
                    files.Add(await DigestAsync(blob, entry.Path.Value[(place.Value.Length + 1)..], cancellation));
            }
        }
        return ModelManifest.Of(files);
    }

    public IReadOnlyList<ScanSource> Sources(ModelVersion version, ModelManifest manifest) =>
        [
            .. manifest.Files.Select(file => new ScanSource(
                file.Path,
                file.SizeBytes,
                cancellation => CopyAsync(version, file.Path, cancellation)
            )),
        ];

    public async Task<BlobContent> OpenAsync(
        ModelVersion version,
        string path,
        ByteRange? range,
        CancellationToken cancellation
    )
    {
        var place = PlaceOf(version) ?? throw BlobFaults.NotFound(BlobPath.Parse(path));
        // A version may be a single file, whose place is that file.
        var isSingle = path == place.Name && await blobs.FindAsync(place, cancellation) is not null;
        return await blobs.OpenAsync(isSingle ? place : place.Append(path), range, cancellation);
    }

    private async Task<FileDigest> DigestAsync(Blob blob, string name, CancellationToken cancellation)
    {
        if (blob.Sha256 is { } known)
            return new FileDigest(name, blob.SizeBytes, known);
        await using var content = await blobs.OpenAsync(blob.Path, cancellation: cancellation);
        var digest = Convert.ToHexStringLower(await SHA256.HashDataAsync(content.Stream, cancellation));
        return new FileDigest(name, blob.SizeBytes, digest);
    }

    /// <summary>A copy that can be read from any place, in memory while it is small: what was scanned is what has the digest.</summary>
    private async Task<Stream> CopyAsync(ModelVersion version, string path, CancellationToken cancellation)
    {
        await using var content = await OpenAsync(version, path, range: null, cancellation);
        Stream copy =
            content.LengthBytes <= ScanLimits.Default.MemoryBytes ? new MemoryStream() : ScanSession.TemporaryFile();
        await content.Stream.CopyToAsync(copy, cancellation);
        copy.Position = 0;
        return copy;
    }
}
