using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Slipway.Foundation.Basics;
using Slipway.Identity.Actions;

namespace Slipway.Identity.Http;

/// <summary>
/// Attaches a caller to every request. It runs behind routing and asks the route alone whether it is open to everybody
/// (AllowAnonymous), so that a path spelled otherwise comes to the same decision, and a new route is closed until it
/// says otherwise; what leads to no route at all is closed as well.
/// </summary>
internal sealed class Authentication(SignIn signIn, ServerSettings settings)
{
    /// <summary>Names the workspace of one request; without it a token's own is meant, or the default one.</summary>
    public const string WorkspaceHeader = "X-Slipway-Workspace";

    private static readonly CallerPrincipal Operator = new(Caller.Operator());

    public void Use(IApplicationBuilder app) =>
        app.Use(next =>
            settings.NeedsLogin ? context => DemandAsync(context, next) : context => LetInAsync(context, next)
        );

    private async Task DemandAsync(HttpContext context, RequestDelegate next)
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<IAllowAnonymous>() is null)
        {
            var credentials = new Credentials(
                context.Request.Headers.Authorization,
                WorkspaceOf(context),
                context.Connection.RemoteIpAddress
            );
            context.User = new CallerPrincipal(await signIn.AuthenticateAsync(credentials, context.RequestAborted));
        }
        await next(context);
    }

    private async Task LetInAsync(HttpContext context, RequestDelegate next)
    {
        context.User = WorkspaceOf(context) is { } workspace
            ? new CallerPrincipal(await signIn.OperatorAsync(workspace, context.RequestAborted))
            : Operator;
        await next(context);
    }

    private static string? WorkspaceOf(HttpContext context) =>
        context.Request.Headers.TryGetValue(WorkspaceHeader, out var workspace) ? workspace.ToString() : null;
}
