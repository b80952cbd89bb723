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
        ["experiment.deleted"] = ("INVALID_STATE", 500),
        ["experiment.name_taken"] = ("BAD_REQUEST", 400),
        ["run.no_experiment"] = ("BAD_REQUEST", 400),
        ["blob.damaged"] = ("DATA_LOSS", 500),
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

    /// <summary>Runs an endpoint and answers what escapes from it in MLflow's form.</summary>
    public static async Task GuardAsync(HttpContext http, RequestDelegate endpoint)
    {
        try
        {
            await endpoint(http);
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            // The client is gone; there is nobody to answer.
        }
        catch (Exception e)
        {
            await WriteAsync(http, Problems.ToFault(e, http));
        }
    }

    public static async Task WriteAsync(HttpContext http, Fault fault)
    {
        if (http.Response.HasStarted)
        {
            http.Abort();
            return;
        }
        var (code, status) = Of(fault);
        Problems.SetRetryAfter(http.Response, fault);
        await Call.WriteAsync(
            http,
            status,
            writer =>
            {
                writer.WriteString("error_code", code);
                writer.WriteString("message", fault.Hint is null ? fault.Message : $"{fault.Message} {fault.Hint}");
            }
        );
    }
}
