using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Slipway.Doors.Mlflow.Wire;
using Slipway.Foundation.Blobs;
using Slipway.Foundation.Http;
using Slipway.Identity;
using Slipway.Sdk;
using Slipway.Tracking;
using ModelFiles = Slipway.Registry.Actions.ModelFiles;
using Verbs = Slipway.Tracking.Actions.Artifacts;

namespace Slipway.Doors.Mlflow;

/// <summary>The calls on artifacts: by their place in the store, of runs, and of logged models.</summary>
internal sealed class Artifacts(Verbs artifacts, ModelFiles files)
{
    private const long PageUploadBytes = 10 * 1024 * 1024;
    private const string Proxied = "/mlflow-artifacts/artifacts/";

    public async Task<Answer> List(Call call)
    {
        var folder = new ArtifactName.At(BlobPath.ParseFolder(call.Fields.Text("path")));
        var listing = await artifacts.ListAsync(call.Caller, folder, call.Cancellation);
        return writer => Files(writer, listing, entry => entry.Path.Name);
    }

    /// <summary>MLflow sends the whole, also to who asks for a range of it.</summary>
    public Task Download(HttpContext http) =>
        SendAsync(http, new ArtifactName.At(BlobUrl.After(http, Proxied)), givesRanges: false);

    public async Task Upload(HttpContext http)
    {
        var name = new ArtifactName.At(BlobUrl.After(http, Proxied));
        await artifacts.PutAsync(Caller.Of(http.User), name, http.Request.Body, http.RequestAborted);
        await Call.WriteAsync(http, StatusCodes.Status200OK, Call.Empty);
    }

    public async Task Delete(HttpContext http)
    {
        if (!NamesOtherHost(http))
        {
            var name = new ArtifactName.At(BlobUrl.After(http, Proxied));
            await artifacts.DeleteAsync(Caller.Of(http.User), name, http.RequestAborted);
        }
        await Call.WriteAsync(http, StatusCodes.Status200OK, Call.Empty);
    }

    public async Task<Answer> ListOfRun(Call call)
    {
        var name = new ArtifactName.OfRun(Runs.ReadId(call.Fields), BlobPath.ParseFolder(call.Fields.Text("path")));
        return Whole(await artifacts.ListAsync(call.Caller, name, call.Cancellation));
    }

    public async Task<Answer> ListOfModel(Call call)
    {
        var folder = BlobPath.ParseFolder(call.Fields.Text("artifact_directory_path"));
        var name = new ArtifactName.OfModel(call.Route("model_id"), folder);
        return Whole(await artifacts.ListAsync(call.Caller, name, call.Cancellation));
    }

    /// <summary>What pages show and offer for download.</summary>
    public Task GetOfRun(HttpContext http)
    {
        var query = new WireObject(http.Request.Query);
        var run = query.Text("run_id") ?? query.Text("run_uuid");
        return run is null || query.Text("path") is not { } path
            ? HtmlPages.WriteAsync(http, StatusCodes.Status400BadRequest, "The run or the path is missing.")
            : SendAsync(http, new ArtifactName.OfRun(run, BlobPath.Parse(path)));
    }

    public Task GetOfModel(HttpContext http)
    {
        var path = BlobPath.Parse(new WireObject(http.Request.Query).Required("artifact_file_path"));
        return SendAsync(http, new ArtifactName.OfModel((string)http.Request.RouteValues["model_id"]!, path));
    }

    /// <summary>A file of a version of a registered model.</summary>
    public async Task GetOfVersion(HttpContext http)
    {
        var query = new WireObject(http.Request.Query);
        if (query.Text("path") is not { } path)
        {
            await HtmlPages.WriteAsync(http, StatusCodes.Status400BadRequest, "The path is missing.");
            return;
        }
        var file = BlobPath.Parse(path);
        var (caller, name, number) = (Caller.Of(http.User), query.Required("name"), VersionNumber.Read(query));
        var download = new BlobDownload(
            cancellation => files.FindAsync(caller, name, number, file, cancellation),
            (range, cancellation) => files.OpenAsync(caller, name, number, file, range, cancellation)
        );
        await download.SendAsync(http, ArtifactTypes.Of(file.Name));
    }

    /// <summary>What pages upload: small files, which must not be empty.</summary>
    public async Task UploadToRun(HttpContext http)
    {
        var query = new WireObject(http.Request.Query);
        var run = query.Text("run_uuid") is { Length: > 0 } id ? id : throw MustSpecify("run_uuid");
        var path = query.Text("path") is { Length: > 0 } text ? text : throw MustSpecify("path");
        var name = new ArtifactName.OfRun(run, BlobPath.Parse(path));
        http.Features.GetRequiredFeature<IHttpMaxRequestBodySizeFeature>().MaxRequestBodySize = PageUploadBytes;
        var body = http.Request.BodyReader;
        var beginning = await body.ReadAsync(http.RequestAborted);
        if (beginning.Buffer.IsEmpty)
            throw MustSpecify("data");
        body.AdvanceTo(beginning.Buffer.Start);
        await artifacts.PutAsync(Caller.Of(http.User), name, body.AsStream(), http.RequestAborted);
        http.Response.ContentType = "application/json";
    }

