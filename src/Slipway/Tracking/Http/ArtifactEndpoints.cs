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
        app.MapApi("GET", folder, List);
        app.MapApi("GET", folder + file, Download);
        app.MapApi("HEAD", folder + file, Download);
        app.MapApi("PUT", folder + file, Upload).TakesUpTo(null);
        app.MapApi("DELETE", folder + file, Delete);
    }

    /// <summary>What lies directly in the folder that the query names.</summary>
    private async Task List(ApiCall call)
    {
        var folder = name(call.Route("id"), BlobPath.ParseFolder(call.Query("path")));
        var listing = await artifacts.ListAsync(Caller(call), folder, call.Cancellation);
        await call.AnswerAsync(
            TrackingJson.Default.ArtifactList,
            new ArtifactList
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
            }
        );
    }

    private Task Download(ApiCall call)
    {
        var (caller, file) = (Caller(call), Name(call));
        var download = new BlobDownload(
            cancellation => artifacts.FindAsync(caller, file, cancellation),
            (range, cancellation) => artifacts.OpenAsync(caller, file, range, cancellation)
        );
        return download.SendAsync(call.Http, BlobDownload.TypeOf(file.Path.Name));
    }

    private async Task Upload(ApiCall call)
    {
        var file = Name(call);
        var stored = await artifacts.PutAsync(Caller(call), file, call.Http.Request.Body, call.Cancellation);
        await call.AnswerAsync(
            TrackingJson.Default.ArtifactResource,
            new ArtifactResource
            {
                Path = file.Path.Value,
                SizeBytes = stored.SizeBytes,
                Sha256 = stored.Sha256,
            }
        );
    }

    private async Task Delete(ApiCall call)
    {
        await artifacts.DeleteAsync(Caller(call), Name(call), call.Cancellation);
        call.AnswerNothing();
    }

    private ArtifactName Name(ApiCall call) => name(call.Route("id"), BlobUrl.After(call.Http, Marker));

    private static Identity.Caller Caller(ApiCall call) => Identity.Caller.Of(call.Http.User);
}
