using Wire = Slipway.Sdk.Registry;

namespace Slipway.Registry.Http;

/// <summary>Nouns of the registry as records of the native API, and back.</summary>
internal static class Shapes
{
    public static Wire.ModelResource Of(RegisteredModel model) =>
        new()
        {
            Name = model.Name,
            Description = model.Description,
            IsPrompt = model.IsPrompt,
            CreatedMs = model.CreatedMs,
            UpdatedMs = model.UpdatedMs,
            VersionCount = model.VersionCount,
            Tags = model.Tags,
            Aliases = model.Aliases,
            LatestVersions = [.. model.LatestVersions.Select(Of)],
        };

    public static Wire.VersionResource Of(ModelVersion version) =>
        new()
        {
            Model = version.ModelName,
            Version = version.Number,
            Description = version.Description,
            Stage = (Wire.VersionStage)version.Stage,
            Source = version.Source,
            ArtifactUri = version.ArtifactUri,
            Files = (Wire.FilesState)version.FilesState,
            Digest = version.Digest,
            RunId = version.RunId,
            LoggedModelId = version.LoggedModelId,
            CreatedBy = version.CreatedBy,
            CreatedMs = version.CreatedMs,
            UpdatedMs = version.UpdatedMs,
            Tags = version.Tags,
            Aliases = version.Aliases,
        };

    public static Wire.VersionDigests Of(VersionFiles files) =>
        new()
        {
            State = (Wire.FilesState)files.State,
            Digest = files.Digest,
            SizeBytes = files.SizeBytes,
            Files =
            [
                .. files.Files.Select(file => new Wire.FileDigest
                {
                    Path = file.Path,
                    SizeBytes = file.SizeBytes,
                    Sha256 = file.Sha256,
                }),
            ],
        };

    public static Wire.VersionOriginResource Of(ModelVersion version, VersionOrigin origin) =>
        new()
        {
            RunId = version.RunId,
            RunName = origin.RunName,
            ExperimentId = origin.ExperimentId,
            CopiedFrom = origin.CopiedFrom,
            PipelineRunId = origin.PipelineRunId,
            CodeName = origin.Code?.Name,
            CodeRepository = origin.Code?.Repository,
            CodeBranch = origin.Code?.Branch,
            CodeCommit = origin.Code?.Commit,
            CodeDiff = origin.Code?.Diff,
            Datasets =
            [
                .. origin.Data.Select(used => new Wire.DatasetUse
                {
                    Name = used.Name,
                    Digest = used.Digest,
                    Source = used.Source,
                    SourceType = used.SourceType,
                    Context = used.Context,
                }),
            ],
            Environment = origin.Environment,
            Flavors = origin.Flavors,
            SignatureInputs = origin.Signature?.Inputs,
            SignatureOutputs = origin.Signature?.Outputs,
            SignatureParams = origin.Signature?.Params,
        };

    public static Wire.MoveResource Of(PastMove move) =>
        new()
        {
            Alias = move.Alias,
            FromVersion = move.FromVersion,
            ToVersion = move.ToVersion,
            FromStage = (Wire.VersionStage?)move.FromStage,
            ToStage = (Wire.VersionStage?)move.ToStage,
            Actor = move.Actor,
            MovedMs = move.MovedMs,
        };

    public static IReadOnlyList<KeyValuePair<string, string>> Pairs(IReadOnlyDictionary<string, string> tags) =>
        [.. tags];
}
