using System.Net;
using Microsoft.AspNetCore.Routing;
using Slipway.Foundation.Basics;
using Slipway.Foundation.Telemetry;
using Slipway.Host;

namespace Slipway.Tests.Kit;

/// <summary>A route of the program, as its rooms declare it.</summary>
public sealed record Route(string Method, string Pattern, RouteEndpoint Endpoint)
{
    /// <summary>The path with each parameter replaced by what the function gives for its name.</summary>
    public string Path(Func<string, string> valueOf) =>
        string.Concat(
            Endpoint.RoutePattern.PathSegments.Select(segment =>
                "/"
                + string.Concat(
                    segment.Parts.Select(part =>
                        part switch
                        {
                            Microsoft.AspNetCore.Routing.Patterns.RoutePatternParameterPart parameter => valueOf(
                                parameter.Name
                            ),
                            Microsoft.AspNetCore.Routing.Patterns.RoutePatternLiteralPart literal => literal.Content,
                            Microsoft.AspNetCore.Routing.Patterns.RoutePatternSeparatorPart separator =>
                                separator.Content,
                            _ => "",
                        }
                    )
                )
            )
        );
}

/// <summary>Every route the program has, read from the program itself: a new one is in every test that walks them.</summary>
public static class RouteTable
{
    public static async Task<IReadOnlyList<Route>> ReadAsync()
    {
        using var folder = new TestFolder();
        var settings = new ServerSettings
        {
            DataPath = folder.At("data"),
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
                .OfType<RouteEndpoint>()
                .SelectMany(endpoint =>
                    (endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["GET"]).Select(
                        method => new Route(method, endpoint.RoutePattern.RawText!, endpoint)
                    )
                ),
        ];
    }
}
