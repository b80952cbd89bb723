using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;
using Slipway.Foundation.Basics;

namespace Slipway.Host;

/// <summary>
/// The pages of web/, embedded in the program as they were built: each file as it is, and squeezed in two ways. They hold
/// nothing secret, so they need no login; what they ask for does. Every address of a page gets the same document, and
/// its script shows the page.
/// </summary>
internal static class WebPages
{
    private const string Prefix = "web/";
    private const string Document = "index.html";

    /// <summary>
    /// Scripts and styles from this server alone and none inside the document, so that nothing that somebody logged can
    /// ever run. Fonts and pictures in style sheets are the only `data:`.
    /// </summary>
    private const string ContentPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; "
        + "connect-src 'self'; frame-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

    private static readonly string[] PageAddresses =
    [
        "/",
        "/experiments/{**rest}",
        "/runs/{**rest}",
        "/compare",
        "/traces/{**rest}",
        "/models/{**rest}",
        "/audit",
        "/settings/{**rest}",
    ];

    private static readonly (string Encoding, string Ending)[] Squeezed = [("br", ".br"), ("gzip", ".gz")];

    public static Room Room => new("web") { Routes = Map };

    private static void Map(IEndpointRouteBuilder routes)
    {
        var files = typeof(WebPages)
            .Assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal))
            .Select(name => name[Prefix.Length..])
            .ToHashSet();
        foreach (
            var file in files.Where(file => !Squeezed.Any(form => file.EndsWith(form.Ending, StringComparison.Ordinal)))
        )
        {
            var answer = Answer(file, files);
            foreach (var address in file == Document ? PageAddresses : [$"/{file}"])
                routes.MapGet(address, answer).AllowAnonymous();
        }
    }

    private static RequestDelegate Answer(string file, HashSet<string> files)
    {
        var forms = Squeezed
            .Where(form => files.Contains(file + form.Ending))
            .Select(form => (form.Encoding, Content: Content(file + form.Ending)))
            .ToList();
        var plain = Content(file);
        var contentType = TypeOf(file);
        return context =>
        {
            var headers = context.Response.Headers;
            headers.ContentSecurityPolicy = ContentPolicy;
            headers.XFrameOptions = "DENY";
            // Names of assets contain a digest of what is in them; anything else is asked for again each time and
            // answered with 304, so that a new version of the program shows at once.
            headers.CacheControl = file.StartsWith("assets/", StringComparison.Ordinal)
                ? "public, max-age=31536000, immutable"
                : "no-cache";
            headers.Vary = HeaderNames.AcceptEncoding;
            var accepted = context.Request.Headers.AcceptEncoding.ToString();
            foreach (var (encoding, squeezed) in forms)
            {
                if (!accepted.Contains(encoding, StringComparison.OrdinalIgnoreCase))
                    continue;
                headers.ContentEncoding = encoding;
                return SendAsync(context, squeezed.Value, contentType);
            }
            return SendAsync(context, plain.Value, contentType);
        };
    }

    private static Task SendAsync(HttpContext context, (byte[] Bytes, EntityTagHeaderValue Tag) content, string type) =>
        Results.Bytes(content.Bytes, type, entityTag: content.Tag).ExecuteAsync(context);

    private static Lazy<(byte[] Bytes, EntityTagHeaderValue Tag)> Content(string file) =>
        new(() =>
        {
            using var stream = typeof(WebPages).Assembly.GetManifestResourceStream(Prefix + file)!;
            var bytes = new byte[stream.Length];
            stream.ReadExactly(bytes);
            return (
                bytes,
                new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(bytes).AsSpan(0, 8))}\"")
            );
        });

    private static string TypeOf(string file) =>
        Path.GetExtension(file) switch
        {
            ".html" => "text/html; charset=utf-8",
            ".css" => "text/css; charset=utf-8",
            ".js" => "text/javascript; charset=utf-8",
            ".svg" => "image/svg+xml",
            ".woff2" => "font/woff2",
            _ => "application/octet-stream",
        };
}
