using System.Diagnostics;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Slipway.Foundation.Telemetry;

/// <summary>
/// Sends the program's metrics and traces to an OpenTelemetry collector, when the standard variables name one. The
/// packages are loaded only then: they would cost every other start a tenth of a second.
/// </summary>
public static class OtlpExport
{
    private static readonly string[] Switches =
    [
        "OTEL_EXPORTER_OTLP_ENDPOINT",
        "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT",
        "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT",
    ];

    public static bool IsAsked { get; } =
        Switches.Any(name => !string.IsNullOrEmpty(Environment.GetEnvironmentVariable(name)));

    /// <summary>Null when no collector is named; otherwise exports until it is disposed, which sends what is left.</summary>
    public static IDisposable? StartIfAsked(string version) => IsAsked ? Start(version) : null;

    /// <summary>Tells each request's trace its route and its end; the server itself tells only that there was a request.</summary>
    public static void DescribeRequests(IApplicationBuilder app) =>
        app.Use(
            async (context, next) =>
            {
                await next(context);
                if (context.Features.Get<IHttpActivityFeature>()?.Activity is not { IsAllDataRequested: true } trace)
                    return;
                var route = (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText;
                trace.DisplayName = $"{context.Request.Method} {route}".TrimEnd();
                trace.SetTag("http.request.method", context.Request.Method);
                trace.SetTag("http.route", route);
                trace.SetTag("http.response.status_code", context.Response.StatusCode);
                if (context.Response.StatusCode >= StatusCodes.Status500InternalServerError)
                    trace.SetStatus(ActivityStatusCode.Error);
            }
        );

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Exports Start(string version)
    {
        var resource = ResourceBuilder.CreateDefault().AddService("slipway", serviceVersion: version);
        var metrics = OpenTelemetry
            .Sdk.CreateMeterProviderBuilder()
            .SetResourceBuilder(resource)
            .AddMeter(
                "Slipway.*",
                "Microsoft.AspNetCore.Hosting",
                "Microsoft.AspNetCore.Server.Kestrel",
                "System.Runtime"
            )
            .AddOtlpExporter()
            .Build();
        var traces = OpenTelemetry
            .Sdk.CreateTracerProviderBuilder()
            .SetResourceBuilder(resource)
            .AddSource("Slipway.*", "Microsoft.AspNetCore")
            .AddOtlpExporter()
            .Build();
        return new Exports(metrics, traces);
    }

    private sealed class Exports(MeterProvider metrics, TracerProvider traces) : IDisposable
    {
        public void Dispose()
        {
            metrics.Dispose();
            traces.Dispose();
        }
    }
}
