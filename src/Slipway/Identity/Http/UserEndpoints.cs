using System.ComponentModel;
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
    private static readonly ApiQuery<string?> Owner = ApiQuery.Text("user", "Whose; the caller's own without it.");
    private const long SecondsLimit = long.MaxValue / TimeSpan.TicksPerSecond;

    public static void Map(IEndpointRouteBuilder app)
    {
        var services = app.ServiceProvider;
        var here = new UserEndpoints(services.GetRequiredService<Users>(), services.GetRequiredService<Tokens>());
        var api = new ApiRoutes(app, IdentityJson.Default);
        api.Map<IReadOnlyList<UserResource>>("GET", "/api/v1/users", here.List);
        api.Map<UserCreate, UserResource>("POST", "/api/v1/users", here.Create).Creates();
        api.Map<UserResource>("GET", "/api/v1/users/{name}", here.Get);
        api.Map<UserChange, UserResource>("PATCH", "/api/v1/users/{name}", here.Change);
        api.Map("DELETE", "/api/v1/users/{name}", here.Remove);
        api.Map<IReadOnlyList<TokenResource>>("GET", "/api/v1/tokens", here.ListTokens).Asks(Owner);
        api.Map<TokenCreate, Wire.NewToken>("POST", "/api/v1/tokens", here.CreateToken).Creates();
        api.Map("DELETE", "/api/v1/tokens/{id}", here.RevokeToken);
    }

    [Description("Everybody who may sign in.")]
    private async Task<IReadOnlyList<UserResource>> List(ApiCall call)
    {
        var all = await users.ListAsync(call.Caller(), call.Cancellation);
        return [.. all.Select(Shapes.Of)];
    }

    [Description("Lets somebody sign in.")]
    private async Task<UserResource> Create(ApiCall call, UserCreate request)
    {
        var user = await users.CreateAsync(
            call.Caller(),
            request.Name,
            request.Password,
            Shapes.Read(request.Level),
            request.IsAdmin,
            call.Cancellation
        );
        return Shapes.Of(user);
    }

    [Description("A user.")]
    private async Task<UserResource> Get(ApiCall call) =>
        Shapes.Of(await users.GetAsync(call.Caller(), call.Route("name"), call.Cancellation));

    [Description("Changes the password of a user, or whether they are an admin.")]
    private async Task<UserResource> Change(ApiCall call, UserChange change)
    {
        var name = call.Route("name");
        if (change.IsAdmin is { } isAdmin)
            await users.SetAdminAsync(call.Caller(), name, isAdmin, call.Cancellation);
        if (change.Password is { } password)
            await users.SetPasswordAsync(call.Caller(), name, password, call.Cancellation);
        return await Get(call);
    }

    [Description("Removes a user with their tokens and grants.")]
    private Task Remove(ApiCall call) => users.RemoveAsync(call.Caller(), call.Route("name"), call.Cancellation);

    [Description("The tokens of a user, without their secrets.")]
    private async Task<IReadOnlyList<TokenResource>> ListTokens(ApiCall call)
    {
        var found = await tokens.ListAsync(call.Caller(), call.Query(Owner) ?? call.Caller().User, call.Cancellation);
        return [.. found.Select(Shapes.Of)];
    }

    [Description("Makes a token, whose secret is told this once.")]
    private async Task<Wire.NewToken> CreateToken(ApiCall call, TokenCreate request)
    {
        var made = await tokens.CreateAsync(
            call.Caller(),
            request.User ?? call.Caller().User,
            request.Name,
            Lifetime(request.ExpiresInS),
            call.Cancellation
        );
        return new Wire.NewToken { Token = Shapes.Of(made.Token), Secret = made.Secret };
    }

    [Description("Ends a token.")]
    private Task RevokeToken(ApiCall call) => tokens.RevokeAsync(call.Caller(), call.Route("id"), call.Cancellation);

    // What is beyond counting is for the verb to refuse as too long.
    private static TimeSpan? Lifetime(long? seconds) =>
        seconds is not { } wanted ? null
        : wanted >= SecondsLimit ? TimeSpan.MaxValue
        : wanted < 0 ? TimeSpan.Zero
        : TimeSpan.FromSeconds(wanted);
}
