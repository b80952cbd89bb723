using System.Globalization;
using Slipway.Foundation.Blobs;
using Slipway.Foundation.Sql;
using Slipway.Identity;
using Slipway.Registry.Storage;
using Slipway.Sdk;
using Slipway.Tracking;
using Slipway.Tracking.Actions;

namespace Slipway.Registry.Actions;

/// <summary>Making versions: who may register what from where, and the next number.</summary>
public sealed partial class ModelVersions
{
    /// <summary>
    /// Registers a version. Numbers follow one upon the other without gap; a source that names another model is that
    /// model's files under this name.
    /// </summary>
    public Task<ModelVersion> CreateAsync(
        Caller caller,
        NewModelVersion request,
        CancellationToken cancellation = default
    )
    {
        RegistryRules.ModelName(request.ModelName);
        RegistryRules.Source(request.Source);
        RegistryRules.Description(request.Description);
        RegistryRules.Links(request);
        var tags = RegistryRules.Tags(request.Tags);
        if (request.IsOfPrompt)
            SourceRules.OfPrompt(request.Source);
        else if (!SourceRules.IsLocal(request.Source))
            SourceRules.RequireAbsolute(request.Source);
        return CreateAsync(caller, request, tags, cancellation);
    }

    private async Task<ModelVersion> CreateAsync(
        Caller caller,
        NewModelVersion request,
        Dictionary<string, string> tags,
        CancellationToken cancellation
    )
    {
        var seen = await db.ReadAsync(tx => SourceOf(tx, caller, request), cancellation);
        var files = await FilesOfAsync(seen, cancellation);
        var origin = await OriginOfAsync(caller, request, seen, cancellation);
        return await db.WriteAsync(
            tx =>
            {
                var source = SourceOf(tx, caller, request);
                var model = RegisteredModels.FindForUpdate(tx, caller, request.ModelName, Level.Edit);
                var noted =
                    source == seen ? files
                    : source.Place is null ? Elsewhere
                    : source.CopyOf?.Files ?? new VersionFiles(FilesState.Pending, null, []);
                var now = Now();
                var version = new ModelVersion
                {
                    ModelNumber = model.Number,
                    ModelName = model.Name,
                    Number = model.VersionCount + 1,
                    Description = request.Description,
                    Source = request.Source,
                    ArtifactUri = source.ArtifactUri,
                    Place = source.Place?.Value,
                    FilesState = noted.State,
                    Digest = noted.Digest,
                    RunId = source.RunId,
                    RunLink = request.RunLink,
                    LoggedModelId = request.LoggedModelId,
                    CreatedBy = caller.User,
                    CreatedMs = now,
                    UpdatedMs = now,
                    Tags = tags,
                };
                VersionStore.Insert(tx, version);
                ModelStore.Update(tx, model with { VersionCount = version.Number, UpdatedMs = now });
                if (request.LoggedModelId.Length > 0 && !request.IsOfPrompt)
                    LoggedModels.NoteRegistration(tx, caller, request.LoggedModelId, model.Name, version.Number);
                events.Append(tx, RegistryEvents.Created(caller, model, version));
                Note(tx, caller, model, version, noted, origin);
                if (source.CopyOf?.Original is { } original)
                    FileStore.Copy(tx, original, version);
                return version;
            },
            cancellation
        );
    }

    private static VersionFiles Elsewhere { get; } = new(FilesState.Elsewhere, null, []);

    /// <summary>A copy has the files that its original was registered with, also if others lie there by now.</summary>
    private async Task<VersionFiles> FilesOfAsync(VersionSource source, CancellationToken cancellation)
    {
        if (source.Place is null)
            return Elsewhere;
        return source.CopyOf?.Files ?? await survey.LookAsync(source.Place, cancellation);
    }

    /// <summary>Where the version comes from; null where nothing can tell.</summary>
    private async Task<VersionOrigin?> OriginOfAsync(
        Caller caller,
        NewModelVersion request,
        VersionSource source,
        CancellationToken cancellation
    )
    {
        if (request.IsOfPrompt)
            return null;
        var tellsNothing = source.RunId.Length + request.LoggedModelId.Length == 0;
        if (tellsNothing && source is { Place: null, CopyOf: null })
            return null;
        var origin = await survey.OriginAsync(caller, source.RunId, request.LoggedModelId, source.Place, cancellation);
        return origin with { CopiedFrom = source.CopyOf?.Name };
    }

    private void Note(
        Tx tx,
        Caller caller,
        RegisteredModel model,
        ModelVersion version,
        VersionFiles files,
        VersionOrigin? origin
    )
    {
        if (origin is not null)
            FileStore.PutDocument(tx, version, DocumentKind.Origin, Documents.Write(origin));
        FileStore.Insert(tx, version, files.Files);
        if (files.State == FilesState.Noted)
            events.Append(tx, RegistryEvents.Noted(caller, model, version));
        if (files.State == FilesState.Pending)
            FileNotes.Order(tx, board, version);
    }

