using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Slipway.Foundation.Http;
using Slipway.Identity.Actions;
using Slipway.Sdk.Identity;

namespace Slipway.Identity.Http;

/// <summary>The native API of grants to users, and of workspaces.</summary>
internal sealed class GrantEndpoints(Grants grants, Workspaces workspaces)
{
    public static void Map(IEndpointRouteBuilder app)
    {
        var services = app.ServiceProvider;
        var here = new GrantEndpoints(services.GetRequiredService<Grants>(), services.GetRequiredService<Workspaces>());
        app.MapApi("GET", "/api/v1/grants", here.List);
        app.MapApi("PUT", "/api/v1/grants", here.Put);
        app.MapApi("DELETE", "/api/v1/grants", here.Take);
        app.MapApi("GET", "/api/v1/workspaces", here.ListWorkspaces);
        app.MapApi("POST", "/api/v1/workspaces", here.CreateWorkspace);
        app.MapApi("PATCH", "/api/v1/workspaces/{name}", here.DescribeWorkspace);
    }

    /// <summary>All that a user was given, or all that was given on a thing.</summary>
    private async Task List(ApiCall call)
    {
        var found = call.Query("kind") is null
            ? await grants.OfUserAsync(call.Caller(), call.Query("user") ?? call.Caller().User, call.Cancellation)
            : await grants.OnAsync(call.Caller(), ReadResource(call), call.Cancellation);
        await call.AnswerAsync(IdentityJson.Default.Grants, [.. found.Select(Shapes.Of)]);
    }

    private async Task Put(ApiCall call)
    {
        var request = await call.ReadAsync(IdentityJson.Default.GrantPut);
        var grant = await grants.PutAsync(
            call.Caller(),
            request.User,
            Shapes.Read(request.Kind, request.On, call.Caller().Workspace),
            Shapes.Read(request.Level),
            call.Cancellation
        );
        await call.AnswerAsync(IdentityJson.Default.GrantResource, Shapes.Of(grant));
    }

    private async Task Take(ApiCall call)
    {
        await grants.TakeAsync(call.Caller(), call.RequiredQuery("user"), ReadResource(call), call.Cancellation);
        call.AnswerNothing();
    }

    private async Task ListWorkspaces(ApiCall call)
    {
        var found = await workspaces.ListAsync(call.Caller(), call.Cancellation);
        await call.AnswerAsync(IdentityJson.Default.Workspaces, [.. found.Select(Shapes.Of)]);
    }

    private async Task CreateWorkspace(ApiCall call)
    {
        var request = await call.ReadAsync(IdentityJson.Default.WorkspaceCreate);
        var made = await workspaces.CreateAsync(call.Caller(), request.Name, request.Description, call.Cancellation);
        await call.AnswerAsync(IdentityJson.Default.WorkspaceResource, Shapes.Of(made), StatusCodes.Status201Created);
    }

    private async Task DescribeWorkspace(ApiCall call)
    {
        var change = await call.ReadAsync(IdentityJson.Default.WorkspaceChange);
        var changed = await workspaces.DescribeAsync(
            call.Caller(),
            call.Route("name"),
            change.Description,
            call.Cancellation
        );
        await call.AnswerAsync(IdentityJson.Default.WorkspaceResource, Shapes.Of(changed));
    }

    private static Resource ReadResource(ApiCall call) =>
        Shapes.Read(call.RequiredQuery("kind"), call.Query("on"), call.Caller().Workspace);
}
