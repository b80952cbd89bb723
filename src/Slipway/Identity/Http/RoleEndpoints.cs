using System.ComponentModel;
using System.Globalization;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Slipway.Foundation.Http;
using Slipway.Identity.Actions;
using Slipway.Sdk;
using Slipway.Sdk.Identity;

namespace Slipway.Identity.Http;

/// <summary>The native API of roles.</summary>
internal sealed class RoleEndpoints(Roles roles)
{
    public static void Map(IEndpointRouteBuilder app)
    {
        var here = new RoleEndpoints(app.ServiceProvider.GetRequiredService<Roles>());
        var api = new ApiRoutes(app, IdentityJson.Default);
        api.Map<IReadOnlyList<RoleResource>>("GET", "/api/v1/roles", here.List);
        api.Map<RoleCreate, RoleResource>("POST", "/api/v1/roles", here.Create).Creates();
        api.Map<RoleResource>("GET", "/api/v1/roles/{id}", here.Get);
        api.Map<RoleChange, RoleResource>("PATCH", "/api/v1/roles/{id}", here.Change);
        api.Map("DELETE", "/api/v1/roles/{id}", here.Remove);
        api.Map<RoleGrantCreate, GrantResource>("POST", "/api/v1/roles/{id}/grants", here.Give).Creates();
        api.Map<GrantChange, GrantResource>("PATCH", "/api/v1/roles/grants/{grant}", here.ChangeGrant);
        api.Map("DELETE", "/api/v1/roles/grants/{grant}", here.Take);
        api.Map<IReadOnlyList<MemberResource>>("GET", "/api/v1/roles/{id}/members", here.Members);
        api.Map("PUT", "/api/v1/roles/{id}/members/{user}", here.Assign);
        api.Map("DELETE", "/api/v1/roles/{id}/members/{user}", here.Unassign);
    }

    [Description("The roles of the workspace.")]
    private async Task<IReadOnlyList<RoleResource>> List(ApiCall call)
    {
        var found = await roles.ListAsync(call.Caller(), call.Caller().Workspace, call.Cancellation);
        return [.. found.Select(Shapes.Of)];
    }

    [Description("Makes a role.")]
    private async Task<RoleResource> Create(ApiCall call, RoleCreate request)
    {
        var role = await roles.CreateAsync(
            call.Caller(),
            call.Caller().Workspace,
            request.Name,
            request.Description,
            call.Cancellation
        );
        return Shapes.Of(role);
    }

    [Description("A role with its grants.")]
    private async Task<RoleResource> Get(ApiCall call) =>
        Shapes.Of(await roles.GetAsync(call.Caller(), Number(call, "id"), call.Cancellation));

    [Description("Changes the name or the description of a role.")]
    private async Task<RoleResource> Change(ApiCall call, RoleChange change)
    {
        await roles.UpdateAsync(call.Caller(), Number(call, "id"), change.Name, change.Description, call.Cancellation);
        return await Get(call);
    }

    [Description("Removes a role; its members keep what they have otherwise.")]
    private Task Remove(ApiCall call) => roles.RemoveAsync(call.Caller(), Number(call, "id"), call.Cancellation);

    [Description("Gives a role a level on a thing.")]
    private async Task<GrantResource> Give(ApiCall call, RoleGrantCreate request)
    {
        var role = await roles.GetAsync(call.Caller(), Number(call, "id"), call.Cancellation);
        var grant = await roles.GiveAsync(
            call.Caller(),
            role.Number,
            Shapes.Read(request.Kind, request.On, role.Workspace),
            Shapes.Read(request.Level),
            call.Cancellation
        );
        return Shapes.Of(grant);
    }

    [Description("Changes the level of what a role was given.")]
    private async Task<GrantResource> ChangeGrant(ApiCall call, GrantChange change)
    {
        var grant = await roles.ChangeAsync(
            call.Caller(),
            Number(call, "grant"),
            Shapes.Read(change.Level),
            call.Cancellation
        );
        return Shapes.Of(grant);
    }

    [Description("Takes what a role was given.")]
    private Task Take(ApiCall call) => roles.TakeAsync(call.Caller(), Number(call, "grant"), call.Cancellation);

    [Description("Who has a role.")]
    private async Task<IReadOnlyList<MemberResource>> Members(ApiCall call)
    {
        var members = await roles.MembersAsync(call.Caller(), Number(call, "id"), call.Cancellation);
        return [.. members.Select(member => new MemberResource(member.UserName))];
    }

    [Description("Gives a user a role; it may be sent again.")]
    private async Task Assign(ApiCall call)
    {
        var (id, user) = (Number(call, "id"), call.Route("user"));
        // A call whose answer was lost may come again.
        var members = await roles.MembersAsync(call.Caller(), id, call.Cancellation);
        if (!members.Exists(member => member.UserName == user))
            await roles.AssignAsync(call.Caller(), id, user, call.Cancellation);
    }

    [Description("Takes a role from a user.")]
    private Task Unassign(ApiCall call) =>
        roles.UnassignAsync(call.Caller(), Number(call, "id"), call.Route("user"), call.Cancellation);

    private static long Number(ApiCall call, string part) =>
        long.TryParse(call.Route(part), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw Fault.Invalid("identity.number", $"'{call.Route(part)}' is not a whole number.", part);
}
