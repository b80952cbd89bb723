using System.ComponentModel;
using System.Globalization;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Slipway.Foundation.Blobs;
using Slipway.Foundation.Filters;
using Slipway.Foundation.Http;
using Slipway.Registry.Actions;
using Slipway.Sdk;
using Slipway.Sdk.Registry;
using Slipway.Sdk.Tracking;
using Wire = Slipway.Sdk.Registry;

namespace Slipway.Registry.Http;

/// <summary>The native API of versions: what they are, what they consist of and where they come from.</summary>
internal sealed class VersionEndpoints(ModelVersions versions, ModelFiles files)
{
    private const string Listing = "model-versions";
    private const string Marker = "/artifacts/";

    private static readonly ApiQuery<string> TagKey = ApiQuery.Required("key", "The tag.");
    private static readonly ApiQuery<string?> Folder = ApiQuery.Text("path", "The folder; all the way up without it.");

    public static void Map(IEndpointRouteBuilder app)
    {
        var services = app.ServiceProvider;
        var here = new VersionEndpoints(
            services.GetRequiredService<ModelVersions>(),
            services.GetRequiredService<ModelFiles>()
        );
        const string all = "/api/v1/models/{name}/versions";
        const string version = $"{all}/{{version}}";
        const string file = $"{version}/artifacts/{{**path}}";
        var api = new ApiRoutes(app, RegistryJson.Default);
        api.Map<Wire.VersionPage>("GET", "/api/v1/model-versions", here.SearchVersions).Asks(Paging.All);
        api.Map<Wire.VersionPage>("GET", all, here.ListVersions).Asks(Paging.All);
        api.Map<VersionCreate, VersionResource>("POST", all, here.CreateVersion).Creates();
        api.Map<VersionResource>("GET", version, here.GetVersion);
        api.Map<VersionChange, VersionResource>("PATCH", version, here.ChangeVersion);
        api.Map("DELETE", version, here.DeleteVersion);
        api.Map("DELETE", $"{version}/tags", here.DeleteTagOfVersion).Asks(TagKey);
        api.Map<VersionOriginResource>("GET", $"{version}/origin", here.Origin);
        api.Map<VersionDigests>("GET", $"{version}/digests", here.Digests);
        api.Map<ArtifactList>("GET", $"{version}/artifacts", here.ListFiles).Asks(Folder);
        api.Map("GET", file, here.DownloadFile).GivesBytes();
        api.Map("HEAD", file, here.ProbeFile).GivesBytes();
    }

    [Description("Versions of all registered models that meet a condition, a page at a time.")]
    private Task<Wire.VersionPage> SearchVersions(ApiCall call) => ListAsync(call, modelName: null);

    [Description("Versions of a registered model, those changed last in front, a page at a time.")]
    private Task<Wire.VersionPage> ListVersions(ApiCall call) => ListAsync(call, call.Route("name"));

    private async Task<Wire.VersionPage> ListAsync(ApiCall call, string? modelName)
    {
        var query = new VersionQuery
        {
            ModelName = modelName,
            Filter = Filter.Parse(call.Query(Paging.Filter)),
            Order = OrderBy.ParseAll(call.Query(Paging.Order)),
            Offset = (int)PageToken.ReadOffset(call.Query(Paging.Token), Listing),
            Limit = call.Query(Paging.Size),
        };
        var page = await versions.SearchAsync(Paging.Caller(call), query, call.Cancellation);
        return new Wire.VersionPage
        {
            Items = [.. page.Versions.Select(Shapes.Of)],
            NextPageToken = page.NextOffset is { } next ? PageToken.Offset(Listing, next) : null,
        };
    }

    [Description("Makes the next version of a registered model.")]
    private async Task<VersionResource> CreateVersion(ApiCall call, VersionCreate request)
    {
        var made = await versions.CreateAsync(
            Paging.Caller(call),
            new NewModelVersion(call.Route("name"), request.Source)
            {
                RunId = request.RunId,
                LoggedModelId = request.LoggedModelId,
                Description = request.Description,
                Tags = Shapes.Pairs(request.Tags),
            },
            call.Cancellation
        );
        return Shapes.Of(made);
    }

    [Description("A version, with the aliases that mean it.")]
    private async Task<VersionResource> GetVersion(ApiCall call)
    {
        var (name, number) = Key(call);
        return Shapes.Of(await versions.GetAsync(Paging.Caller(call), name, number, call.Cancellation));
    }

