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
        app.MapApi("GET", "/api/v1/session", Get);
        app.MapApi("POST", "/api/v1/session", here.SignIn);
        app.MapApi("DELETE", "/api/v1/session", here.SignOut);
    }

    private static Task Get(ApiCall call)
    {
        var caller = call.Caller();
        return call.AnswerAsync(
            IdentityJson.Default.SessionResource,
            new SessionResource
            {
                User = caller.User,
                Workspace = caller.Workspace,
                SignedIn = SessionCookie.TokenIdIn(call.Http.Request) is not null,
            }
        );
    }

    /// <summary>Whoever sends a name and a password gets a cookie for them.</summary>
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
        call.AnswerNothing();
    }

    private async Task SignOut(ApiCall call)
    {
        if (SessionCookie.TokenIdIn(call.Http.Request) is { } id)
            await tokens.RevokeAsync(call.Caller(), id, call.Cancellation);
        SessionCookie.Take(call.Http);
        call.AnswerNothing();
    }
}
