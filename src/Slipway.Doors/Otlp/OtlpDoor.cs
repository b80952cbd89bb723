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
/// that MLflow defines for it. Errors have the forms that clients of MLflow's server know here.
/// </summary>
public static class OtlpDoor
{
    private const string ExperimentHeader = "x-mlflow-experiment-id";
    private const string Protobuf = "application/x-protobuf";
    private const string Json = "application/json";
    private const string Text = "text/plain; charset=utf-8";
    private const string NoExperiment = "otlp.no_experiment";

    public static Room Room => new("otlp") { Routes = Map };

    private static void Map(IEndpointRouteBuilder app)
    {
        var traces = app.ServiceProvider.GetRequiredService<Traces>();
        app.MapPost("/v1/traces", http => ExportAsync(http, traces))
            .TakesUpTo(OtlpBody.Limit)
            .WithMetadata(new FaultForm(RefuseAsync));
    }

    private static async Task ExportAsync(HttpContext http, Traces traces)
    {
        var experiment = http.Request.Headers[ExperimentHeader].ToString();
        if (experiment.Length == 0)
            throw Fault.Invalid(NoExperiment, "Field required", ExperimentHeader);
        var caller = Caller.Of(http.User);
        var type = http.Request.ContentType?.Split(';')[0].Trim();
        var spans = await ReadAsync(http, type, () => Traces.RequireToAppend(caller, experiment));
        await traces.AppendAsync(caller, ParseExperiment(experiment), spans, http.RequestAborted);
        // The empty message, in the form of the request: in protobuf it has no bytes at all.
        http.Response.ContentType = type;
        if (type == Json)
            await http.Response.WriteAsync("{}", http.RequestAborted);
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
            return spans ?? throw Fault.Invalid("otlp.empty", "Invalid OpenTelemetry format - no spans found");
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

    /// <summary>Login answers in plain text, everything else as {"detail": ...}.</summary>
    private static Task RefuseAsync(HttpContext http, Fault fault)
    {
        http.Response.StatusCode =
            fault.Kind is FaultKind.NotFound or FaultKind.Conflict || fault.Code == NoExperiment
                ? StatusCodes.Status422UnprocessableEntity
                : Problems.Status(fault);
        Problems.SetRetryAfter(http.Response, fault);
        switch (fault.Kind)
        {
            case FaultKind.Unauthenticated:
                http.Response.Headers.WWWAuthenticate = "Basic realm=\"mlflow\"";
                http.Response.ContentType = Text;
                return http.Response.WriteAsync(fault.Message, http.RequestAborted);
            case FaultKind.Denied:
                http.Response.ContentType = Text;
                return http.Response.WriteAsync("Permission denied", http.RequestAborted);
            default:
                return WriteAsync(http, writer => Detail(writer, fault));
        }
    }

    /// <summary>A missing header has the form in which the framework of MLflow's server reports it.</summary>
    private static void Detail(Utf8JsonWriter writer, Fault fault)
    {
        if (fault.Code != NoExperiment)
        {
            writer.WriteString("detail"u8, fault.Message);
            return;
        }
        writer.WriteStartArray("detail"u8);
        writer.WriteStartObject();
        writer.WriteString("type"u8, "missing"u8);
        writer.WriteStartArray("loc"u8);
        writer.WriteStringValue("header"u8);
        writer.WriteStringValue(ExperimentHeader);
        writer.WriteEndArray();
        writer.WriteString("msg"u8, fault.Message);
        writer.WriteNull("input"u8);
        writer.WriteEndObject();
        writer.WriteEndArray();
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
