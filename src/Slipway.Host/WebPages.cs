using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;
using Slipway.Foundation.Basics;

namespace Slipway.Host;

/// <summary>The files of web/, embedded in the program. They hold nothing secret, so they need no login; what they ask for does.</summary>
internal static class WebPages
{
    private const string Prefix = "web/";

    public static Room Room => new("web") { Routes = Map };

    private static void Map(IEndpointRouteBuilder routes)
    {
        foreach (var name in typeof(WebPages).Assembly.GetManifestResourceNames())
        {
            if (name.StartsWith(Prefix, StringComparison.Ordinal))
                MapFile(routes, name);
        }
    }

    private static void MapFile(IEndpointRouteBuilder routes, string resource)
    {
        var file = resource[Prefix.Length..];
        var content = new Lazy<(byte[] Bytes, EntityTagHeaderValue Tag)>(() => Read(resource));
        var contentType = TypeOf(file);
        routes
            .MapGet(
                file == "index.html" ? "/" : $"/{file}",
                (HttpResponse response) =>
                {
                    // Asked again each time and answered with 304: a new version of the program shows at once.
                    response.Headers.CacheControl = "no-cache";
                    return Results.Bytes(content.Value.Bytes, contentType, entityTag: content.Value.Tag);
                }
            )
            .AllowAnonymous();
    }

    private static (byte[], EntityTagHeaderValue) Read(string resource)
    {
        using var stream = typeof(WebPages).Assembly.GetManifestResourceStream(resource)!;
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return (
            bytes,
            new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(bytes).AsSpan(0, 8))}\"")
        );
    }

    private static string TypeOf(string file) =>
        Path.GetExtension(file) switch
        {
            ".html" => "text/html; charset=utf-8",
            ".css" => "text/css; charset=utf-8",
            ".js" => "text/javascript; charset=utf-8",
            ".svg" => "image/svg+xml",
            _ => "application/octet-stream",
        };
}
