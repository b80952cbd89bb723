using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Slipway.Foundation.Http;
using Slipway.Identity.Actions;
using Slipway.Sdk.Identity;
using Wire = Slipway.Sdk.Identity;

namespace Slipway.Identity.Http;

/// <summary>The native API of users and their tokens.</summary>
internal sealed class UserEndpoints(Users users, Tokens tokens)
{
    private const long SecondsLimit = long.MaxValue / TimeSpan.TicksPerSecond;

    public static void Map(IEndpointRouteBuilder app)
    {
        var services = app.ServiceProvider;
        var here = new UserEndpoints(services.GetRequiredService<Users>(), services.GetRequiredService<Tokens>());
        app.MapApi("GET", "/api/v1/users", here.List);
        app.MapApi("POST", "/api/v1/users", here.Create);
        app.MapApi("GET", "/api/v1/users/{name}", here.Get);
        app.MapApi("PATCH", "/api/v1/users/{name}", here.Change);
        app.MapApi("DELETE", "/api/v1/users/{name}", here.Remove);
        app.MapApi("GET", "/api/v1/tokens", here.ListTokens);
        app.MapApi("POST", "/api/v1/tokens", here.CreateToken);
        app.MapApi("DELETE", "/api/v1/tokens/{id}", here.RevokeToken);
    }

    private async Task List(ApiCall call)
    {
        var all = await users.ListAsync(call.Caller(), call.Cancellation);
        await call.AnswerAsync(IdentityJson.Default.Users, [.. all.Select(Shapes.Of)]);
    }

    private async Task Create(ApiCall call)
    {
        var request = await call.ReadAsync(IdentityJson.Default.UserCreate);
        var user = await users.CreateAsync(
            call.Caller(),
            request.Name,
            request.Password,
            Shapes.Read(request.Level),
            request.IsAdmin,
            call.Cancellation
        );
        await call.AnswerAsync(IdentityJson.Default.UserResource, Shapes.Of(user), StatusCodes.Status201Created);
    }

    private async Task Get(ApiCall call)
    {
        var user = await users.GetAsync(call.Caller(), call.Route("name"), call.Cancellation);
        await call.AnswerAsync(IdentityJson.Default.UserResource, Shapes.Of(user));
    }

    private async Task Change(ApiCall call)
    {
        var change = await call.ReadAsync(IdentityJson.Default.UserChange);
        var name = call.Route("name");
        if (change.IsAdmin is { } isAdmin)
            await users.SetAdminAsync(call.Caller(), name, isAdmin, call.Cancellation);
        if (change.Password is { } password)
            await users.SetPasswordAsync(call.Caller(), name, password, call.Cancellation);
        await Get(call);
    }

    private async Task Remove(ApiCall call)
    {
        await users.RemoveAsync(call.Caller(), call.Route("name"), call.Cancellation);
        call.AnswerNothing();
    }

    private async Task ListTokens(ApiCall call)
    {
        var found = await tokens.ListAsync(call.Caller(), call.Query("user") ?? call.Caller().User, call.Cancellation);
        await call.AnswerAsync(IdentityJson.Default.Tokens, [.. found.Select(Shapes.Of)]);
    }

    private async Task CreateToken(ApiCall call)
    {
        var request = await call.ReadAsync(IdentityJson.Default.TokenCreate);
        var made = await tokens.CreateAsync(
            call.Caller(),
            request.User ?? call.Caller().User,
            request.Name,
            Lifetime(request.ExpiresInS),
            call.Cancellation
        );
        await call.AnswerAsync(
            IdentityJson.Default.NewToken,
            new Wire.NewToken { Token = Shapes.Of(made.Token), Secret = made.Secret },
            StatusCodes.Status201Created
        );
    }

    private async Task RevokeToken(ApiCall call)
    {
        await tokens.RevokeAsync(call.Caller(), call.Route("id"), call.Cancellation);
        call.AnswerNothing();
    }

    // What is beyond counting is for the verb to refuse as too long.
    private static TimeSpan? Lifetime(long? seconds) =>
        seconds is not { } wanted ? null
        : wanted >= SecondsLimit ? TimeSpan.MaxValue
        : wanted < 0 ? TimeSpan.Zero
        : TimeSpan.FromSeconds(wanted);
}