    /// <summary>What the source of a new version means, once it is clear that the caller may take it from there.</summary>
    private static VersionSource SourceOf(Tx tx, Caller caller, NewModelVersion request)
    {
        if (request.IsOfPrompt)
            return new VersionSource(request.Source, request.RunId, null);
        if (SourceRules.IsLocal(request.Source))
            RequireInside(tx, caller, request);
        if (SourceRules.ModelAddress(request.Source) is { } address)
            return SourceOf(tx, caller, address, request);
        var runId =
            request.RunId.Length == 0 && request.LoggedModelId.Length > 0
                ? LoggedModels.Find(tx, caller, request.LoggedModelId, Level.Read).SourceRunId
                : request.RunId;
        var place =
            Artifacts.ReadablePlace(tx, caller, request.Source) ?? Runs.ArtifactPlace(tx, caller, request.Source);
        return new VersionSource(request.Source, runId, place);
    }

    private static VersionSource SourceOf(Tx tx, Caller caller, ModelAddress address, NewModelVersion request)
    {
        if (address.IsLoggedModel)
        {
            var logged = LoggedModels.Find(tx, caller, address.Name, Level.Read);
            return new VersionSource(
                logged.ArtifactUri,
                request.RunId.Length == 0 ? logged.SourceRunId : request.RunId,
                Artifacts.ReadablePlace(tx, caller, logged.ArtifactUri)
            );
        }
        return CopyOf(tx, caller, Resolve(tx, caller, address), request);
    }

    /// <summary>
    /// Who may read the original may copy the files that were noted for it. Where none are, what lies at the place by now
    /// is noted for the copy, and that belongs to those who may read there.
    /// </summary>
    private static VersionSource CopyOf(Tx tx, Caller caller, ModelVersion original, NewModelVersion request)
    {
        var place = original.Place is null ? null : BlobPath.Parse(original.Place);
        var isNoted = original.FilesState == FilesState.Noted;
        if (place is not null && !isNoted)
            place = Artifacts.ReadablePlace(tx, caller, ArtifactAddress.Of(place));
        return new VersionSource(original.ArtifactUri, request.RunId, place)
        {
            CopyOf = new CopiedVersion(
                $"{original.ModelName}/{original.Number.ToString(CultureInfo.InvariantCulture)}",
                isNoted ? original : null
            ),
        };
    }

    private static void RequireInside(Tx tx, Caller caller, NewModelVersion request)
    {
        var ofModel = request.LoggedModelId.Length > 0;
        var folder =
            ofModel ? LoggedModels.Find(tx, caller, request.LoggedModelId, Level.Read).ArtifactUri
            : request.RunId.Length > 0 ? Runs.ArtifactAddressOf(tx, caller, request.RunId, Level.Read)
            : null;
        SourceRules.RequireInside(request.Source, folder, ofModel ? "model" : "run");
    }

    /// <summary>The version that a models:/ address names.</summary>
    private static ModelVersion Resolve(Tx tx, Caller caller, ModelAddress address)
    {
        var model = RegisteredModels.Find(tx, caller, address.Name, Level.Read);
        if (address.Alias is { } alias)
            return VersionStore.FindByAlias(tx, caller.Workspace, model.Name, alias) ?? throw NoAlias(alias);
        if (int.TryParse(address.Version, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            return Find(tx, caller, model.Name, number, Level.Read);
        var isLatest = address.Version!.Equals("latest", StringComparison.OrdinalIgnoreCase);
        var version = isLatest ? VersionStore.Newest(tx, model) : NewestOf(tx, model, Stages.Parse(address.Version));
        return version
            ?? throw Fault.NotFound(
                "registry.version_not_found",
                $"The model '{model.Name}' has no version in '{address.Version}'."
            );
    }

    private static ModelVersion? NewestOf(Tx tx, RegisteredModel model, Stage stage) =>
        VersionStore.NewestOfStages(tx, [model.Number])[model.Number].FirstOrDefault(v => v.Stage == stage);

    /// <summary>What a source means: where its files are as clients know it, and in this server's store if they are there.</summary>
    private sealed record VersionSource(string ArtifactUri, string RunId, BlobPath? Place)
    {
        public CopiedVersion? CopyOf { get; init; }
    }

    /// <summary>
    /// The version whose files a new one has, itself where they were noted; the same one, as far as a comparison goes,
    /// whatever else has changed about it.
    /// </summary>
    private sealed record CopiedVersion(string Name, ModelVersion? Original)
    {
        /// <summary>Without the list, which goes from row to row.</summary>
        public VersionFiles? Files => Original is null ? null : new VersionFiles(FilesState.Noted, Original.Digest, []);

        public bool Equals(CopiedVersion? other) =>
            other is not null && Name == other.Name && Original?.Digest == other.Original?.Digest;

        public override int GetHashCode() => Name.GetHashCode(StringComparison.Ordinal);
    }
}
