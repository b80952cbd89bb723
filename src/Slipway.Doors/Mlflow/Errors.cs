using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Http;
using Slipway.Doors.Mlflow.Wire;
using Slipway.Foundation.Http;
using Slipway.Sdk;

namespace Slipway.Doors.Mlflow;

/// <summary>The one table from faults of the house to error codes and statuses that MLflow's clients know.</summary>
internal static class Errors
{
    /// <summary>Where MLflow's code is another than its kind's, by the fault's code.</summary>
    private static readonly Dictionary<string, (string Code, int Status)> ByCode = new()
    {
        ["experiment.rename_deleted"] = ("INVALID_STATE", 500),
        ["experiment.name_taken"] = ("BAD_REQUEST", 400),
        ["run.no_experiment"] = ("BAD_REQUEST", 400),
        ["evaluation.experiment_twice"] = ("BAD_REQUEST", 400),
        ["trace.no_experiment"] = ("BAD_REQUEST", 400),
        ["assessment.exists"] = ("BAD_REQUEST", 400),
        ["run.output_twice"] = ("BAD_REQUEST", 400),
        ["run.tag_twice"] = ("BAD_REQUEST", 400),
        ["model.entry_twice"] = ("BAD_REQUEST", 400),
        ["evaluation.records_without_dataset"] = ("BAD_REQUEST", 400),
        ["registry.alias_not_found"] = ("INVALID_PARAMETER_VALUE", 400),
        ["mlflow.trace_file"] = ("NOT_FOUND", 404),
        ["mlflow.workspace"] = ("FEATURE_DISABLED", 500),
        ["registry.file_changed"] = ("DATA_LOSS", 500),
        ["blob.damaged"] = ("DATA_LOSS", 500),
        ["blob.is_file"] = ("RESOURCE_CONFLICT", 409),
        ["blob.is_folder"] = ("RESOURCE_CONFLICT", 409),
        // MLflow's clients repeat a 503 for minutes, and space does not come by waiting.
        ["blob.full"] = ("TEMPORARILY_UNAVAILABLE", 507),
        ["blob.range"] = ("INVALID_PARAMETER_VALUE", 416),
    };

    public static (string Code, int Status) Of(Fault fault) =>
        ByCode.TryGetValue(fault.Code, out var exception)
            ? exception
            : fault.Kind switch
            {
                FaultKind.Invalid => ("INVALID_PARAMETER_VALUE", 400),
                FaultKind.NotFound => ("RESOURCE_DOES_NOT_EXIST", 404),
                FaultKind.Conflict => ("RESOURCE_ALREADY_EXISTS", 400),
                FaultKind.Unauthenticated => ("UNAUTHENTICATED", 401),
                FaultKind.Denied => ("PERMISSION_DENIED", 403),
                FaultKind.Busy => ("REQUEST_LIMIT_EXCEEDED", 429),
                FaultKind.Unavailable => ("TEMPORARILY_UNAVAILABLE", 503),
                FaultKind.Unsupported => ("NOT_IMPLEMENTED", 501),
                _ => ("INTERNAL_ERROR", 500),
            };

    /// <summary>Every route of the door carries it.</summary>
    public static readonly FaultForm Form = new(WriteAsync);

    public static Task WriteAsync(HttpContext http, Fault fault) =>
        fault switch
        {
            { Kind: FaultKind.Unauthenticated } => WriteTextAsync(http, StatusCodes.Status401Unauthorized, fault),
            // A policy that stands in the way is no matter of permissions, of which MLflow tells in plain text.
            { Kind: FaultKind.Denied } when !fault.Code.StartsWith("promotion.", StringComparison.Ordinal) =>
                WriteTextAsync(http, StatusCodes.Status403Forbidden, fault),
            { Code: "mlflow.empty_credentials" or "mlflow.no_sign_up_page" } => WriteTextAsync(
                http,
                StatusCodes.Status400BadRequest,
                fault
            ),
            _ => WriteJsonAsync(http, fault),
        };

    /// <summary>What MLflow's login answers is a page and not JSON.</summary>
    private static Task WriteTextAsync(HttpContext http, int status, Fault fault)
    {
        if (status == StatusCodes.Status401Unauthorized)
            http.Response.Headers.WWWAuthenticate = "Basic realm=\"mlflow\"";
        http.Response.StatusCode = status;
        http.Response.ContentType = "text/html; charset=utf-8";
        return http.Response.WriteAsync(HtmlEncoder.Default.Encode(Message(fault)), http.RequestAborted);
    }

    private static async Task WriteJsonAsync(HttpContext http, Fault fault)
    {
        var (code, status) = Of(fault);
        Problems.SetRetryAfter(http.Response, fault);
        await Call.WriteAsync(
            http,
            status,
            writer =>
            {
                writer.WriteString("error_code", code);
                writer.WriteString("message", Message(fault));
            }
        );
    }

    private static string Message(Fault fault) => fault.Hint is null ? fault.Message : $"{fault.Message} {fault.Hint}";
}
