using Microsoft.AspNetCore.Http;
using Slipway.Sdk;

namespace Slipway.Doors.Mlflow;

/// <summary>
/// What MLflow has and Slipway does not have yet. Each route is named, so that a client of such a part is told so in
/// the form it understands, while a path that MLflow does not know either stays unknown.
/// </summary>
internal static class NotYet
{
    private static readonly string[] ClientsAndPages =
    [
        // Scorers, issues and prompt optimisation.
        "POST 3.0/mlflow/scorers/register",
        "GET 3.0/mlflow/scorers/list",
        "GET 3.0/mlflow/scorers/versions",
        "GET 3.0/mlflow/scorers/get",
        "DELETE 3.0/mlflow/scorers/delete",
        "GET 3.0/mlflow/scorers/online-configs",
        "PUT 3.0/mlflow/scorers/online-config",
        "POST 3.0/mlflow/issues",
        "POST 3.0/mlflow/issues/search",
        "GET,PATCH 3.0/mlflow/issues/{issue_id}",
        "POST 3.0/mlflow/prompt-optimization/jobs",
        "GET,POST 3.0/mlflow/prompt-optimization/jobs/search",
        "GET,DELETE 3.0/mlflow/prompt-optimization/jobs/{job_id}",
        "POST 3.0/mlflow/prompt-optimization/jobs/{job_id}/cancel",
        // The gateway to language models.
        "POST 3.0/mlflow/gateway/secrets/create",
        "GET 3.0/mlflow/gateway/secrets/get",
        "GET 3.0/mlflow/gateway/secrets/list",
        "POST 3.0/mlflow/gateway/secrets/update",
        "DELETE 3.0/mlflow/gateway/secrets/delete",
        "POST 3.0/mlflow/gateway/endpoints/create",
        "GET 3.0/mlflow/gateway/endpoints/get",
        "GET 3.0/mlflow/gateway/endpoints/list",
        "POST 3.0/mlflow/gateway/endpoints/update",
        "DELETE 3.0/mlflow/gateway/endpoints/delete",
        "POST 3.0/mlflow/gateway/endpoints/models/attach",
        "POST 3.0/mlflow/gateway/endpoints/models/detach",
        "POST 3.0/mlflow/gateway/endpoints/bindings/create",
        "GET 3.0/mlflow/gateway/endpoints/bindings/list",
        "DELETE 3.0/mlflow/gateway/endpoints/bindings/delete",
        "POST 3.0/mlflow/gateway/endpoints/set-tag",
        "DELETE 3.0/mlflow/gateway/endpoints/delete-tag",
        "POST 3.0/mlflow/gateway/model-definitions/create",
        "GET 3.0/mlflow/gateway/model-definitions/get",
        "GET 3.0/mlflow/gateway/model-definitions/list",
        "POST 3.0/mlflow/gateway/model-definitions/update",
        "DELETE 3.0/mlflow/gateway/model-definitions/delete",
        "POST 3.0/mlflow/gateway/budgets/create",
        "GET 3.0/mlflow/gateway/budgets/get",
        "GET 3.0/mlflow/gateway/budgets/list",
        "GET 3.0/mlflow/gateway/budgets/windows",
        "POST 3.0/mlflow/gateway/budgets/update",
        "DELETE 3.0/mlflow/gateway/budgets/delete",
        "POST 3.0/mlflow/gateway/guardrails/create",
        "GET 3.0/mlflow/gateway/guardrails/get",
        "GET 3.0/mlflow/gateway/guardrails/list",
        "GET 3.0/mlflow/gateway/guardrails/list-for-endpoint",
        "POST 3.0/mlflow/gateway/guardrails/add-to-endpoint",
        "PATCH 3.0/mlflow/gateway/guardrails/update-config",
        "DELETE 3.0/mlflow/gateway/guardrails/delete",
        "DELETE 3.0/mlflow/gateway/guardrails/remove-from-endpoint",
    ];

    private static readonly string[] PagesOnly =
    [
        "GET,POST 2.0/mlflow/gateway-proxy",
        "GET 3.0/mlflow/gateway/supported-providers",
        "GET 3.0/mlflow/gateway/supported-models",
        "GET 3.0/mlflow/gateway/provider-config",
        "GET 3.0/mlflow/gateway/secrets/config",
        "POST 3.0/mlflow/scorer/invoke",
        "POST 3.0/mlflow/issues/invoke",
        "POST 3.0/mlflow/demo/generate",
        "POST 3.0/mlflow/demo/delete",
        "GET 3.0/mlflow/jobs/{job_id}",
        "PATCH 3.0/mlflow/jobs/cancel/{job_id}",
        "POST 3.0/jobs",
        "GET 3.0/jobs/{job_id}",
        "PATCH 3.0/jobs/cancel/{job_id}",
        "POST 3.0/jobs/search",
        "GET,POST,PUT,PATCH,DELETE 3.0/mlflow/assistant/{**rest}",
    ];

    private static readonly string[] AtTheRoot =
    [
        "GET,POST graphql",
        "POST gateway/{endpoint}/mlflow/invocations",
        "POST gateway/mlflow/v1/chat/completions",
        "POST gateway/openai/v1/chat/completions",
        "POST gateway/openai/v1/embeddings",
        "POST gateway/openai/v1/responses",
        "POST gateway/anthropic/v1/messages",
        "POST gateway/gemini/v1beta/models/{model}",
    ];

    public static void Map(DoorRoutes door)
    {
        foreach (var route in ClientsAndPages.Select(route => route.Split(' ')))
            door.MapRaw(route[0], route[1], Refuse);
        foreach (var route in PagesOnly.Select(route => route.Split(' ')))
            door.MapAt(route[0], $"/ajax-api/{route[1]}", Refuse);
        foreach (var route in AtTheRoot.Select(route => route.Split(' ')))
            door.MapAt(route[0], $"/{route[1]}", Refuse);
    }

    private static Task Refuse(HttpContext http) =>
        throw Fault.Unsupported("mlflow.not_yet", $"Slipway does not have {http.Request.Path} of MLflow yet.");
}
