using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace Slipway.Doors.Mlflow;

/// <summary>
/// What MLflow's web framework says where no call of the API answers: small HTML pages for unknown paths and wrong
/// methods, a redirect for doubled slashes, and the list of methods for OPTIONS. Clients tell an old server from a new
/// one by these. Slipway's own API, under /api/v1, answers for itself.
/// </summary>
internal static class HtmlPages
{
    public const string ContentType = "text/html; charset=utf-8";

    private const string NoSuchAddress = "The server knows no such address.";

    private static readonly PathString OwnApi = new("/api/v1");

    public static void Use(IApplicationBuilder app) =>
        app.Use(
            async (http, next) =>
            {
                if (http.Request.Path.StartsWithSegments(OwnApi, StringComparison.Ordinal))
                {
                    await next(http);
                    return;
                }
                if (http.Request.Path.Value!.Contains("//", StringComparison.Ordinal))
                {
                    await RedirectAsync(http);
                    return;
                }
                if (IsNoRoute(http.Request.Path.Value))
                {
                    await WriteAsync(http, StatusCodes.Status404NotFound, NoSuchAddress);
                    return;
                }
                await next(http);
                if (!http.Response.HasStarted && http.Response.ContentType is null)
                    await AnswerAsync(http);
            }
        );

    public static Task WriteAsync(HttpContext http, int status, string sentence)
    {
        var title = ReasonPhrases.GetReasonPhrase(status);
        http.Response.StatusCode = status;
        http.Response.ContentType = ContentType;
        return http.Response.WriteAsync(
            $"<!doctype html>\n<html lang=en>\n<title>{status} {title}</title>\n<h1>{title}</h1>\n<p>{sentence}</p>\n",
            http.RequestAborted
        );
    }

    /// <summary>A slash at the end belongs to no call; of artifacts it is part of a name.</summary>
    private static bool IsNoRoute(string path) =>
        path.EndsWith('/')
        && (
            path.StartsWith("/api/", StringComparison.Ordinal)
            || path.StartsWith("/ajax-api/", StringComparison.Ordinal)
        )
        && !path.Contains("/mlflow-artifacts/", StringComparison.Ordinal);

    private static Task AnswerAsync(HttpContext http)
    {
        switch (http.Response.StatusCode)
        {
            case StatusCodes.Status404NotFound:
                return WriteAsync(http, StatusCodes.Status404NotFound, NoSuchAddress);
            case StatusCodes.Status405MethodNotAllowed when HttpMethods.IsOptions(http.Request.Method):
                http.Response.StatusCode = StatusCodes.Status200OK;
                http.Response.ContentType = ContentType;
                return Task.CompletedTask;
            case StatusCodes.Status405MethodNotAllowed:
                return WriteAsync(
                    http,
                    StatusCodes.Status405MethodNotAllowed,
                    "The method is not allowed for this address."
                );
            default:
                return Task.CompletedTask;
        }
    }

    private static Task RedirectAsync(HttpContext http)
    {
        var segments = http.Request.Path.Value!.Split('/', StringSplitOptions.RemoveEmptyEntries);
        var path = new PathString("/" + string.Join('/', segments)).ToUriComponent();
        var target = $"{http.Request.Scheme}://{http.Request.Host}{path}{http.Request.QueryString}";
        http.Response.Headers.Location = target;
        return WriteAsync(
            http,
            StatusCodes.Status308PermanentRedirect,
            $"The address is <a href=\"{WebUtility.HtmlEncode(target)}\">{WebUtility.HtmlEncode(target)}</a>."
        );
    }
}
