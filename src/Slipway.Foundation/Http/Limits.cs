using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Slipway.Sdk;

namespace Slipway.Foundation.Http;

/// <summary>What one client may take of the server, before anybody has looked at what it asks for.</summary>
public static class Limits
{
    /// <summary>The largest body of a call that does not say otherwise with <see cref="TakesUpTo"/>.</summary>
    public const long BodyBytes = 16 * 1024 * 1024;

    /// <summary>Requests worked on at the same time; more wait longer than their clients want to.</summary>
    public const int RequestsInside = 2048;

    // Files that the work itself needs open: readers of the store, blobs, libraries loaded later.
    private const int FilesKept = 64;
    private const int FewestConnections = 16;
    private const int FilesUsuallyAllowed = 1024;

    public static void Apply(KestrelServerOptions kestrel)
    {
        kestrel.AddServerHeader = false;
        var limits = kestrel.Limits;
        limits.MaxRequestBodySize = BodyBytes;
        limits.MaxRequestLineSize = 32 * 1024;
        limits.MaxRequestHeadersTotalSize = 64 * 1024;
        limits.MaxRequestHeaderCount = 100;
        limits.RequestHeadersTimeout = TimeSpan.FromSeconds(15);
        limits.KeepAliveTimeout = TimeSpan.FromSeconds(130);
        // A body or an answer that moves slower than this for five seconds is given up.
        limits.MinRequestBodyDataRate = new MinDataRate(240, TimeSpan.FromSeconds(5));
        limits.MinResponseDataRate = new MinDataRate(240, TimeSpan.FromSeconds(5));
    }

    /// <summary>
    /// Refuses a body whose length is stated in two ways. The server reads it by the chunks and keeps the other length
    /// under another name; a proxy in front may have read it by that length and taken the rest for a request.
    /// </summary>
    public static void RefuseAmbiguousBodies(IApplicationBuilder app) =>
        app.Use(
            (context, next) =>
                context.Request.Headers.TransferEncoding.Count > 0
                && context.Request.Headers.ContainsKey("X-Content-Length")
                    ? throw Fault.Invalid("request.malformed", "The length of the body is stated in two ways.")
                    : next(context)
        );

    /// <summary>
    /// Refuses, after routing, a body that says itself that it is too long. Left to the server, the refusal would come
    /// with the connection cut while the client is still sending, and most clients would never read it; answered here,
    /// what is under way is read and thrown away for a few seconds first.
    /// </summary>
    public static void RefuseLongBodies(IApplicationBuilder app) =>
        app.Use(
            (context, next) =>
            {
                var limit = context.Features.Get<IHttpMaxRequestBodySizeFeature>();
                if (limit?.MaxRequestBodySize is not { } most || !(context.Request.ContentLength > most))
                    return next(context);
                limit.MaxRequestBodySize = null;
                throw Problems.TooLarge();
            }
        );

    /// <summary>Lets a route take bodies up to a size of its own; null is without limit, for what is streamed.</summary>
    public static T TakesUpTo<T>(this T route, long? bytes)
        where T : IEndpointConventionBuilder
    {
        route.WithMetadata(new BodyLimit(bytes));
        return route;
    }

    /// <summary>How many connections may be open, so that files remain for the work itself.</summary>
    public static int Connections() => Math.Max(OpenFilesAllowed() - OpenFiles() - FilesKept, FewestConnections);

    public static int OpenFilesAllowed()
    {
        if (!OperatingSystem.IsLinux())
            return FilesUsuallyAllowed;
        var line = File.ReadLines("/proc/self/limits")
            .First(line => line.StartsWith("Max open files", StringComparison.Ordinal));
        var soft = line["Max open files".Length..].TrimStart().Split(' ')[0];
        return int.TryParse(soft, NumberStyles.None, CultureInfo.InvariantCulture, out var files)
            ? files
            : int.MaxValue / 2;
    }

    // The runtime holds every library open, so a server at rest has some two hundred.
    private static int OpenFiles() =>
        OperatingSystem.IsLinux() ? Directory.EnumerateFileSystemEntries("/proc/self/fd").Count() : FilesKept;

    private sealed record BodyLimit(long? MaxRequestBodySize) : IRequestSizeLimitMetadata;
}
