using Slipway.Foundation.Blobs;
using Slipway.Foundation.Sql;
using Slipway.Identity;
using Slipway.Registry.Storage;
using Slipway.Sdk;
using Slipway.Tracking;
using Slipway.Tracking.Actions;

namespace Slipway.Registry.Actions;

/// <summary>
/// The verbs of what a version consists of: its files, its origin, the baseline that drift is measured from. Who may read
/// the model reads the files that were noted, and never others than were registered. Files that were not noted belong to
/// their experiment, and to those who may read that.
/// </summary>
public sealed class ModelFiles
{
    private const int BaselineLimit = 16 * 1024 * 1024;

    private readonly Db db;
    private readonly IBlobs blobs;
    private readonly Artifacts artifacts;

    internal ModelFiles(Db db, IBlobs blobs, Artifacts artifacts)
    {
        this.db = db;
        this.blobs = blobs;
        this.artifacts = artifacts;
    }

    public Task<VersionFiles> ListAsync(
        Caller caller,
        string modelName,
        int number,
        CancellationToken cancellation = default
    ) => db.ReadAsync(tx => List(tx, ModelVersions.Find(tx, caller, modelName, number, Level.Read)), cancellation);

    /// <summary>The files of a version, inside a transaction of the caller's.</summary>
    public static VersionFiles List(Tx tx, ModelVersion version) =>
        new(version.FilesState, version.Digest, FileStore.Of(tx, version));

    /// <summary>What there is to know of a file without reading it.</summary>
    public async Task<Blob> FindAsync(
        Caller caller,
        string modelName,
        int number,
        BlobPath path,
        CancellationToken cancellation = default
    )
    {
        var (place, file) = await LocateAsync(caller, modelName, number, path, cancellation);
        if (file is null)
            return await artifacts.FindAsync(caller, new ArtifactName.At(place), cancellation);
        var blob = await blobs.FindAsync(place, cancellation) ?? throw BlobFaults.NotFound(place);
        Require(blob, file);
        return blob;
    }

    /// <summary>Opens a file. What is read to the end is what was registered.</summary>
    public async Task<BlobContent> OpenAsync(
        Caller caller,
        string modelName,
        int number,
        BlobPath path,
        ByteRange? range = null,
        CancellationToken cancellation = default
    )
    {
        var (place, file) = await LocateAsync(caller, modelName, number, path, cancellation);
        if (file is null)
            return await artifacts.OpenAsync(caller, new ArtifactName.At(place), range, cancellation);
        var content = await blobs.OpenAsync(place, range, cancellation);
        try
        {
            Require(content.Blob, file);
            return content;
        }
        catch (Fault)
        {
            await content.DisposeAsync();
            throw;
        }
    }

    public Task<VersionOrigin> OriginAsync(
        Caller caller,
        string modelName,
        int number,
        CancellationToken cancellation = default
    ) => db.ReadAsync(tx => Origin(tx, ModelVersions.Find(tx, caller, modelName, number, Level.Read)), cancellation);

    /// <summary>Where a version comes from, inside a transaction of the caller's.</summary>
    public static VersionOrigin Origin(Tx tx, ModelVersion version) =>
        Documents.ReadOrigin(FileStore.FindDocument(tx, version, DocumentKind.Origin));

    /// <summary>The baseline as whoever laid it down wrote it; null where nobody has.</summary>
    public Task<string?> BaselineAsync(
        Caller caller,
        string modelName,
        int number,
        CancellationToken cancellation = default
    ) =>
        db.ReadAsync(
            tx =>
                FileStore.FindDocument(
                    tx,
                    ModelVersions.Find(tx, caller, modelName, number, Level.Read),
                    DocumentKind.Baseline
                ),
            cancellation
        );

    /// <summary>Lays down what drift of the version's data is measured from: a JSON document of the slice that measures it.</summary>
    public Task SetBaselineAsync(
        Caller caller,
        string modelName,
        int number,
        string document,
        CancellationToken cancellation = default
    )
    {
        if (document.Length > BaselineLimit)
            throw Fault.Invalid("registry.baseline", $"A baseline has at most {BaselineLimit} characters.", "baseline");
        return db.WriteAsync(
            tx =>
                FileStore.PutDocument(
                    tx,
                    ModelVersions.Find(tx, caller, modelName, number, Level.Edit),
                    DocumentKind.Baseline,
                    document
                ),
            cancellation
        );
    }

    /// <summary>Where a file lies, and as what it was noted; null where the files were not.</summary>
    private Task<(BlobPath Place, VersionFile? File)> LocateAsync(
        Caller caller,
        string modelName,
        int number,
        BlobPath path,
        CancellationToken cancellation
    ) =>
        db.ReadAsync<(BlobPath, VersionFile?)>(
            tx =>
            {
                var version = ModelVersions.Find(tx, caller, modelName, number, Level.Read);
                if (version.Place is null)
                    throw Fault.Invalid(
                        "registry.elsewhere",
                        "The files of this version are not kept by this server, which does not open other places.",
                        hint: "Read them from where its source says."
                    );
                var place = BlobPath.Parse(version.Place).Append(path.Value);
                if (version.FilesState != FilesState.Noted)
                    return (place, null);
                return (place, FileStore.Find(tx, version, path.Value) ?? throw BlobFaults.NotFound(place));
            },
            cancellation
        );

    /// <summary>
    /// The store compares what it reads with the digest it wrote, so that digest is compared with the one registered. What
    /// clients sent past the server has none; of that the length has to be right.
    /// </summary>
    private static void Require(Blob blob, VersionFile file)
    {
        if (blob.SizeBytes != file.SizeBytes || (blob.Sha256 is { } digest && digest != file.Sha256))
            throw Fault.Internal(
                "registry.file_changed",
                $"The file '{file.Path}' is another than was registered.",
                "Register what lies there now as a new version, or restore the file from a backup."
            );
    }
}
