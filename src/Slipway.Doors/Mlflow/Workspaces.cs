using Microsoft.AspNetCore.Http;
using Slipway.Sdk;

namespace Slipway.Doors.Mlflow;

/// <summary>
/// MLflow's workspaces are an option of its server that is off unless asked for, and clients ask server-info first.
/// This door speaks as such a server: it has the one workspace that is called "default".
/// </summary>
internal static class Workspaces
{
    private const string Header = "X-MLFLOW-WORKSPACE";
    private const string Only = "default";

    public static void Map(DoorRoutes door)
    {
        door.MapRaw("GET,POST", "3.0/mlflow/workspaces", AnswerDisabled);
        door.MapRaw("GET,PATCH,DELETE", "3.0/mlflow/workspaces/{workspace_name}", AnswerDisabled);
    }

    /// <summary>Refuses a call that names another workspace.</summary>
    public static void RequireDefault(HttpContext http)
    {
        var named = http.Request.Headers[Header];
        if (named.Count > 0 && named[0]?.Trim() is { Length: > 0 } name && name != Only)
            throw Fault.Unsupported(
                "mlflow.workspace",
                "Workspace APIs are not available: workspaces are not enabled on this server"
            );
    }

    private static Task AnswerDisabled(HttpContext http)
    {
        http.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        http.Response.ContentType = HtmlPages.ContentType;
        return http.Response.WriteAsync(
            $"Endpoint: {http.Request.Path} disabled because the server is running without workspaces support.",
            http.RequestAborted
        );
    }
}
