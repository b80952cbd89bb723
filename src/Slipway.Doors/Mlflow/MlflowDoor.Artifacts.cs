using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Slipway.Doors.Mlflow.Wire;
using Slipway.Foundation.Http;
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
        door.Post($"{proxy}/mpu/create/{{**path}}", artifacts.BeginUpload, ModelRequests.BeginUpload);
        door.Post($"{proxy}/mpu/complete/{{**path}}", artifacts.CompleteUpload, ModelRequests.CompleteUpload);
        door.Post($"{proxy}/mpu/abort/{{**path}}", artifacts.AbortUpload, ModelRequests.AbortUpload);
        door.Get($"{proxy}/presigned/{{**path}}", artifacts.PresignDownload);
        door.Get("2.0/mlflow/artifacts/list", artifacts.ListOfRun, Requests.ListArtifacts);
        door.Post("2.0/mlflow/artifacts/presigned-upload-url", artifacts.PresignUpload, ModelRequests.PresignUpload);
        door.Get(
            "2.0/mlflow/logged-models/{model_id}/artifacts/directories",
            artifacts.ListOfModel,
            ModelRequests.ListModelArtifacts
        );
        const string modelFiles = "/ajax-api/2.0/mlflow/logged-models/{model_id}/artifacts/files";
        door.MapAt("GET", modelFiles, artifacts.GetOfModel);
        door.MapAt("GET", "/get-artifact", artifacts.GetOfRun);
        door.MapAt("GET", "/model-versions/get-artifact", artifacts.GetOfVersion);
        door.MapAt("POST", "/ajax-api/2.0/mlflow/upload-artifact", artifacts.UploadToRun);
    }

    private static void RefuseDots(IApplicationBuilder app) =>
        app.Use(
            async (http, next) =>
            {
                try
                {
                    BlobUrl.RefuseDots(http, "/mlflow-artifacts/");
                }
                catch (Fault fault)
                {
                    // It may have arrived where no route says in which form.
                    await Errors.WriteAsync(http, fault);
                    return;
                }
                await next(http);
            }
        );
}