    [Description("Describes or tags a version, or moves it into another stage.")]
    private async Task<VersionResource> ChangeVersion(ApiCall call, VersionChange change)
    {
        var caller = Paging.Caller(call);
        var (name, number) = Key(call);
        // What may be refused comes first, so that a refusal changes nothing.
        if (change.Stage is { } stage)
            await versions.MoveAsync(caller, name, number, (Stage)stage, change.ArchiveOthers, call.Cancellation);
        foreach (var (key, value) in change.Tags)
            await versions.SetTagAsync(caller, name, number, key, value, call.Cancellation);
        if (change.Description is not null)
            await versions.DescribeAsync(caller, name, number, change.Description, call.Cancellation);
        return await GetVersion(call);
    }

    [Description("Deletes a version and the aliases that mean it.")]
    private Task DeleteVersion(ApiCall call)
    {
        var (name, number) = Key(call);
        return versions.DeleteAsync(Paging.Caller(call), name, number, call.Cancellation);
    }

    [Description("Removes a tag of a version.")]
    private Task DeleteTagOfVersion(ApiCall call)
    {
        var (name, number) = Key(call);
        return versions.DeleteTagAsync(Paging.Caller(call), name, number, call.Query(TagKey), call.Cancellation);
    }

    [Description("Where a version comes from, as it was when it was registered.")]
    private async Task<VersionOriginResource> Origin(ApiCall call)
    {
        var (name, number) = Key(call);
        var caller = Paging.Caller(call);
        var version = await versions.GetAsync(caller, name, number, call.Cancellation);
        return Shapes.Of(version, await files.OriginAsync(caller, name, number, call.Cancellation));
    }

    [Description("The files of a version by the digests that were noted when it was registered.")]
    private async Task<VersionDigests> Digests(ApiCall call)
    {
        var (name, number) = Key(call);
        return Shapes.Of(await files.ListAsync(Paging.Caller(call), name, number, call.Cancellation));
    }

    [Description("What lies directly in a folder of a version.")]
    private async Task<ArtifactList> ListFiles(ApiCall call)
    {
        var (name, number) = Key(call);
        var caller = Paging.Caller(call);
        var version = await versions.GetAsync(caller, name, number, call.Cancellation);
        var noted = await files.ListAsync(caller, name, number, call.Cancellation);
        return new ArtifactList
        {
            RootUri = version.ArtifactUri,
            Items = [.. In(BlobPath.ParseFolder(call.Query(Folder)), noted.Files)],
        };
    }

    [Description("Size and digest of a file of a version.")]
    private Task ProbeFile(ApiCall call) => DownloadFile(call);

    [Description("A file of a version as it was registered, or the part of it that the header Range names.")]
    private Task DownloadFile(ApiCall call)
    {
        var (name, number) = Key(call);
        var (caller, path) = (Paging.Caller(call), BlobUrl.After(call.Http, Marker));
        var download = new BlobDownload(
            cancellation => files.FindAsync(caller, name, number, path, cancellation),
            (range, cancellation) => files.OpenAsync(caller, name, number, path, range, cancellation)
        );
        return download.SendAsync(call.Http, BlobDownload.TypeOf(path.Name));
    }

    private static IEnumerable<ArtifactResource> In(BlobPath folder, IReadOnlyList<VersionFile> all)
    {
        var prefix = folder.IsRoot ? "" : $"{folder.Value}/";
        var inside = all.Where(file => file.Path.StartsWith(prefix, StringComparison.Ordinal)).ToList();
        var folders = inside
            .Select(file => file.Path.IndexOf('/', prefix.Length) is var end and >= 0 ? file.Path[..end] : null)
            .OfType<string>()
            .Distinct()
            .Select(path => new ArtifactResource { Path = path, IsFolder = true });
        var here = inside
            .Where(file => file.Path.IndexOf('/', prefix.Length) < 0)
            .Select(file => new ArtifactResource
            {
                Path = file.Path,
                SizeBytes = file.SizeBytes,
                Sha256 = file.Sha256,
            });
        return folders.Concat(here).OrderBy(item => item.Path, StringComparer.Ordinal);
    }

    private static (string Name, int Number) Key(ApiCall call) =>
        int.TryParse(call.Route("version"), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? (call.Route("name"), number)
            : throw Fault.Invalid("registry.version_number", "A version is named by its number.", "version");
}
