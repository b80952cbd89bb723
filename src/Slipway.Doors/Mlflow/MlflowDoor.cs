using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Slipway.Doors.Mlflow.Wire;
using Slipway.Foundation.Basics;
using Slipway.Foundation.Http;

namespace Slipway.Doors.Mlflow;

/// <summary>MLflow's REST interface, version 3.12: every route and who answers it. Each is there for clients under /api and for pages under /ajax-api.</summary>
public static partial class MlflowDoor
{
    public const string Version = "3.12.0";

    public static Room Room =>
        new("mlflow")
        {
            Services = AddServices,
            Middleware = app =>
            {
                HtmlPages.Use(app);
                RefuseDots(app);
            },
            Routes = Map,
        };

    private static void AddServices(IServiceCollection services)
    {
        services.AddSingleton<Experiments>();
        services.AddSingleton<Runs>();
        services.AddSingleton<Metrics>();
        services.AddSingleton<LoggedModels>();
        services.AddSingleton<EvaluationDatasets>();
        services.AddSingleton<Artifacts>();
        services.AddSingleton<Users>();
        services.AddSingleton<Permissions>();
        services.AddSingleton<Roles>();
        AddTraceServices(services);
        AddRegistryServices(services);
    }

    private static void Map(IEndpointRouteBuilder app)
    {
        var door = new DoorRoutes(app);
        door.MapText("/health", "OK");
        door.MapText("/version", Version);
        door.Get("3.0/mlflow/server-info", Server.Info);
        door.Page("GET", "3.0/mlflow/ui-telemetry", Server.Telemetry);
        door.Page("POST", "3.0/mlflow/ui-telemetry", Server.RefuseTelemetry);

        MapExperiments(door, app.ServiceProvider.GetRequiredService<Experiments>());

        var runs = app.ServiceProvider.GetRequiredService<Runs>();
        door.Post("2.0/mlflow/runs/create", runs.Create, Requests.CreateRun);
        door.Get("2.0/mlflow/runs/get", runs.Get, Requests.GetRun);
        door.Post("2.0/mlflow/runs/update", runs.Update, Requests.UpdateRun);
        door.Post("2.0/mlflow/runs/delete", runs.Delete, Requests.OfRun);
        door.Post("2.0/mlflow/runs/restore", runs.Restore, Requests.OfRun);
        door.Post("2.0/mlflow/runs/search", runs.Search, Requests.SearchRuns);
        door.MapRaw(
            "POST",
            "2.0/mlflow/runs/log-metric",
            http => Call.AnswerAsync(http, runs.LogMetric, Requests.LogMetric, bareNumbers: true)
        );
        door.Post("2.0/mlflow/runs/log-parameter", runs.LogParameter, Requests.SetRunEntry);
        door.Post("2.0/mlflow/runs/set-tag", runs.SetTag, Requests.SetRunEntry);
        door.Post("2.0/mlflow/runs/delete-tag", runs.DeleteTag, Requests.DeleteRunTag);
        door.Post("2.0/mlflow/runs/log-inputs", runs.LogInputs, Requests.LogInputs);
        door.Post("2.0/mlflow/runs/outputs", runs.LogOutputs, Requests.LogOutputs);
        door.Post("2.0/mlflow/runs/log-model", runs.LogModel, Requests.LogModel);
        door.MapRaw("POST", "2.0/mlflow/runs/log-batch", runs.LogBatch);

        var metrics = app.ServiceProvider.GetRequiredService<Metrics>();
        door.Get("2.0/mlflow/metrics/get-history", metrics.History, Requests.MetricHistory);
        door.Get("2.0/mlflow/metrics/get-history-bulk-interval", metrics.Interval, Requests.MetricInterval);
        door.Page("GET", "2.0/mlflow/metrics/get-history-bulk", metrics.Bulk);

        MapTraces(door, app);
        MapModels(door, app.ServiceProvider.GetRequiredService<LoggedModels>());
        MapRegistry(door, app.ServiceProvider);
        MapEvaluationDatasets(door, app.ServiceProvider.GetRequiredService<EvaluationDatasets>());
        MapArtifacts(door, app.ServiceProvider);
        MapPeople(door, app.ServiceProvider);
        Workspaces.Map(door);
        NotYet.Map(door);
    }

