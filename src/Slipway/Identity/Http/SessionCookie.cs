using Microsoft.AspNetCore.Http;

namespace Slipway.Identity.Http;

/// <summary>
/// How a browser stays signed in: a token of some hours in a cookie that scripts cannot read and that the browser sends
/// from pages of this server alone. A request that carries other credentials is judged by those.
/// </summary>
internal static class SessionCookie
{
    private const string Name = "slipway_session";

    public static void Give(HttpContext http, string tokenId, string secret, TimeSpan life) =>
        http.Response.Cookies.Append(Name, $"{tokenId}.{secret}", Options(http, life));

    public static void Take(HttpContext http) => http.Response.Cookies.Delete(Name, Options(http, null));

    /// <summary>The id of the token in the cookie; null where the browser is not signed in.</summary>
    public static string? TokenIdIn(HttpRequest request) =>
        request.Cookies.TryGetValue(Name, out var value) && value.IndexOf('.') is > 0 and var dot ? value[..dot] : null;

    /// <summary>The cookie as the header that it stands for.</summary>
    public static string? AuthorizationIn(HttpRequest request) =>
        request.Cookies.TryGetValue(Name, out var value) && value.IndexOf('.') is > 0 and var dot
            ? $"Bearer {value[(dot + 1)..]}"
            : null;

    private static CookieOptions Options(HttpContext http, TimeSpan? life) =>
        new()
        {
            HttpOnly = true,
            SameSite = SameSiteMode.Strict,
            Secure = http.Request.IsHttps,
            Path = "/",
            MaxAge = life,
        };
}
