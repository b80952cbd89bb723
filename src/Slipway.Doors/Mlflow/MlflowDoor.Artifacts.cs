using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Slipway.Doors.Mlflow.Wire;
using Slipway.Sdk;

namespace Slipway.Doors.Mlflow;

/// <summary>The routes of artifacts.</summary>
public static partial class MlflowDoor
{
    private static void MapArtifacts(DoorRoutes door, IServiceProvider services)
    {
        var artifacts = services.GetRequiredService<Artifacts>();
        const string proxy = "2.0/mlflow-artifacts";
        door.Get($"{proxy}/artifacts", artifacts.List);
        door.MapRaw("GET", $"{proxy}/artifacts/{{**path}}", artifacts.Download);
        door.MapRaw("PUT", $"{proxy}/artifacts/{{**path}}", artifacts.Upload);
        door.MapRaw("DELETE", $"{proxy}/artifacts/{{**path}}", artifacts.Delete);
        door.Post($"{proxy}/mpu/create/{{**path}}", artifacts.BeginUpload);
        door.Post($"{proxy}/mpu/complete/{{**path}}", artifacts.CompleteUpload);
        door.Post($"{proxy}/mpu/abort/{{**path}}", artifacts.AbortUpload);
        door.Get($"{proxy}/presigned/{{**path}}", artifacts.PresignDownload);
        door.Get("2.0/mlflow/artifacts/list", artifacts.ListOfRun);
        door.Post("2.0/mlflow/artifacts/presigned-upload-url", artifacts.PresignUpload);
        door.Get("2.0/mlflow/logged-models/{model_id}/artifacts/directories", artifacts.ListOfModel);
        const string modelFiles = "/ajax-api/2.0/mlflow/logged-models/{model_id}/artifacts/files";
        door.MapAt("GET", modelFiles, artifacts.GetOfModel);
        door.MapAt("GET", "/get-artifact", artifacts.GetOfRun);
        door.MapAt("POST", "/ajax-api/2.0/mlflow/upload-artifact", artifacts.UploadToRun);
    }

    /// <summary>
    /// The server resolves dots before it looks for a route, so a path that climbs arrives elsewhere than it says. It is
    /// refused as what it is.
    /// </summary>
    private static void RefuseDots(IApplicationBuilder app) =>
        app.Use(
            (http, next) =>
                ArtifactPath.Wanders(http)
                    ? Errors.WriteAsync(
                        http,
                        Fault.Invalid("blob.invalid_path", "Invalid path: a segment is made of dots.", "path")
                    )
                    : next(http)
        );
}
