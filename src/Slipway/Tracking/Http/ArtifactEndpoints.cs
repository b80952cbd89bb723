using System.ComponentModel;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Slipway.Foundation.Blobs;
using Slipway.Foundation.Http;
using Slipway.Sdk.Tracking;
using Artifacts = Slipway.Tracking.Actions.Artifacts;

namespace Slipway.Tracking.Http;

/// <summary>
/// The native API of artifacts, the same under a run and under a logged model: a file is its URL, and what is stored
/// answers with the digest that the sender can compare.
/// </summary>
internal sealed class ArtifactEndpoints(Artifacts artifacts, Func<string, BlobPath, ArtifactName> name)
{
    private const string Marker = "/artifacts/";
    private static readonly ApiQuery<string?> Folder = ApiQuery.Text("path", "The folder; the root without it.");

    public static void Map(IEndpointRouteBuilder app)
    {
        var artifacts = app.ServiceProvider.GetRequiredService<Artifacts>();
        new ArtifactEndpoints(artifacts, (id, path) => new ArtifactName.OfRun(id, path)).MapUnder(app, "runs");
        new ArtifactEndpoints(artifacts, (id, path) => new ArtifactName.OfModel(id, path)).MapUnder(
            app,
            "logged-models"
        );
    }

    public static void RefuseDots(IApplicationBuilder app) =>
        app.Use(
            (http, next) =>
            {
                // Doors have artifacts under addresses and in error forms of their own.
                if (BlobUrl.Target(http).StartsWith("/api/v1/", StringComparison.Ordinal))
                    BlobUrl.RefuseDots(http, Marker);
                return next(http);
            }
        );

    private void MapUnder(IEndpointRouteBuilder app, string owners)
    {
        var folder = $"/api/v1/{owners}/{{id}}/artifacts";
        const string file = "/{**path}";
        var api = new ApiRoutes(app, TrackingJson.Default);
        api.Map<ArtifactList>("GET", folder, ListArtifacts).Asks(Folder);
        api.Map("GET", folder + file, DownloadArtifact).GivesBytes();
        api.Map("HEAD", folder + file, ProbeArtifact).GivesBytes();
        api.Map<ArtifactResource>("PUT", folder + file, UploadArtifact).TakesBytes();
        api.Map("DELETE", folder + file, DeleteArtifact);
    }

    [Description("What lies directly in a folder of artifacts.")]
    private async Task<ArtifactList> ListArtifacts(ApiCall call)
    {
        var folder = name(call.Route("id"), BlobPath.ParseFolder(call.Query(Folder)));
        var listing = await artifacts.ListAsync(Caller(call), folder, call.Cancellation);
        return new ArtifactList
        {
            RootUri = listing.RootUri,
            Items =
            [
                .. listing.Entries.Select(entry => new ArtifactResource
                {
                    Path = listing.RelativePath(entry),
                    IsFolder = entry.IsFolder,
                    SizeBytes = entry.SizeBytes,
                }),
            ],
        };
    }

    [Description("Size and digest of an artifact.")]
    private Task ProbeArtifact(ApiCall call) => DownloadArtifact(call);

    [Description("An artifact, or the part of it that the header Range names.")]
    private Task DownloadArtifact(ApiCall call)
    {
        var (caller, file) = (Caller(call), Name(call));
        var download = new BlobDownload(
            cancellation => artifacts.FindAsync(caller, file, cancellation),
            (range, cancellation) => artifacts.OpenAsync(caller, file, range, cancellation)
        );
        return download.SendAsync(call.Http, BlobDownload.TypeOf(file.Path.Name));
    }

    [Description("Stores an artifact in place of what is there.")]
    private async Task<ArtifactResource> UploadArtifact(ApiCall call)
    {
        var file = Name(call);
        var stored = await artifacts.PutAsync(Caller(call), file, call.Http.Request.Body, call.Cancellation);
        return new ArtifactResource
        {
            Path = file.Path.Value,
            SizeBytes = stored.SizeBytes,
            Sha256 = stored.Sha256,
        };
    }

    [Description("Removes an artifact, or a folder with all that it holds.")]
    private Task DeleteArtifact(ApiCall call) => artifacts.DeleteAsync(Caller(call), Name(call), call.Cancellation);

    private ArtifactName Name(ApiCall call) => name(call.Route("id"), BlobUrl.After(call.Http, Marker));

    private static Identity.Caller Caller(ApiCall call) => Identity.Caller.Of(call.Http.User);
}
