using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Primitives;
using Slipway.Foundation.Basics;
using Slipway.Sdk;

namespace Slipway.Foundation.Http;

/// <summary>
/// What keeps a web page of somebody else from using a browser that can reach this server: only known host names are
/// answered (a page could point its own name at our address), other origins change nothing, and every answer says how
/// a browser has to treat it. Texts and statuses are those of MLflow's security middleware, which clients know.
/// </summary>
public sealed class BrowserGuard(IReadOnlyCollection<string> allowedHosts, IReadOnlyCollection<string> allowedOrigins)
{
    private const string ContentPolicy =
        "default-src 'self'; img-src 'self' data: blob:; style-src 'self' 'unsafe-inline'; object-src 'none'; "
        + "base-uri 'none'; form-action 'self'; frame-ancestors 'self'";

    private readonly HashSet<string> hosts = new(allowedHosts, StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> origins = new(allowedOrigins, StringComparer.OrdinalIgnoreCase);

    public void Use(IApplicationBuilder app) =>
        app.Use(next =>
            context =>
            {
                context.Response.OnStarting(AddHeaders, context.Response);
                if (!IsKnownHost(context.Request))
                    return RefuseAsync(context, "Invalid Host header - possible DNS rebinding attack detected");
                if (IsForeignChange(context.Request))
                    return RefuseAsync(context, "Cross-origin request blocked");
                return next(context);
            }
        );

    /// <summary>
    /// Refuses a page of another origin although nothing is changed: for what a browser would go on reading for it.
    /// </summary>
    public static void RefuseForeignPage(HttpContext context)
    {
        var origin = context.Request.Headers.Origin;
        if (StringValues.IsNullOrEmpty(origin) || IsFriendly(origin.ToString(), context.Request.Host))
            return;
        var settings = context.RequestServices.GetRequiredService<ServerSettings>();
        if (!settings.AllowedOrigins.Contains(origin.ToString(), StringComparer.OrdinalIgnoreCase))
            throw Fault.Denied("server.foreign_origin", "Cross-origin request blocked");
    }

    /// <summary>Names of this machine and addresses that only its own network routes.</summary>
    internal static bool IsLocalName(string host)
    {
        if (host.Equals("localhost", StringComparison.OrdinalIgnoreCase))
            return true;
        if (!IPAddress.TryParse(host.AsSpan().Trim("[]"), out var address))
            return false;
        if (address.IsIPv4MappedToIPv6)
            address = address.MapToIPv4();
        if (IPAddress.IsLoopback(address) || address.Equals(IPAddress.Any))
            return true;
        if (address.AddressFamily == AddressFamily.InterNetworkV6)
            return address.IsIPv6UniqueLocal || address.IsIPv6LinkLocal;
        var octets = address.GetAddressBytes();
        return octets[0] == 10
            || (octets[0] == 172 && octets[1] is >= 16 and < 32)
            || (octets[0] == 192 && octets[1] == 168);
    }

    // Probes of load balancers come under any name, and what they get is the same for everybody.
    private bool IsKnownHost(HttpRequest request) =>
        IsLocalName(request.Host.Host)
        || hosts.Contains(request.Host.Host)
        || request.Path.Value is "/health" or "/version";

    private bool IsForeignChange(HttpRequest request)
    {
        var origin = request.Headers.Origin;
        if (
            StringValues.IsNullOrEmpty(origin)
            || HttpMethods.IsGet(request.Method)
            || HttpMethods.IsHead(request.Method)
        )
            return false;
        var text = origin.ToString();
        return !origins.Contains(text) && !IsFriendly(text, request.Host);
    }

    /// <summary>A page of this server itself, or one that was served on this machine.</summary>
    private static bool IsFriendly(string origin, HostString self) =>
        Uri.TryCreate(origin, UriKind.Absolute, out var uri)
        && uri.Scheme is "http" or "https"
        && (
            uri.Host is "localhost" or "127.0.0.1" or "[::1]"
            || uri.Authority.Equals(self.Value, StringComparison.OrdinalIgnoreCase)
        );

    private static Task AddHeaders(object state)
    {
        var headers = ((HttpResponse)state).Headers;
        headers.XContentTypeOptions = "nosniff";
        if (StringValues.IsNullOrEmpty(headers.XFrameOptions))
            headers.XFrameOptions = "SAMEORIGIN";
        if (StringValues.IsNullOrEmpty(headers.ContentSecurityPolicy))
            headers.ContentSecurityPolicy = ContentPolicy;
        headers["Referrer-Policy"] = "same-origin";
        return Task.CompletedTask;
    }

    private static Task RefuseAsync(HttpContext context, string why)
    {
        context.Response.StatusCode = StatusCodes.Status403Forbidden;
        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync(why, context.RequestAborted);
    }
}
