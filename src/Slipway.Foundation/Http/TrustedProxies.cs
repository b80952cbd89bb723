using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.HttpOverrides;
using IPNetwork = System.Net.IPNetwork;

namespace Slipway.Foundation.Http;

/// <summary>
/// Takes a request's origin from X-Forwarded-For and -Proto where a proxy that was named as trusted sent it. From anybody
/// else these headers say nothing.
/// </summary>
public static class TrustedProxies
{
    public static void Use(IApplicationBuilder app, IReadOnlyList<IPNetwork> proxies)
    {
        if (proxies.Count == 0)
            return;
        var options = new ForwardedHeadersOptions
        {
            ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto,
        };
        // Without this the server's own machine would be trusted as well.
        options.KnownProxies.Clear();
        options.KnownIPNetworks.Clear();
        foreach (var network in proxies)
            options.KnownIPNetworks.Add(network);
        app.UseForwardedHeaders(options);
    }
}
