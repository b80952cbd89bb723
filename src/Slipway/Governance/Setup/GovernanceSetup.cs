using Microsoft.Extensions.DependencyInjection;
using Slipway.Foundation.Basics;
using Slipway.Foundation.Blobs;
using Slipway.Foundation.Events;
using Slipway.Foundation.Jobs;
using Slipway.Foundation.Sql;
using Slipway.Governance.Actions;
using Slipway.Governance.Cli;
using Slipway.Governance.Http;
using Slipway.Governance.Jobs;
using Slipway.Identity.Actions;
using Slipway.Registry;
using Slipway.Registry.Actions;
using Slipway.Tracking.Actions;

namespace Slipway.Governance.Setup;

public static class GovernanceSetup
{
    public static Room Room =>
        new("governance")
        {
            Services = AddServices,
            Migrations = new MigrationSet(
                "governance",
                typeof(GovernanceSetup).Assembly,
                "Slipway.Governance.Storage.Migrations"
            ),
            Routes = app =>
            {
                GovernanceEndpoints.Map(app);
                LineageEndpoints.Map(app);
                CardEndpoints.Map(app);
            },
            Commands = () => [ModelGovernanceCommands.Create(), ModelCardCommands.Create(), PolicyCommands.Create()],
        };

    private static void AddServices(IServiceCollection services)
    {
        services.AddSingleton(p => new GovernedFiles(p.GetRequiredService<IBlobs>()));
        services.AddSingleton(p => new VersionScans(
            p.GetRequiredService<Db>(),
            p.GetRequiredService<ModelVersions>(),
            p.GetRequiredService<GovernedFiles>(),
            p.GetRequiredService<JobBoard>(),
            p.GetRequiredService<EventLog>(),
            p.GetRequiredService<TimeProvider>()
        ));
        services.AddSingleton(p => new Policies(
            p.GetRequiredService<Db>(),
            p.GetRequiredService<EventLog>(),
            p.GetRequiredService<TimeProvider>()
        ));
        services.AddSingleton(p => new Approvals(
            p.GetRequiredService<Db>(),
            p.GetRequiredService<ModelVersions>(),
            p.GetRequiredService<Aliases>(),
            p.GetRequiredService<VersionScans>(),
            p.GetRequiredService<EventLog>(),
            p.GetRequiredService<TimeProvider>()
        ));
        services.AddSingleton(p => new VersionSignatures(
            p.GetRequiredService<Db>(),
            p.GetRequiredService<ModelVersions>(),
            p.GetRequiredService<GovernedFiles>(),
            p.GetRequiredService<EventLog>(),
            p.GetRequiredService<TimeProvider>()
        ));
        AddRecords(services);
        services.AddSingleton<ScanJob>();
        services.AddSingleton(p => p.GetRequiredService<ScanJob>().Listener);
        services.AddSingleton(p => p.GetRequiredService<ScanJob>().Kind);
    }

    private static void AddRecords(IServiceCollection services)
    {
        services.AddSingleton<IPromotionGate>(p => new PromotionRules(
            p.GetRequiredService<VersionScans>(),
            p.GetRequiredService<Standings>(),
            p.GetServices<IEvaluationEvidence>,
            p.GetRequiredService<TimeProvider>()
        ));
        services.AddSingleton<ILineageSource>(p => new ModelLineage(
            p.GetRequiredService<Runs>(),
            p.GetRequiredService<Experiments>(),
            p.GetRequiredService<LoggedModels>(),
            p.GetRequiredService<ModelVersions>()
        ));
        services.AddSingleton(p => new Lineages(p.GetServices<ILineageSource>));
        services.AddSingleton(p => new ModelCards(
            p.GetRequiredService<Db>(),
            p.GetRequiredService<ModelVersions>(),
            p.GetRequiredService<RegisteredModels>(),
            p.GetRequiredService<Runs>(),
            p.GetRequiredService<EventLog>(),
            p.GetRequiredService<TimeProvider>()
        ));
        services.AddSingleton(p => new ModelBom(
            p.GetRequiredService<ModelCards>(),
            p.GetRequiredService<ModelVersions>(),
            p.GetRequiredService<GovernedFiles>(),
            p.GetRequiredService<TimeProvider>()
        ));
    }
}
