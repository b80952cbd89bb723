using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Slipway.Foundation.Basics;
using Slipway.Identity.Actions;
using Slipway.Sdk;

namespace Slipway.Identity.Http;

/// <summary>
/// Attaches a caller to every request. It runs behind routing and asks the route alone whether it is open to everybody
/// (AllowAnonymous), so that a path spelled otherwise comes to the same decision, and a new route is closed until it
/// says otherwise; what leads to no route at all is closed as well. Refusals, its own and those of verbs, are recorded.
/// </summary>
internal sealed class Authentication(SignIn signIn, Denials denials, ServerSettings settings)
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
        try
        {
            if (context.GetEndpoint()?.Metadata.GetMetadata<IAllowAnonymous>() is null)
                context.User = new CallerPrincipal(
                    await signIn.AuthenticateAsync(CredentialsOf(context), context.RequestAborted)
                );
            await next(context);
        }
        catch (Fault fault) when (IsDenial(fault))
        {
            await denials.RecordAsync(DenialOf(context, fault));
            throw;
        }
    }

    private async Task LetInAsync(HttpContext context, RequestDelegate next)
    {
        context.User = WorkspaceOf(context) is { } workspace
            ? new CallerPrincipal(await signIn.OperatorAsync(workspace, context.RequestAborted))
            : Operator;
        await next(context);
    }

    private static bool IsDenial(Fault fault) =>
        fault.Kind is FaultKind.Unauthenticated or FaultKind.Denied
        || fault.Code is "identity.too_many_attempts" or "workspace.not_found";

    private Denial DenialOf(HttpContext context, Fault fault)
    {
        var caller = (context.User as CallerPrincipal)?.Caller;
        return new Denial(
            caller?.User ?? signIn.NameIn(context.Request.Headers.Authorization),
            context.Connection.RemoteIpAddress?.ToString() ?? "",
            caller?.Workspace ?? "",
            context.Request.Method,
            (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText ?? "(none)",
            fault
        );
    }

    private static Credentials CredentialsOf(HttpContext context) =>
        new(
            context.Request.Headers.Authorization is { Count: > 0 } header
                ? header.ToString()
                : SessionCookie.AuthorizationIn(context.Request),
            WorkspaceOf(context),
            context.Connection.RemoteIpAddress
        );

    private static string? WorkspaceOf(HttpContext context) =>
        context.Request.Headers.TryGetValue(WorkspaceHeader, out var workspace) ? workspace.ToString() : null;
}
