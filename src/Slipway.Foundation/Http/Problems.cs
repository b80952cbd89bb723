using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Slipway.Sdk;

namespace Slipway.Foundation.Http;

/// <summary>
/// The HTTP edge of faults: each becomes an application/problem+json answer. Anything else that escapes is a defect: it
/// is logged in full under a short reference, and the reference is all that the caller sees of it.
/// </summary>
public static class Problems
{
    // How System.Text.Json marks the texts that are no Unicode, which it finds only when they are taken out.
    private const string JsonTextFailure = "System.Text.Json.Rethrowable";

    /// <summary>Answers for whatever the pipeline behind it throws.</summary>
    public static IApplicationBuilder UseProblems(this IApplicationBuilder app) =>
        app.Use(
            async (context, next) =>
            {
                try
                {
                    await next(context);
                }
                catch (Exception e) when (!context.Response.HasStarted)
                {
                    var fault = ToFault(e, context);
                    // Nobody is there to read the answer.
                    if (context.RequestAborted.IsCancellationRequested)
                        return;
                    var form = context.GetEndpoint()?.Metadata.GetMetadata<FaultForm>();
                    await (form?.WriteAsync ?? WriteAsync)(context, fault);
                }
            }
        );

    public static int Status(Fault fault) =>
        fault.Kind switch
        {
            FaultKind.Invalid when fault.Code == "request.too_large" => StatusCodes.Status413PayloadTooLarge,
            FaultKind.Invalid => StatusCodes.Status400BadRequest,
            FaultKind.NotFound => StatusCodes.Status404NotFound,
            FaultKind.Conflict => StatusCodes.Status409Conflict,
            FaultKind.Unauthenticated => StatusCodes.Status401Unauthorized,
            FaultKind.Denied => StatusCodes.Status403Forbidden,
            FaultKind.Busy => StatusCodes.Status429TooManyRequests,
            FaultKind.Unavailable when fault.Code == "blob.full" => StatusCodes.Status507InsufficientStorage,
            FaultKind.Unavailable => StatusCodes.Status503ServiceUnavailable,
            FaultKind.Unsupported => StatusCodes.Status501NotImplemented,
            _ => StatusCodes.Status500InternalServerError,
        };

    /// <summary>The fault that a caller may see for an exception; a defect is logged here. Every edge asks this first.</summary>
    public static Fault ToFault(Exception exception, HttpContext context)
    {
        switch (exception)
        {
            case Fault fault:
                return fault;
            case BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge }:
                return TooLarge();
            // The second is what the server makes of a chunk whose length is beyond all numbers.
            case BadHttpRequestException or IOException { InnerException: OverflowException }:
                return Fault.Invalid("request.malformed", "The request cannot be read.");
            // A connection that was reset is noticed by the read before it is said of the request.
            case ConnectionResetException:
            case IOException or OperationCanceledException when context.RequestAborted.IsCancellationRequested:
                return new Fault(FaultKind.Unavailable, "request.aborted", "The client has gone away.");
            case JsonException e:
                return Fault.Invalid(
                    "request.json",
                    $"The body is not the JSON this call takes: line {e.LineNumber + 1}, byte {e.BytePositionInLine}.",
                    field: e.Path
                );
            case InvalidOperationException { Source: JsonTextFailure }:
                return Fault.Invalid("request.json", "The body holds text that is not Unicode.");
            default:
                return Defect(exception, context);
        }
    }

    internal static Fault TooLarge() =>
        Fault.Invalid("request.too_large", "The request body is larger than this call takes.");

    /// <summary>How long a caller should wait, in whole seconds, as the header Retry-After says it.</summary>
    public static void SetRetryAfter(HttpResponse response, Fault fault)
    {
        if (fault.RetryAfter is { } wait)
            response.Headers.RetryAfter = Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds))
                .ToString(CultureInfo.InvariantCulture);
    }

    public static async Task WriteAsync(HttpContext context, Fault fault)
    {
        var response = context.Response;
        response.Clear();
        response.StatusCode = Status(fault);
        response.ContentType = "application/problem+json";
        SetRetryAfter(response, fault);
        // Not Basic: a browser would ask for a password in a window of its own.
        if (fault.Kind == FaultKind.Unauthenticated)
            response.Headers.WWWAuthenticate = "Bearer realm=\"slipway\"";
        var body = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(body))
        {
            json.WriteStartObject();
            json.WriteString("type", "about:blank");
            json.WriteString("title", fault.Message);
            json.WriteNumber("status", response.StatusCode);
            json.WriteString("code", fault.Code);
            if (fault.Hint is not null)
                json.WriteString("hint", fault.Hint);
            if (fault.Field is not null)
                json.WriteString("field", fault.Field);
            json.WriteEndObject();
        }
        await response.Body.WriteAsync(body.WrittenMemory, context.RequestAborted);
    }

    private static Fault Defect(Exception exception, HttpContext context)
    {
        var reference = NewReference();
        context
            .RequestServices.GetRequiredService<ILoggerFactory>()
            .CreateLogger("Slipway.Http")
            .LogError(
                exception,
                "Reference {Reference}: {Method} {Route} failed",
                reference,
                context.Request.Method,
                context.GetEndpoint()?.DisplayName ?? "(no route)"
            );
        return Fault.Internal(
            "internal",
            $"internal, reference {reference}",
            "The server's log says more under this reference."
        );
    }

    // Letters and digits that cannot be taken for one another when read aloud.
    private static string NewReference() => RandomNumberGenerator.GetString("23456789ABCDEFGHJKMNPQRSTVWXYZ", 4);
}
