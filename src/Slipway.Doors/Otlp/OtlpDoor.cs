using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Slipway.Foundation.Basics;
using Slipway.Foundation.Http;
using Slipway.Identity;
using Slipway.Sdk;
using Slipway.Tracing;
using Traces = Slipway.Tracing.Actions.Traces;

namespace Slipway.Doors.Otlp;

/// <summary>
/// OpenTelemetry's door for traces: POST /v1/traces as any exporter sends it, with the experiment named in the header
/// that MLflow defines for it. Errors have the form {"detail": ...} that clients of MLflow's server know here.
/// </summary>
public static class OtlpDoor
{
    private const string ExperimentHeader = "x-mlflow-experiment-id";
    private const string Protobuf = "application/x-protobuf";
    private const string Json = "application/json";

    public static Room Room => new("otlp") { Routes = Map };

    private static void Map(IEndpointRouteBuilder app)
    {
        var traces = app.ServiceProvider.GetRequiredService<Traces>();
        app.MapPost("/v1/traces", http => ExportAsync(http, traces)).TakesUpTo(OtlpBody.Limit);
    }

    private static async Task ExportAsync(HttpContext http, Traces traces)
    {
        try
        {
            if (!http.Request.Headers.TryGetValue(ExperimentHeader, out var experiment))
            {
                await RefuseMissingHeaderAsync(http);
                return;
            }
            var caller = Caller.Of(http.User);
            var type = http.Request.ContentType?.Split(';')[0].Trim();
            var spans = await ReadAsync(http, type, () => Traces.RequireToAppend(caller, experiment.ToString()));
            await traces.AppendAsync(caller, ParseExperiment(experiment.ToString()), spans, http.RequestAborted);
            http.Response.ContentType = type;
            if (type == Json)
                await http.Response.WriteAsync("{}", http.RequestAborted);
        }
        catch (Fault fault) when (!http.Response.HasStarted)
        {
            await RefuseAsync(http, fault);
        }
    }

    /// <summary>The spans of the body. A body that has none is only told so to who might have sent spans.</summary>
    private static async Task<List<Span>> ReadAsync(HttpContext http, string? type, Action requirePermission)
    {
        try
        {
            if (type is not (Protobuf or Json))
                throw Fault.Invalid(
                    "otlp.content_type",
                    $"Invalid Content-Type: {type}. Expected: {Protobuf} or {Json}"
                );
            var body = await OtlpBody.ReadAsync(http);
            var spans = type == Json ? OtlpJson.Read(body) : OtlpProtobuf.Read(body);
            return spans.Count > 0
                ? spans
                : throw Fault.Invalid("otlp.empty", "Invalid OpenTelemetry format - no spans found");
        }
        catch (Fault)
        {
            requirePermission();
            throw;
        }
    }

    private static long ParseExperiment(string id) =>
        long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw Fault.NotFound("otlp.experiment", $"No Experiment with id={id} exists");

    private static Task RefuseAsync(HttpContext http, Fault fault)
    {
        http.Response.StatusCode = fault.Kind switch
        {
            FaultKind.NotFound or FaultKind.Conflict => StatusCodes.Status422UnprocessableEntity,
            _ => Problems.Status(fault),
        };
        Problems.SetRetryAfter(http.Response, fault);
        if (fault.Kind != FaultKind.Denied)
            return WriteAsync(http, writer => writer.WriteString("detail"u8, fault.Message));
        http.Response.ContentType = "text/plain; charset=utf-8";
        return http.Response.WriteAsync("Permission denied", http.RequestAborted);
    }

    /// <summary>A missing header has the form in which the framework of MLflow's server reports it.</summary>
    private static Task RefuseMissingHeaderAsync(HttpContext http)
    {
        http.Response.StatusCode = StatusCodes.Status422UnprocessableEntity;
        return WriteAsync(
            http,
            writer =>
            {
                writer.WriteStartArray("detail"u8);
                writer.WriteStartObject();
                writer.WriteString("type"u8, "missing"u8);
                writer.WriteStartArray("loc"u8);
                writer.WriteStringValue("header"u8);
                writer.WriteStringValue(ExperimentHeader);
                writer.WriteEndArray();
                writer.WriteString("msg"u8, "Field required"u8);
                writer.WriteNull("input"u8);
                writer.WriteEndObject();
                writer.WriteEndArray();
            }
        );
    }

    private static async Task WriteAsync(HttpContext http, Action<Utf8JsonWriter> write)
    {
        http.Response.ContentType = Json;
        await using var writer = new Utf8JsonWriter(http.Response.BodyWriter);
        writer.WriteStartObject();
        write(writer);
        writer.WriteEndObject();
    }
}
