using Microsoft.Extensions.DependencyInjection;

namespace Slipway.Doors.Mlflow;

/// <summary>The routes of the model registry.</summary>
public static partial class MlflowDoor
{
    private static void AddRegistryServices(IServiceCollection services)
    {
        services.AddSingleton<RegisteredModels>();
        services.AddSingleton<ModelVersions>();
        services.AddSingleton<Webhooks>();
    }

    private static void MapRegistry(DoorRoutes door, IServiceProvider services)
    {
        var models = services.GetRequiredService<RegisteredModels>();
        door.Post("2.0/mlflow/registered-models/create", models.Create);
        door.Get("2.0/mlflow/registered-models/get", models.Get);
        door.Patch("2.0/mlflow/registered-models/update", models.Update);
        door.Post("2.0/mlflow/registered-models/rename", models.Rename);
        door.Delete("2.0/mlflow/registered-models/delete", models.Delete);
        door.Get("2.0/mlflow/registered-models/search", models.Search);
        door.Get("2.0/mlflow/registered-models/get-latest-versions", models.LatestVersions);
        door.Post("2.0/mlflow/registered-models/get-latest-versions", models.LatestVersions);
        door.Post("2.0/mlflow/registered-models/set-tag", models.SetTag);
        door.Delete("2.0/mlflow/registered-models/delete-tag", models.DeleteTag);
        door.Post("2.0/mlflow/registered-models/alias", models.SetAlias);
        door.Get("2.0/mlflow/registered-models/alias", models.GetByAlias);
        door.Delete("2.0/mlflow/registered-models/alias", models.DeleteAlias);

        var versions = services.GetRequiredService<ModelVersions>();
        door.Post("2.0/mlflow/model-versions/create", versions.Create);
        door.Get("2.0/mlflow/model-versions/get", versions.Get);
        door.Patch("2.0/mlflow/model-versions/update", versions.Update);
        door.Delete("2.0/mlflow/model-versions/delete", versions.Delete);
        door.Get("2.0/mlflow/model-versions/search", versions.Search);
        door.Post("2.0/mlflow/model-versions/set-tag", versions.SetTag);
        door.Delete("2.0/mlflow/model-versions/delete-tag", versions.DeleteTag);
        door.Post("2.0/mlflow/model-versions/transition-stage", versions.Transition);
        door.Get("2.0/mlflow/model-versions/get-download-uri", versions.DownloadUri);

        var webhooks = services.GetRequiredService<Webhooks>();
        door.Post("2.0/mlflow/webhooks", webhooks.Create);
        door.Get("2.0/mlflow/webhooks", webhooks.List);
        door.Get("2.0/mlflow/webhooks/{webhook_id}", webhooks.Get);
        door.Patch("2.0/mlflow/webhooks/{webhook_id}", webhooks.Update);
        door.Delete("2.0/mlflow/webhooks/{webhook_id}", webhooks.Delete);
        door.Post("2.0/mlflow/webhooks/{webhook_id}/test", webhooks.Try);
    }
}
