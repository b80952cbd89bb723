using Slipway.Foundation.Blobs;
using Slipway.Foundation.Sql;
using Slipway.Identity;
using Slipway.Sdk;
using Slipway.Tracking.Storage;

namespace Slipway.Tracking.Actions;

/// <summary>
/// The verbs of artifacts: the files of runs and logged models, kept in the store of blobs under the experiment they
/// belong to. Who may do what is decided by that experiment. What an experiment keeps elsewhere is never opened here.
/// </summary>
public sealed class Artifacts
{
    private readonly Db db;
    private readonly IBlobs blobs;

    internal Artifacts(Db db, IBlobs blobs)
    {
        this.db = db;
        this.blobs = blobs;
    }

    /// <summary>What lies directly in a folder; nothing where there is none.</summary>
    public async Task<ArtifactListing> ListAsync(
        Caller caller,
        ArtifactName folder,
        CancellationToken cancellation = default
    )
    {
        var place = await LocateAsync(caller, folder, Level.Read, cancellation);
        var entries = new List<BlobEntry>();
        if (place.Exists)
        {
            await foreach (var entry in blobs.ListAsync(place.Path, cancellation))
                entries.Add(entry);
        }
        if (place.Path.IsRoot)
            entries = await VisibleAsync(caller, entries, cancellation);
        return new ArtifactListing(place.Address, place.Root, entries);
    }

    /// <summary>What there is to know of an artifact without reading it.</summary>
    public async Task<Blob> FindAsync(Caller caller, ArtifactName name, CancellationToken cancellation = default)
    {
        var place = await LocateAsync(caller, name, Level.Read, cancellation);
        var blob = place.Exists ? await blobs.FindAsync(place.Path, cancellation) : null;
        return blob ?? throw BlobFaults.NotFound(place.Path);
    }

    public async Task<BlobContent> OpenAsync(
        Caller caller,
        ArtifactName name,
        ByteRange? range = null,
        CancellationToken cancellation = default
    )
    {
        var place = await LocateAsync(caller, name, Level.Read, cancellation);
        return place.Exists
            ? await blobs.OpenAsync(place.Path, range, cancellation)
            : throw BlobFaults.NotFound(place.Path);
    }

    /// <summary>Refuses those who may not store anything under the name.</summary>
    public Task RequireEditAsync(Caller caller, ArtifactName name, CancellationToken cancellation = default) =>
        LocateForChangeAsync(caller, name, Level.Edit, cancellation);

    /// <summary>Stores the stream under the name, in place of what was there. Durable once it returns.</summary>
    public async Task<Blob> PutAsync(
        Caller caller,
        ArtifactName name,
        Stream content,
        CancellationToken cancellation = default
    )
    {
        var place = await LocateForChangeAsync(caller, name, Level.Edit, cancellation);
        return await blobs.PutAsync(place, content, cancellation);
    }

    /// <summary>Removes an artifact, or a folder with all that it holds; what is not there is as good as removed.</summary>
    public async Task DeleteAsync(Caller caller, ArtifactName name, CancellationToken cancellation = default)
    {
        var place = await LocateForChangeAsync(caller, name, Level.Manage, cancellation);
        await blobs.DeleteAsync(place, cancellation);
    }

    /// <summary>Begins an upload whose parts the client sends to the store itself.</summary>
    public async Task<(string UploadId, IReadOnlyList<PartUrl> Parts)> BeginUploadAsync(
        Caller caller,
        ArtifactName name,
        int parts,
        CancellationToken cancellation = default
    )
    {
        var place = await LocateForChangeAsync(caller, name, Level.Edit, cancellation);
        return await Direct.CreateAsync(place, parts, cancellation);
    }

    public async Task CompleteUploadAsync(
        Caller caller,
        ArtifactName name,
        string uploadId,
        IReadOnlyList<SentPart> parts,
        CancellationToken cancellation = default
    )
    {
        var place = await LocateForChangeAsync(caller, name, Level.Edit, cancellation);
        await Direct.CompleteAsync(place, uploadId, parts, cancellation);
    }

    public async Task AbortUploadAsync(
        Caller caller,
        ArtifactName name,
        string uploadId,
        CancellationToken cancellation = default
    )
    {
        var place = await LocateForChangeAsync(caller, name, Level.Edit, cancellation);
        await Direct.AbortAsync(place, uploadId, cancellation);
    }

    /// <summary>An address at which the client reads the artifact from the store itself.</summary>
    public async Task<(string Url, Blob Blob)> DownloadUrlAsync(
        Caller caller,
        ArtifactName name,
        CancellationToken cancellation = default
    )
    {
        var place = await LocateAsync(caller, name, Level.Read, cancellation);
        var direct = Direct;
        var blob = place.Exists ? await blobs.FindAsync(place.Path, cancellation) : null;
        return blob is null
            ? throw BlobFaults.NotFound(place.Path)
            : (await direct.DownloadUrlAsync(blob.Path, cancellation), blob);
    }

