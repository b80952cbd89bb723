using System.CommandLine;
using Microsoft.Extensions.DependencyInjection;
using Slipway.Foundation.Basics;
using Slipway.Foundation.Sql;
using Slipway.Identity.Actions;
using Slipway.Identity.Cli;
using Slipway.Identity.Http;
using Slipway.Identity.Storage;
using Slipway.Sdk.Identity;

namespace Slipway.Identity.Setup;

public static class IdentitySetup
{
    /// <summary>With its commands; how a user is added to a folder without a server is for the host to say.</summary>
    public static Room RoomWith(Func<ParseResult, UserCreate, CancellationToken, Task> addToFolder) =>
        Room with
        {
            Commands = () =>
                [
                    UserCommands.Create(addToFolder),
                    TokenCommands.Create(),
                    RoleCommands.Create(),
                    WorkspaceCommands.Create(),
                ],
        };

    public static Room Room =>
        new("identity")
        {
            Services = AddServices,
            Middleware = app => app.ApplicationServices.GetRequiredService<Authentication>().Use(app),
            Migrations = new MigrationSet(
                "identity",
                typeof(IdentitySetup).Assembly,
                "Slipway.Identity.Storage.Migrations"
            ),
            Seed = Workspaces.Seed,
            Routes = app =>
            {
                SessionEndpoints.Map(app);
                UserEndpoints.Map(app);
                RoleEndpoints.Map(app);
                GrantEndpoints.Map(app);
            },
            Start = async (services, cancellation) =>
            {
                var users = services.GetRequiredService<Users>();
                await FirstAdmin.EnsureAsync(users, cancellation);
                if (services.GetRequiredService<ServerSettings>().NeedsLogin)
                    await FirstAdmin.RequireSomebodyAsync(users, cancellation);
            },
            KeptByReset = ["identity_version", "identity_users", "identity_tokens", "identity_grants"],
            Reset = UserStore.Reset,
            Forget = (services, _) =>
            {
                services.GetRequiredService<AccessBook>().Forget();
                return Task.CompletedTask;
            },
        };

    private static void AddServices(IServiceCollection services)
    {
        services.AddSingleton<AccessBook>();
        services.AddSingleton<VerifiedPasswords>();
        services.AddSingleton<SignInLimits>();
        services.AddSingleton<SignIn>();
        services.AddSingleton<Denials>();
        services.AddSingleton<Authentication>();
        services.AddSingleton<Ledger>();
        services.AddSingleton(p => new Standings(p.GetRequiredService<AccessBook>()));
        services.AddSingleton(p => new Users(p.GetRequiredService<Ledger>()));
        services.AddSingleton(p => new Tokens(p.GetRequiredService<Ledger>()));
        services.AddSingleton(p => new Roles(p.GetRequiredService<Ledger>()));
        services.AddSingleton(p => new Grants(p.GetRequiredService<Ledger>()));
        services.AddSingleton(p => new Workspaces(p.GetRequiredService<Ledger>()));
    }
}
