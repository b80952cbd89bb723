using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Slipway.Foundation.Telemetry;

/// <summary>GET /metrics, for Prometheus.</summary>
public static class MetricsEndpoint
{
    public static void Map(IEndpointRouteBuilder routes, MetricBook book) =>
        routes
            .MapGet(
                "/metrics",
                context =>
                {
                    context.Response.ContentType = "text/plain; version=0.0.4; charset=utf-8";
                    return context.Response.WriteAsync(book.ToPrometheus(), context.RequestAborted);
                }
            )
            .ExcludeFromDescription();
}
