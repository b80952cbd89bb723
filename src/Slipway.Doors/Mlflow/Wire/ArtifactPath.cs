using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Slipway.Foundation.Blobs;

namespace Slipway.Doors.Mlflow.Wire;

/// <summary>
/// The path of an artifact at the end of a URL, read from the request line as it came: by the time a route has matched,
/// the server has resolved dots and decoded some of the escapes, and what was meant can no longer be told.
/// </summary>
internal static class ArtifactPath
{
    private const string Proxy = "/mlflow-artifacts/";

    /// <summary>What follows the marker in the URL.</summary>
    public static BlobPath After(HttpContext http, string marker)
    {
        var target = Target(http);
        var start = target.IndexOf(marker, StringComparison.Ordinal);
        return BlobPath.ParseEncoded(start < 0 ? ".." : target[(start + marker.Length)..]);
    }

    /// <summary>True for a URL that begins among the artifacts and goes on from there by dots, however they are written.</summary>
    public static bool Wanders(HttpContext http)
    {
        var target = Target(http);
        var start = target.IndexOf(Proxy, StringComparison.Ordinal);
        return start >= 0 && target[(start + Proxy.Length)..].Split('/').Any(IsDots);
    }

    private static bool IsDots(string segment) =>
        segment.Length is > 0 and <= 6 && Uri.UnescapeDataString(segment) is "." or "..";

    private static string Target(HttpContext http)
    {
        var target = http.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        var query = target.IndexOf('?');
        return query < 0 ? target : target[..query];
    }
}
