using System.ComponentModel;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Slipway.Foundation.Http;
using Slipway.Identity.Actions;
using Slipway.Sdk;
using Slipway.Sdk.Identity;

namespace Slipway.Identity.Http;

/// <summary>Signs browsers in and out, and tells them who they are.</summary>
internal sealed class SessionEndpoints(Tokens tokens)
{
    private static readonly TimeSpan Life = TimeSpan.FromHours(12);

    public static void Map(IEndpointRouteBuilder app)
    {
        var here = new SessionEndpoints(app.ServiceProvider.GetRequiredService<Tokens>());
        var api = new ApiRoutes(app, IdentityJson.Default);
        api.Map<SessionResource>("GET", "/api/v1/session", Get);
        api.Map("POST", "/api/v1/session", here.SignIn);
        api.Map("DELETE", "/api/v1/session", here.SignOut);
    }

    [Description("Who the caller is.")]
    private static Task<SessionResource> Get(ApiCall call) =>
        Task.FromResult(
            new SessionResource
            {
                User = call.Caller().User,
                Workspace = call.Caller().Workspace,
                SignedIn = SessionCookie.TokenIdIn(call.Http.Request) is not null,
            }
        );

    /// <summary>Whoever sends a name and a password gets a cookie for them.</summary>
    [Description("Gives a browser a cookie for the name and the password that it sends (HTTP Basic).")]
    private async Task SignIn(ApiCall call)
    {
        // A token must not make another that outlives it.
        if (
            !call.Http.Request.Headers.Authorization.ToString().StartsWith("Basic ", StringComparison.OrdinalIgnoreCase)
        )
            throw Fault.Invalid("session.password", "A browser is signed in by name and password (HTTP Basic).");
        var caller = call.Caller();
        var made = await tokens.BeginSessionAsync(caller, Life, call.Cancellation);
        SessionCookie.Give(call.Http, made.Token.Id, made.Secret, Life);
    }

    [Description("Takes the cookie back.")]
    private async Task SignOut(ApiCall call)
    {
        if (SessionCookie.TokenIdIn(call.Http.Request) is { } id)
            await tokens.RevokeAsync(call.Caller(), id, call.Cancellation);
        SessionCookie.Take(call.Http);
    }
}