    /// <summary>
    /// Refuses an address for new artifacts that lies among those of an experiment which the caller may not change, or
    /// which does not exist yet. What lies under no experiment belongs to the default workspace.
    /// </summary>
    internal static void RequireOwnPlace(Tx tx, Caller caller, string address)
    {
        if (ArtifactAddress.Place(address) is not { } place)
            return;
        if (ArtifactAddress.ExperimentOf(place) is not { } id)
        {
            if (caller.Workspace != Caller.DefaultWorkspace)
                throw Fault.Denied("artifact.foreign_workspace", "The artifact location belongs to another workspace.");
            return;
        }
        if (
            ExperimentStore.Find(tx, caller.Workspace, id) is null
            || !caller.Can(Level.Edit, Resource.Experiment(Experiments.IdText(id)))
        )
            throw Fault.Denied("artifact.foreign_place", "The artifact location belongs to another experiment.");
    }

    /// <summary>
    /// The place of this server's store that an address means; null where it means none, or one that the caller cannot
    /// know of. Refused where it lies among the artifacts of an experiment that the caller may not read.
    /// </summary>
    internal static BlobPath? ReadablePlace(Tx tx, Caller caller, string address)
    {
        if (ArtifactAddress.Place(address) is not { IsRoot: false } place)
            return null;
        if (ArtifactAddress.ExperimentOf(place) is not { } id)
            return
                caller.Workspace == Caller.DefaultWorkspace
                && caller.Can(Level.Read, Resource.Workspace(caller.Workspace))
                ? place
                : null;
        if (ExperimentStore.Find(tx, caller.Workspace, id) is null)
            return null;
        caller.Require(Level.Read, Resource.Experiment(Experiments.IdText(id)));
        return place;
    }

    private DirectTransfers Direct =>
        blobs.Direct
        ?? throw Fault.Unsupported(
            "artifact.no_direct_transfer",
            "Multipart transfer is not supported for the current artifact repository"
        );

    /// <summary>The place that is meant, once it is clear that the caller may do there what they want to.</summary>
    private Task<Place> LocateAsync(Caller caller, ArtifactName name, Level level, CancellationToken cancellation) =>
        db.ReadAsync(
            tx =>
                name switch
                {
                    ArtifactName.OfRun run => Under(Runs.ArtifactAddressOf(tx, caller, run.RunId, level), name.Path),
                    ArtifactName.OfModel model => Under(
                        LoggedModels.ArtifactAddressOf(tx, caller, model.ModelId, level),
                        name.Path
                    ),
                    _ => At(tx, caller, name.Path, level),
                },
            cancellation
        );

    private async Task<BlobPath> LocateForChangeAsync(
        Caller caller,
        ArtifactName name,
        Level level,
        CancellationToken cancellation
    )
    {
        // A file cannot have the name of the folder of everything.
        _ = BlobPath.Parse(name.Path.Value);
        var place = await LocateAsync(caller, name, level, cancellation);
        return place.Exists
            ? place.Path
            : throw Fault.NotFound("artifact.no_experiment", $"'{place.Path}' belongs to no experiment.");
    }

    private static Place Under(string address, BlobPath path)
    {
        var root =
            ArtifactAddress.Place(address)
            ?? throw Fault.Invalid(
                "artifact.elsewhere",
                "The artifacts are not kept by this server, which does not open other places.",
                hint: "Read them from where artifact_uri says."
            );
        return new Place(address, root, path.IsRoot ? root : root.Append(path.Value), Exists: true);
    }

    /// <summary>
    /// A place belongs to the experiment it begins with; what begins otherwise belongs to the default workspace. To
    /// those who cannot know of the experiment it is as if nothing were there.
    /// </summary>
    private static Place At(Tx tx, Caller caller, BlobPath path, Level level)
    {
        var place = new Place(ArtifactAddress.Of(path), path, path, Exists: true);
        if (ArtifactAddress.ExperimentOf(path) is { } id)
        {
            if (ExperimentStore.Find(tx, caller.Workspace, id) is null)
                return place with { Exists = false };
            caller.Require(level, Resource.Experiment(Experiments.IdText(id)));
            return place;
        }
        caller.Require(level, Resource.Workspace(caller.Workspace));
        return place with { Exists = path.IsRoot || caller.Workspace == Caller.DefaultWorkspace };
    }

    /// <summary>Of what lies at the root, the folders of experiments that the caller may see, and what belongs to none.</summary>
    private async Task<List<BlobEntry>> VisibleAsync(
        Caller caller,
        List<BlobEntry> entries,
        CancellationToken cancellation
    )
    {
        var all = await db.ReadAsync(tx => ExperimentStore.All(tx, caller.Workspace), cancellation);
        var readable = all.Select(experiment => experiment.Id)
            .Where(id => caller.Can(Level.Read, Resource.Experiment(Experiments.IdText(id))))
            .ToHashSet();
        return entries.FindAll(entry =>
            ArtifactAddress.ExperimentOf(entry.Path) is { } id
                ? readable.Contains(id)
                : caller.Workspace == Caller.DefaultWorkspace
        );
    }

    /// <summary>
    /// What a name means: <see cref="Path"/>, under <see cref="Root"/>, which clients know by its address. It does not
    /// exist where the experiment does not, as far as the caller may know.
    /// </summary>
    private sealed record Place(string Address, BlobPath Root, BlobPath Path, bool Exists);
}
