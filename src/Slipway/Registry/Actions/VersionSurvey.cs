using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.Foundation.Blobs;
using Slipway.Foundation.Yaml;
using Slipway.Identity;
using Slipway.Sdk;
using Slipway.Tracking;
using Slipway.Tracking.Actions;

namespace Slipway.Registry.Actions;

/// <summary>
/// Looks at what is about to be registered: which files there are, with which digests, and what the run and the model
/// itself tell of where they come from. It reads and changes nothing, so it runs before the transaction.
/// </summary>
internal sealed class VersionSurvey(Runs runs, LoggedModels loggedModels, IBlobs blobs)
{
    /// <summary>More files than this are left to a job.</summary>
    private const int FileLimit = 200;

    private const int TextLimitBytes = 256 * 1024;

    private static readonly string[] EnvironmentFiles = ["requirements.txt", "conda.yaml", "python_env.yaml"];

    /// <summary>The files at the place; left to a job where there are many, or where a digest would have to be computed.</summary>
    public async Task<VersionFiles> LookAsync(BlobPath place, CancellationToken cancellation)
    {
        var files = new List<VersionFile>();
        await foreach (var entry in blobs.WalkAsync(place, cancellation))
        {
            var blob = files.Count < FileLimit ? await blobs.FindAsync(entry.Path, cancellation) : null;
            if (blob?.Sha256 is not { } digest)
                return new VersionFiles(FilesState.Pending, null, []);
            files.Add(new VersionFile(Relative(place, blob.Path), blob.SizeBytes, digest));
        }
        return VersionFiles.Noted(files);
    }

    /// <summary>All files at the place, however many, and whoever has to compute their digests.</summary>
    public async Task<VersionFiles> LookThroughAsync(BlobPath place, CancellationToken cancellation)
    {
        var files = new List<VersionFile>();
        await foreach (var entry in blobs.WalkAsync(place, cancellation))
        {
            // One that somebody removed meanwhile is none of the version's.
            if (await FileAsync(place, entry.Path, cancellation) is { } file)
                files.Add(file);
        }
        return VersionFiles.Noted(files);
    }

    /// <summary>What the records tell; a run or logged model that is not there, or not the caller's to read, tells nothing.</summary>
    public async Task<VersionOrigin> OriginAsync(
        Caller caller,
        string runId,
        string loggedModelId,
        BlobPath? place,
        CancellationToken cancellation
    )
    {
        var run = runId.Length == 0 ? null : await OrNothingAsync(runs.GetAsync(caller, runId, cancellation));
        var logged =
            loggedModelId.Length == 0
                ? null
                : await OrNothingAsync(loggedModels.GetAsync(caller, loggedModelId, cancellation));
        var origin = OriginOf(run, logged);
        return place is null ? origin : await WithModelAsync(origin, place, cancellation);
    }

    private static VersionOrigin OriginOf(Run? run, LoggedModel? logged)
    {
        var code = new CodeOrigin(
            Tag("mlflow.source.name"),
            Tag("mlflow.source.git.repoURL", "mlflow.git.repoUrl"),
            Tag("mlflow.source.git.branch", "mlflow.git.branch"),
            Tag("mlflow.source.git.commit", "mlflow.git.commit"),
            Tag("mlflow.source.git.diff", "mlflow.git.diff")
        );
        return new VersionOrigin
        {
            ExperimentId = run is null ? null : Text(run.Head.ExperimentId),
            RunName = run?.Head.Name,
            Code = code == new CodeOrigin(null, null, null, null, null) ? null : code,
            Data = [.. (run?.Links.Datasets ?? []).Select(DataOf)],
            PipelineRunId = Tag(VersionOrigin.PipelineRunTag),
        };

        string? Tag(params ReadOnlySpan<string> keys)
        {
            foreach (var key in keys)
            {
                if (
                    run?.Tags.TryGetValue(key, out var value) == true
                    || logged?.Tags.TryGetValue(key, out value) == true
                )
                    return value;
            }
            return null;
        }
    }

    private async Task<VersionOrigin> WithModelAsync(
        VersionOrigin origin,
        BlobPath place,
        CancellationToken cancellation
    )
    {
        var environment = new Dictionary<string, string>();
        foreach (var name in EnvironmentFiles)
        {
            if (await TextAsync(place, name, cancellation) is { } text)
                environment[name] = text;
        }
        var described = await TextAsync(place, "MLmodel", cancellation);
        var model = described is null ? YamlValue.Map.Empty : Describe(described);
        return origin with
        {
            Environment = environment,
            Flavors = model["flavors"] is YamlValue.Map flavors ? [.. flavors.Values.Keys] : [],
            Signature = model["signature"] is YamlValue.Map signature
                ? new ModelSignature(
                    Schema(signature, "inputs"),
                    Schema(signature, "outputs"),
                    Schema(signature, "params")
                )
                : null,
        };
    }

    /// <summary>A description that cannot be read describes nothing; the files are registered all the same.</summary>
    private static YamlValue.Map Describe(string text)
    {
        try
        {
            return YamlReader.ReadMap(new StringReader(text));
        }
        catch (Fault)
        {
            return YamlValue.Map.Empty;
        }
    }

    private static string? Schema(YamlValue.Map signature, string part)
    {
        try
        {
            return signature.Text(part) is { } text ? JsonNode.Parse(text)?.ToJsonString() : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>A small text file of the model; null where there is none.</summary>
    private async Task<string?> TextAsync(BlobPath place, string name, CancellationToken cancellation)
    {
        if (place.TryAppend(name) is not { } path || await blobs.FindAsync(path, cancellation) is not { } blob)
            return null;
        if (blob.SizeBytes > TextLimitBytes)
            return null;
        await using var content = await blobs.OpenAsync(path, range: null, cancellation);
        using var reader = new StreamReader(content.Stream, Encoding.UTF8);
        return await reader.ReadToEndAsync(cancellation);
    }

    private async Task<VersionFile?> FileAsync(BlobPath place, BlobPath path, CancellationToken cancellation)
    {
        try
        {
            return await blobs.FindAsync(path, cancellation) is { } blob
                ? new VersionFile(
                    Relative(place, path),
                    blob.SizeBytes,
                    blob.Sha256 ?? await DigestAsync(path, cancellation)
                )
                : null;
        }
        catch (Fault fault) when (fault.Kind == FaultKind.NotFound)
        {
            return null;
        }
    }

    private async Task<string> DigestAsync(BlobPath path, CancellationToken cancellation)
    {
        await using var content = await blobs.OpenAsync(path, range: null, cancellation);
        var digest = await System.Security.Cryptography.SHA256.HashDataAsync(content.Stream, cancellation);
        return Convert.ToHexStringLower(digest);
    }

    private static DatasetOrigin DataOf(DatasetInput input) =>
        new(
            input.Dataset.Name,
            input.Dataset.Digest,
            input.Dataset.SourceType,
            input.Dataset.Source,
            input.Tags.Where(tag => tag.Key == DatasetInput.ContextTag).Select(tag => tag.Value).FirstOrDefault()
        );

    private static async Task<T?> OrNothingAsync<T>(Task<T> asked)
        where T : class
    {
        try
        {
            return await asked;
        }
        catch (Fault fault) when (fault.Kind is FaultKind.NotFound or FaultKind.Denied)
        {
            return null;
        }
    }

    private static string Relative(BlobPath place, BlobPath path) => path.Value[(place.Value.Length + 1)..];

    private static string Text(long id) => id.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