    private static void MapExperiments(DoorRoutes door, Experiments experiments)
    {
        door.Post("2.0/mlflow/experiments/create", experiments.Create, Requests.CreateExperiment);
        door.Get("2.0/mlflow/experiments/get", experiments.Get, Requests.OfExperiment);
        door.Get("2.0/mlflow/experiments/get-by-name", experiments.GetByName, Requests.GetExperimentByName);
        door.Get("2.0/mlflow/experiments/search", experiments.Search, Requests.SearchExperiments);
        door.Post("2.0/mlflow/experiments/search", experiments.Search, Requests.SearchExperiments);
        door.Post("2.0/mlflow/experiments/update", experiments.Update, Requests.UpdateExperiment);
        door.Post("2.0/mlflow/experiments/delete", experiments.Delete, Requests.OfExperiment);
        door.Post("2.0/mlflow/experiments/restore", experiments.Restore, Requests.OfExperiment);
        door.Post("2.0/mlflow/experiments/set-experiment-tag", experiments.SetTag, Requests.SetExperimentTag);
        door.Post("2.0/mlflow/experiments/delete-experiment-tag", experiments.DeleteTag, Requests.DeleteExperimentTag);
        door.Page(
            "POST",
            "2.0/mlflow/experiments/search-datasets",
            experiments.SearchDatasets,
            Requests.SearchDatasets
        );
        door.Page("POST", "2.0/mlflow/runs/create-promptlab-run", experiments.CreatePromptlabRun);
    }

    private static void MapModels(DoorRoutes door, LoggedModels models)
    {
        door.Post("2.0/mlflow/logged-models", models.Create, ModelRequests.CreateLoggedModel);
        door.Post("2.0/mlflow/logged-models/search", models.Search, ModelRequests.SearchModels);
        door.Get("2.0/mlflow/logged-models/{model_id}", models.Get);
        door.Patch("2.0/mlflow/logged-models/{model_id}", models.Finish, ModelRequests.FinalizeModel);
        door.Delete("2.0/mlflow/logged-models/{model_id}", models.Delete);
        door.Patch("2.0/mlflow/logged-models/{model_id}/tags", models.SetTags, ModelRequests.SetModelTags);
        door.Delete("2.0/mlflow/logged-models/{model_id}/tags/{tag_key}", models.DeleteTag);
        door.Post("2.0/mlflow/logged-models/{model_id}/params", models.LogParams, ModelRequests.LogModelParams);
    }

    private static void MapEvaluationDatasets(DoorRoutes door, EvaluationDatasets datasets)
    {
        door.Post("3.0/mlflow/datasets/create", datasets.Create, ModelRequests.CreateDataset);
        door.Get("3.0/mlflow/datasets/search", datasets.Search, ModelRequests.SearchEvaluationDatasets);
        door.Post("3.0/mlflow/datasets/search", datasets.Search, ModelRequests.SearchEvaluationDatasets);
        door.Get("3.0/mlflow/datasets/{dataset_id}", datasets.Get);
        door.Delete("3.0/mlflow/datasets/{dataset_id}", datasets.Delete);
        door.Patch("3.0/mlflow/datasets/{dataset_id}/tags", datasets.SetTags, ModelRequests.SetDatasetTags);
        door.Delete("3.0/mlflow/datasets/{dataset_id}/tags/{key}", datasets.DeleteTag);
        door.Get("3.0/mlflow/datasets/{dataset_id}/experiment-ids", datasets.ExperimentIds);
        door.Post(
            "3.0/mlflow/datasets/{dataset_id}/add-experiments",
            datasets.AddExperiments,
            ModelRequests.ChangeDatasetExperiments
        );
        door.Post(
            "3.0/mlflow/datasets/{dataset_id}/remove-experiments",
            datasets.RemoveExperiments,
            ModelRequests.ChangeDatasetExperiments
        );
        door.Get("3.0/mlflow/datasets/{dataset_id}/records", datasets.Records, ModelRequests.GetRecords);
        door.Post("3.0/mlflow/datasets/{dataset_id}/records", datasets.UpsertRecords, ModelRequests.UpsertRecords);
        door.Delete("3.0/mlflow/datasets/{dataset_id}/records", datasets.DeleteRecords, ModelRequests.DeleteRecords);
    }

