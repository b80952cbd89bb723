using Microsoft.Extensions.DependencyInjection;
using Slipway.Foundation.Basics;
using Slipway.Foundation.Blobs;
using Slipway.Foundation.Events;
using Slipway.Foundation.Jobs;
using Slipway.Foundation.Sql;
using Slipway.Identity.Actions;
using Slipway.Registry.Actions;
using Slipway.Registry.Cli;
using Slipway.Registry.Http;
using Slipway.Tracking;
using Slipway.Tracking.Actions;

namespace Slipway.Registry.Setup;

public static class RegistrySetup
{
    public static Room Room =>
        new("registry")
        {
            Services = AddServices,
            Migrations = new MigrationSet(
                "registry",
                typeof(RegistrySetup).Assembly,
                "Slipway.Registry.Storage.Migrations"
            ),
            Routes = app =>
            {
                ModelEndpoints.Map(app);
                VersionEndpoints.Map(app);
                WebhookEndpoints.Map(app);
            },
            Commands = () => [ModelCommands.Create(), WebhookCommands.Create()],
        };

    private static void AddServices(IServiceCollection services)
    {
        WebhookServices.Add(services);
        services.AddSingleton(p => new PromotionGates(p.GetServices<IPromotionGate>));
        services.AddSingleton(p => new RegisteredModels(
            p.GetRequiredService<Db>(),
            p.GetRequiredService<Grants>(),
            new RowNumbers(p.GetRequiredService<TimeProvider>()),
            p.GetRequiredService<EventLog>(),
            p.GetRequiredService<TimeProvider>()
        ));
        services.AddSingleton(p => new Aliases(
            p.GetRequiredService<Db>(),
            p.GetRequiredService<PromotionGates>(),
            p.GetRequiredService<EventLog>(),
            p.GetRequiredService<TimeProvider>()
        ));
        services.AddSingleton(p => new ModelVersions(
            p.GetRequiredService<Db>(),
            p.GetRequiredService<PromotionGates>(),
            p.GetRequiredService<Aliases>(),
            p.GetRequiredService<VersionSurvey>(),
            p.GetRequiredService<JobBoard>(),
            p.GetRequiredService<EventLog>(),
            p.GetRequiredService<TimeProvider>()
        ));
        services.AddSingleton(p => new ModelFiles(
            p.GetRequiredService<Db>(),
            p.GetRequiredService<IBlobs>(),
            p.GetRequiredService<Artifacts>()
        ));
        services.AddSingleton<IArtifactClaim, VersionClaim>();
        services.AddSingleton<VersionSurvey>();
        services.AddSingleton<FileNotes>();
        services.AddSingleton(p => new JobKind(FileNotes.JobName, p.GetRequiredService<FileNotes>().WorkAsync));
    }
}
