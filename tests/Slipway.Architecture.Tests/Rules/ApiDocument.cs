using System.Net;
using Microsoft.AspNetCore.Routing;
using Slipway.Foundation.Basics;
using Slipway.Foundation.Http;
using Slipway.Foundation.Telemetry;
using Slipway.Host;

namespace Slipway.Architecture.Tests.Rules;

/// <summary>Asks the program itself for its routes and for the document that describes them.</summary>
internal static class ApiDocument
{
    private static readonly Lazy<Task<IReadOnlyList<RouteEndpoint>>> routes = new(ReadAsync);

    public static async Task<string> TextAsync() => OpenApiDocument.Write(await routes.Value);

    /// <summary>Routes of the native API that nobody described.</summary>
    public static async Task<IEnumerable<string>> BreachesAsync() =>
        (await routes.Value)
            .Where(route => route.RoutePattern.RawText!.StartsWith("/api/v1", StringComparison.Ordinal))
            .Where(route => route.Metadata.GetMetadata<ApiDescription>() is not { Summary.Length: > 0 })
            .Select(route => $"{route.DisplayName} says nothing of itself: map it with ApiRoutes.");

    private static async Task<IReadOnlyList<RouteEndpoint>> ReadAsync()
    {
        var folder = Directory.CreateTempSubdirectory("slipway-api-");
        try
        {
            var settings = new ServerSettings
            {
                DataPath = Path.Combine(folder.FullName, "data"),
                Listen = new IPEndPoint(IPAddress.Loopback, 0),
                AllowReset = true,
            };
            await using var store = OpenedStore.Open(settings);
            using var metrics = new MetricBook();
            await using var app = Server.Build(settings, Rooms.All, store, metrics);
            return
            [
                .. ((IEndpointRouteBuilder)app)
                    .DataSources.SelectMany(source => source.Endpoints)
                    .OfType<RouteEndpoint>(),
            ];
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