    private static void MapPeople(DoorRoutes door, IServiceProvider services)
    {
        var users = services.GetRequiredService<Users>();
        door.Post("2.0/mlflow/users/create", users.Create);
        door.MapRaw("POST", "2.0/mlflow/users/create-ui", _ => throw Users.NoSignUpPage());
        door.Get("2.0/mlflow/users/get", users.Get);
        door.Get("2.0/mlflow/users/list", users.List);
        door.Patch("2.0/mlflow/users/update-password", users.UpdatePassword);
        door.Patch("2.0/mlflow/users/update-admin", users.UpdateAdmin);
        door.Delete("2.0/mlflow/users/delete", users.Delete);

        var permissions = services.GetRequiredService<Permissions>();
        foreach (
            var (kind, calls) in new[]
            {
                ("experiments", permissions.OnExperiments),
                ("registered-models", permissions.OnModels),
            }
        )
        {
            door.Post($"2.0/mlflow/{kind}/permissions/create", calls.Create);
            door.Get($"2.0/mlflow/{kind}/permissions/get", calls.Get);
            door.Patch($"2.0/mlflow/{kind}/permissions/update", calls.Update);
            door.Delete($"2.0/mlflow/{kind}/permissions/delete", calls.Delete);
        }

        var roles = services.GetRequiredService<Roles>();
        door.Post("3.0/mlflow/roles/create", roles.Create);
        door.Get("3.0/mlflow/roles/get", roles.Get);
        door.Get("3.0/mlflow/roles/list", roles.List);
        door.Patch("3.0/mlflow/roles/update", roles.Update);
        door.Delete("3.0/mlflow/roles/delete", roles.Delete);
        door.Post("3.0/mlflow/roles/assign", roles.Assign);
        door.Delete("3.0/mlflow/roles/unassign", roles.Unassign);
        door.Get("3.0/mlflow/roles/users/list", roles.Members);
        door.Get("3.0/mlflow/users/roles/list", roles.OfUser);
        door.Post("3.0/mlflow/roles/permissions/add", roles.AddPermission);
        door.Patch("3.0/mlflow/roles/permissions/update", roles.UpdatePermission);
        door.Delete("3.0/mlflow/roles/permissions/remove", roles.RemovePermission);
        door.Get("3.0/mlflow/roles/permissions/list", roles.ListPermissions);
    }
}

/// <summary>Maps a route under both prefixes, with MLflow's form of errors around it.</summary>
internal sealed class DoorRoutes(IEndpointRouteBuilder app)
{
    public void Get(string path, Handler handler, Request? request = null) =>
        MapRaw("GET", path, Guard(handler, request));

    public void Post(string path, Handler handler, Request? request = null) =>
        MapRaw("POST", path, Guard(handler, request));

    public void Patch(string path, Handler handler, Request? request = null) =>
        MapRaw("PATCH", path, Guard(handler, request));

    public void Delete(string path, Handler handler, Request? request = null) =>
        MapRaw("DELETE", path, Guard(handler, request));

    /// <summary>A call that only pages make.</summary>
    public void Page(string method, string path, Handler handler, Request? request = null) =>
        MapAt(method, $"/ajax-api/{path}", Guard(handler, request));

    /// <summary>A route that reads and answers in its own way; several methods stand with commas between them.</summary>
    public void MapRaw(string methods, string path, RequestDelegate endpoint)
    {
        MapAt(methods, $"/api/{path}", endpoint);
        MapAt(methods, $"/ajax-api/{path}", endpoint);
    }

    /// <summary>A route at exactly this path. Whoever may GET may also ask for the HEAD alone. What is too long for
    /// it, the route refuses itself, in MLflow's form.</summary>
    public void MapAt(string methods, string path, RequestDelegate endpoint) =>
        app.MapMethods(
                path,
                methods.Replace("GET", "GET,HEAD", StringComparison.Ordinal).Split(',').Distinct(),
                http =>
                {
                    Workspaces.RequireDefault(http);
                    return endpoint(http);
                }
            )
            .WithMetadata(Errors.Form)
            .TakesUpTo(null);

    /// <summary>A text that everybody may read without signing in.</summary>
    public void MapText(string path, string text) =>
        app.MapMethods(
                path,
                ["GET", "HEAD"],
                http =>
                {
                    http.Response.ContentType = "text/html; charset=utf-8";
                    return http.Response.WriteAsync(text);
                }
            )
            .AllowAnonymous();

    private static RequestDelegate Guard(Handler handler, Request? request) =>
        http => Call.AnswerAsync(http, handler, request);
}