    /// <summary>MLflow signs uploads only into places that are not its own, and those are not opened here.</summary>
    public async Task<Answer> PresignUpload(Call call)
    {
        var name = new ArtifactName.OfRun(call.Fields.Required("run_id"), BlobPath.Parse(call.Fields.Required("path")));
        await artifacts.ListAsync(call.Caller, name, call.Cancellation);
        throw Fault.Invalid(
            "mlflow.presigned_upload",
            "Presigned upload is not supported for runs with proxied artifact storage (artifact URI scheme: mlflow-artifacts). This endpoint requires a run with a direct cloud storage artifact URI."
        );
    }

    public async Task<Answer> PresignDownload(Call call)
    {
        var name = new ArtifactName.At(BlobUrl.After(call.Http, "/mlflow-artifacts/presigned/"));
        var (url, blob) = await artifacts.DownloadUrlAsync(call.Caller, name, call.Cancellation);
        return writer =>
        {
            writer.WriteString("url"u8, url);
            writer.WriteNumber("file_size"u8, blob.SizeBytes);
        };
    }

    public async Task<Answer> BeginUpload(Call call)
    {
        var name = ReadTarget(call, "create");
        var parts = (int)Math.Clamp(call.Fields.Whole("num_parts") ?? 1, 0, int.MaxValue);
        var (upload, urls) = await artifacts.BeginUploadAsync(call.Caller, name, parts, call.Cancellation);
        return writer =>
        {
            writer.WriteString("upload_id"u8, upload);
            Shapes.List(
                writer,
                "credentials"u8,
                urls,
                static (writer, part) =>
                {
                    writer.WriteString("url"u8, part.Url);
                    writer.WriteNumber("part_number"u8, part.Number);
                }
            );
        };
    }

    public async Task<Answer> CompleteUpload(Call call)
    {
        var name = ReadTarget(call, "complete");
        var upload = await ReadUploadAsync(call, name);
        var parts = call
            .Fields.RequiredObjects("parts")
            .Select(part => new SentPart((int)(part.Whole("part_number") ?? 0), part.Required("etag")))
            .ToList();
        await artifacts.CompleteUploadAsync(call.Caller, name, upload, parts, call.Cancellation);
        return Call.Empty;
    }

    public async Task<Answer> AbortUpload(Call call)
    {
        var name = ReadTarget(call, "abort");
        var upload = await ReadUploadAsync(call, name);
        await artifacts.AbortUploadAsync(call.Caller, name, upload, call.Cancellation);
        return Call.Empty;
    }

    /// <summary>A folder in the URL and a file in the body, of which clients send their own full path.</summary>
    private static ArtifactName.At ReadTarget(Call call, string step)
    {
        var file = call.Fields.Required("path");
        var folder = BlobUrl.After(call.Http, $"/mlflow-artifacts/mpu/{step}/");
        return new ArtifactName.At(folder.Append(file[(file.LastIndexOfAny(['/', '\\']) + 1)..]));
    }

    /// <summary>Whoever may not upload hears that, and not what else their call lacks.</summary>
    private async Task<string> ReadUploadAsync(Call call, ArtifactName name)
    {
        await artifacts.RequireEditAsync(call.Caller, name, call.Cancellation);
        return call.Fields.Required("upload_id");
    }

    private Task SendAsync(HttpContext http, ArtifactName name, bool givesRanges = true)
    {
        var caller = Caller.Of(http.User);
        var download = new BlobDownload(
            cancellation => artifacts.FindAsync(caller, name, cancellation),
            (range, cancellation) => artifacts.OpenAsync(caller, name, range, cancellation)
        )
        {
            GivesRanges = givesRanges,
        };
        return download.SendAsync(http, ArtifactTypes.Of(name.Path.Name));
    }

    private static Answer Whole(ArtifactListing listing) =>
        writer =>
        {
            writer.WriteString("root_uri"u8, listing.RootUri);
            Files(writer, listing, listing.RelativePath);
        };

    private static void Files(Utf8JsonWriter writer, ArtifactListing listing, Func<BlobEntry, string> path) =>
        Shapes.List(
            writer,
            "files"u8,
            [.. listing.Entries.OrderBy(path, StringComparer.Ordinal)],
            (writer, entry) =>
            {
                writer.WriteString("path"u8, path(entry));
                writer.WriteBoolean("is_dir"u8, entry.IsFolder);
                if (entry.SizeBytes is > 0)
                    writer.WriteNumber("file_size"u8, entry.SizeBytes.Value);
            }
        );

    /// <summary>Of a machine's name alone, <c>file://x</c>, nothing is kept here: it is as good as removed.</summary>
    private static bool NamesOtherHost(HttpContext http)
    {
        var target = BlobUrl.Target(http);
        var start = target.LastIndexOf('/') + 1;
        var name = Uri.UnescapeDataString(target[start..]);
        return target.AsSpan(0, start).EndsWith(Proxied, StringComparison.Ordinal)
            && name.StartsWith("file://", StringComparison.OrdinalIgnoreCase)
            && name["file://".Length..].All(char.IsAsciiLetterOrDigit);
    }

    private static Fault MustSpecify(string what) =>
        Fault.Invalid("mlflow.missing", $"Request must specify {what}.", what);
}
