using System.Globalization;
using Slipway.Foundation.Sql;
using Slipway.Identity;
using Slipway.Registry.Storage;
using Slipway.Sdk;
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
        RegistryRules.RunLink(request.RunLink);
        var tags = RegistryRules.Tags(request.Tags);
        if (request.IsOfPrompt)
            SourceRules.OfPrompt(request.Source);
        else if (!SourceRules.IsLocal(request.Source))
            SourceRules.RequireAbsolute(request.Source);
        return db.WriteAsync(
            tx =>
            {
                var origin = OriginOf(tx, caller, request);
                var model = RegisteredModels.FindForUpdate(tx, caller, request.ModelName, Level.Edit);
                var now = Now();
                var version = new ModelVersion
                {
                    ModelNumber = model.Number,
                    ModelName = model.Name,
                    Number = model.VersionCount + 1,
                    Description = request.Description,
                    Source = request.Source,
                    ArtifactUri = origin.ArtifactUri,
                    RunId = origin.RunId,
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
                return version;
            },
            cancellation
        );
    }

    /// <summary>Where the files of the new version lie and which run made it, once it is clear that the caller may take them from there.</summary>
    private static (string ArtifactUri, string RunId) OriginOf(Tx tx, Caller caller, NewModelVersion request)
    {
        if (request.IsOfPrompt)
            return (request.Source, request.RunId);
        if (SourceRules.IsLocal(request.Source))
            RequireInside(tx, caller, request);
        if (SourceRules.ModelAddress(request.Source) is { } address)
            return OriginOf(tx, caller, address, request);
        Artifacts.RequireReadable(tx, caller, request.Source);
        var runId =
            request.RunId.Length == 0 && request.LoggedModelId.Length > 0
                ? LoggedModels.Find(tx, caller, request.LoggedModelId, Level.Read).SourceRunId
                : request.RunId;
        return (request.Source, runId);
    }

    private static (string ArtifactUri, string RunId) OriginOf(
        Tx tx,
        Caller caller,
        ModelAddress address,
        NewModelVersion request
    )
    {
        if (address.IsLoggedModel)
        {
            var logged = LoggedModels.Find(tx, caller, address.Name, Level.Read);
            return (logged.ArtifactUri, request.RunId.Length == 0 ? logged.SourceRunId : request.RunId);
        }
        return (Resolve(tx, caller, address).ArtifactUri, request.RunId);
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
}
