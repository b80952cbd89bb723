using Microsoft.Extensions.DependencyInjection;
using Slipway.Foundation.Basics;
using Slipway.Foundation.Sql;
using Slipway.Identity.Actions;
using Slipway.Identity.Http;
using Slipway.Identity.Storage;

namespace Slipway.Identity.Setup;

public static class IdentitySetup
{
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
        services.AddSingleton<Authentication>();
        AddVerbs(services, (db, book, clock) => new Users(db, book, clock));
        AddVerbs(services, (db, book, clock) => new Tokens(db, book, clock));
        AddVerbs(services, (db, book, clock) => new Roles(db, book, clock));
        AddVerbs(services, (db, book, clock) => new Grants(db, book, clock));
        AddVerbs(services, (db, book, clock) => new Workspaces(db, book, clock));
    }

    private static void AddVerbs<T>(IServiceCollection services, Func<Db, AccessBook, TimeProvider, T> make)
        where T : class =>
        services.AddSingleton(p =>
            make(p.GetRequiredService<Db>(), p.GetRequiredService<AccessBook>(), p.GetRequiredService<TimeProvider>())
        );
}
