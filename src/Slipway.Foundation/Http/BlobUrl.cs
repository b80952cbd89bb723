using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Slipway.Foundation.Blobs;

namespace Slipway.Foundation.Http;

/// <summary>
/// The path of a blob at the end of a URL, read from the request line as it came: by the time a route has matched, the
/// server has resolved dots and decoded some of the escapes, and what was meant can no longer be told.
/// </summary>
public static class BlobUrl
{
    /// <summary>What follows the marker in the URL.</summary>
    public static BlobPath After(HttpContext http, string marker)
    {
        var target = Target(http);
        var start = target.IndexOf(marker, StringComparison.Ordinal);
        return BlobPath.ParseEncoded(start < 0 ? ".." : target[(start + marker.Length)..]);
    }

    /// <summary>
    /// Refuses a URL that goes on by dots after the marker, however they are written. The server resolves them before it
    /// looks for a route, so such a request arrives elsewhere than it says.
    /// </summary>
    public static void RefuseDots(HttpContext http, string marker)
    {
        var target = Target(http);
        var start = target.IndexOf(marker, StringComparison.Ordinal);
        if (start < 0)
            return;
        foreach (var segment in target[(start + marker.Length)..].Split('/'))
        {
            if (segment.Length is > 0 and <= 6 && Uri.UnescapeDataString(segment) is "." or "..")
                BlobPath.ParseEncoded(segment);
        }
    }

    /// <summary>The path as the client wrote it.</summary>
    public static string Target(HttpContext http)
    {
        var target = http.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        var query = target.IndexOf('?');
        return query < 0 ? target : target[..query];
    }
}
