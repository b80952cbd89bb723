using System.Globalization;
using Microsoft.AspNetCore.Http;
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
        app.MapApi("GET", "/api/v1/roles", here.List);
        app.MapApi("POST", "/api/v1/roles", here.Create);
        app.MapApi("GET", "/api/v1/roles/{id}", here.Get);
        app.MapApi("PATCH", "/api/v1/roles/{id}", here.Change);
        app.MapApi("DELETE", "/api/v1/roles/{id}", here.Remove);
        app.MapApi("POST", "/api/v1/roles/{id}/grants", here.Give);
        app.MapApi("PATCH", "/api/v1/roles/grants/{grant}", here.ChangeGrant);
        app.MapApi("DELETE", "/api/v1/roles/grants/{grant}", here.Take);
        app.MapApi("GET", "/api/v1/roles/{id}/members", here.Members);
        app.MapApi("PUT", "/api/v1/roles/{id}/members/{user}", here.Assign);
        app.MapApi("DELETE", "/api/v1/roles/{id}/members/{user}", here.Unassign);
    }

    private async Task List(ApiCall call)
    {
        var found = await roles.ListAsync(call.Caller(), call.Caller().Workspace, call.Cancellation);
        await call.AnswerAsync(IdentityJson.Default.Roles, [.. found.Select(Shapes.Of)]);
    }

    private async Task Create(ApiCall call)
    {
        var request = await call.ReadAsync(IdentityJson.Default.RoleCreate);
        var role = await roles.CreateAsync(
            call.Caller(),
            call.Caller().Workspace,
            request.Name,
            request.Description,
            call.Cancellation
        );
        await AnswerAsync(call, role, StatusCodes.Status201Created);
    }

    private async Task Get(ApiCall call) =>
        await AnswerAsync(call, await roles.GetAsync(call.Caller(), Number(call, "id"), call.Cancellation));

    private async Task Change(ApiCall call)
    {
        var change = await call.ReadAsync(IdentityJson.Default.RoleChange);
        await roles.UpdateAsync(call.Caller(), Number(call, "id"), change.Name, change.Description, call.Cancellation);
        await Get(call);
    }

    private async Task Remove(ApiCall call)
    {
        await roles.RemoveAsync(call.Caller(), Number(call, "id"), call.Cancellation);
        call.AnswerNothing();
    }

    private async Task Give(ApiCall call)
    {
        var request = await call.ReadAsync(IdentityJson.Default.RoleGrantCreate);
        var role = await roles.GetAsync(call.Caller(), Number(call, "id"), call.Cancellation);
        var grant = await roles.GiveAsync(
            call.Caller(),
            role.Number,
            Shapes.Read(request.Kind, request.On, role.Workspace),
            Shapes.Read(request.Level),
            call.Cancellation
        );
        await call.AnswerAsync(IdentityJson.Default.GrantResource, Shapes.Of(grant), StatusCodes.Status201Created);
    }

    private async Task ChangeGrant(ApiCall call)
    {
        var change = await call.ReadAsync(IdentityJson.Default.GrantChange);
        var grant = await roles.ChangeAsync(
            call.Caller(),
            Number(call, "grant"),
            Shapes.Read(change.Level),
            call.Cancellation
        );
        await call.AnswerAsync(IdentityJson.Default.GrantResource, Shapes.Of(grant));
    }

    private async Task Take(ApiCall call)
    {
        await roles.TakeAsync(call.Caller(), Number(call, "grant"), call.Cancellation);
        call.AnswerNothing();
    }

    private async Task Members(ApiCall call)
    {
        var members = await roles.MembersAsync(call.Caller(), Number(call, "id"), call.Cancellation);
        await call.AnswerAsync(
            IdentityJson.Default.Members,
            [.. members.Select(member => new MemberResource(member.UserName))]
        );
    }

    private async Task Assign(ApiCall call)
    {
        var (id, user) = (Number(call, "id"), call.Route("user"));
        // A call whose answer was lost may come again.
        var members = await roles.MembersAsync(call.Caller(), id, call.Cancellation);
        if (!members.Exists(member => member.UserName == user))
            await roles.AssignAsync(call.Caller(), id, user, call.Cancellation);
        call.AnswerNothing();
    }

    private async Task Unassign(ApiCall call)
    {
        await roles.UnassignAsync(call.Caller(), Number(call, "id"), call.Route("user"), call.Cancellation);
        call.AnswerNothing();
    }

    private static Task AnswerAsync(ApiCall call, Role role, int status = StatusCodes.Status200OK) =>
        call.AnswerAsync(IdentityJson.Default.RoleResource, Shapes.Of(role), status);

    private static long Number(ApiCall call, string part) =>
        long.TryParse(call.Route(part), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw Fault.Invalid("identity.number", $"'{call.Route(part)}' is not a whole number.", part);
}
