using System.ComponentModel;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Slipway.Foundation.Http;
using Slipway.Identity.Actions;
using Slipway.Sdk.Identity;

namespace Slipway.Identity.Http;

/// <summary>The native API of grants to users, and of workspaces.</summary>
internal sealed class GrantEndpoints(Grants grants, Workspaces workspaces)
{
    private const string Kinds = "workspace, experiment, registered_model or server.";

    private static readonly ApiQuery<string?> User = ApiQuery.Text("user", "The user; the caller without it.");
    private static readonly ApiQuery<string> Holder = ApiQuery.Required("user", "The user.");
    private static readonly ApiQuery<string?> Kind = ApiQuery.Text("kind", Kinds);
    private static readonly ApiQuery<string> NeededKind = ApiQuery.Required("kind", Kinds);
    private static readonly ApiQuery<string?> On = ApiQuery.Text(
        "on",
        "Its name or id; without it all of the kind, or the workspace of the call."
    );

    public static void Map(IEndpointRouteBuilder app)
    {
        var services = app.ServiceProvider;
        var here = new GrantEndpoints(services.GetRequiredService<Grants>(), services.GetRequiredService<Workspaces>());
        var api = new ApiRoutes(app, IdentityJson.Default);
        api.Map<IReadOnlyList<GrantResource>>("GET", "/api/v1/grants", here.List).Asks(User, Kind, On);
        api.Map<GrantPut, GrantResource>("PUT", "/api/v1/grants", here.Put);
        api.Map("DELETE", "/api/v1/grants", here.Take).Asks(Holder, NeededKind, On);
        api.Map<IReadOnlyList<WorkspaceResource>>("GET", "/api/v1/workspaces", here.ListWorkspaces);
        api.Map<WorkspaceCreate, WorkspaceResource>("POST", "/api/v1/workspaces", here.CreateWorkspace).Creates();
        api.Map<WorkspaceChange, WorkspaceResource>("PATCH", "/api/v1/workspaces/{name}", here.DescribeWorkspace);
    }

    [Description("All that a user was given, or, with a kind, all that was given on a thing.")]
    private async Task<IReadOnlyList<GrantResource>> List(ApiCall call)
    {
        var found = call.Query(Kind) is { } kind
            ? await grants.OnAsync(call.Caller(), ReadResource(call, kind), call.Cancellation)
            : await grants.OfUserAsync(call.Caller(), call.Query(User) ?? call.Caller().User, call.Cancellation);
        return [.. found.Select(Shapes.Of)];
    }

    [Description("Gives a user a level on a thing, in place of the one they had.")]
    private async Task<GrantResource> Put(ApiCall call, GrantPut request)
    {
        var grant = await grants.PutAsync(
            call.Caller(),
            request.User,
            Shapes.Read(request.Kind, request.On, call.Caller().Workspace),
            Shapes.Read(request.Level),
            call.Cancellation
        );
        return Shapes.Of(grant);
    }

    [Description("Takes what a user was given on a thing.")]
    private Task Take(ApiCall call) =>
        grants.TakeAsync(
            call.Caller(),
            call.Query(Holder),
            ReadResource(call, call.Query(NeededKind)),
            call.Cancellation
        );

    [Description("The workspaces that the caller may see.")]
    private async Task<IReadOnlyList<WorkspaceResource>> ListWorkspaces(ApiCall call)
    {
        var found = await workspaces.ListAsync(call.Caller(), call.Cancellation);
        return [.. found.Select(Shapes.Of)];
    }

    [Description("Makes a workspace.")]
    private async Task<WorkspaceResource> CreateWorkspace(ApiCall call, WorkspaceCreate request)
    {
        var made = await workspaces.CreateAsync(call.Caller(), request.Name, request.Description, call.Cancellation);
        return Shapes.Of(made);
    }

    [Description("Says what a workspace is for.")]
    private async Task<WorkspaceResource> DescribeWorkspace(ApiCall call, WorkspaceChange change)
    {
        var changed = await workspaces.DescribeAsync(
            call.Caller(),
            call.Route("name"),
            change.Description,
            call.Cancellation
        );
        return Shapes.Of(changed);
    }

    private static Resource ReadResource(ApiCall call, string kind) =>
        Shapes.Read(kind, call.Query(On), call.Caller().Workspace);
}
