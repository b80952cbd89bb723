using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Slipway.Foundation.Basics;
using Slipway.Foundation.Blobs;
using Slipway.Foundation.Events;
using Slipway.Foundation.Jobs;
using Slipway.Foundation.Sql;
using Slipway.Identity.Actions;
using Slipway.Tracking.Actions;
using Slipway.Tracking.Cli;
using Slipway.Tracking.Http;
using Slipway.Tracking.Jobs;
using Slipway.Tracking.Storage;

namespace Slipway.Tracking.Setup;

public static class TrackingSetup
{
    public static Room Room =>
        new("tracking")
        {
            Services = AddServices,
            Migrations = new MigrationSet(
                "tracking",
                typeof(TrackingSetup).Assembly,
                "Slipway.Tracking.Storage.Migrations"
            ),
            Routes = app =>
            {
                ExperimentEndpoints.Map(app);
                RunEndpoints.Map(app);
                FollowEndpoint.Map(app);
                LiveEndpoints.Map(app);
                ArtifactEndpoints.Map(app);
                LeftoverEndpoints.Map(app);
                LoggedModelEndpoints.Map(app);
            },
            Middleware = ArtifactEndpoints.RefuseDots,
            Commands = () =>
                [ExperimentCommands.Create(), RunCommands.Create(), ArtifactCommands.Create(), BinCommands.Create()],
            Seed = Experiments.Seed,
            Forget = (services, _) =>
            {
                services.GetRequiredService<MetricNames>().Forget();
                services.GetRequiredService<RunSearch>().Forget();
                return Task.CompletedTask;
            },
        };

    private static void AddServices(IServiceCollection services)
    {
        services.AddSingleton(p => new Quotas(p.GetRequiredService<ServerSettings>().Quotas));
        services.AddSingleton<MetricNames>();
        services.AddSingleton<MetricStore>();
        services.AddSingleton<ModelSeriesStore>();
        services.AddSingleton<SeriesStore>();
        services.AddSingleton<FollowStore>();
        services.AddSingleton<RunSearch>();
        services.AddSingleton<FoldingQueue>();
        services.AddSingleton<RowNumbers>();
        services.AddSingleton<FieldStore>();
        AddVerbs(services);
        services.AddHostedService<MetricFoldingJob>();
        services.AddSingleton(p => new Removals(p.GetRequiredService<JobBoard>(), p.GetServices<IArtifactClaim>));
        services.AddSingleton<ArtifactRemoval>();
        services.AddSingleton(p => p.GetRequiredService<ArtifactRemoval>().FolderKind);
        services.AddSingleton(p => p.GetRequiredService<ArtifactRemoval>().ExperimentKind);
    }

    private static void AddVerbs(IServiceCollection services)
    {
        services.AddSingleton(p => new RunOverview(p.GetRequiredService<Db>(), p.GetRequiredService<FieldStore>()));
        services.AddSingleton(p => new RunChanges(
            p.GetRequiredService<Db>(),
            p.GetRequiredService<RowNumbers>(),
            p.GetRequiredService<TimeProvider>(),
            p.GetRequiredService<ILogger<RunChanges>>()
        ));
        services.AddSingleton(p => new Experiments(
            p.GetRequiredService<Db>(),
            p.GetRequiredService<Grants>(),
            p.GetRequiredService<EventLog>(),
            p.GetRequiredService<Removals>(),
            p.GetRequiredService<Quotas>(),
            p.GetRequiredService<TimeProvider>()
        ));
        services.AddSingleton(p => new Runs(
            p.GetRequiredService<Db>(),
            p.GetRequiredService<Experiments>(),
            p.GetRequiredService<MetricStore>(),
            p.GetRequiredService<ModelSeriesStore>(),
            p.GetRequiredService<SeriesStore>(),
            p.GetRequiredService<FollowStore>(),
            p.GetRequiredService<RunSearch>(),
            p.GetRequiredService<FoldingQueue>(),
            p.GetRequiredService<RowNumbers>(),
            p.GetRequiredService<EventLog>(),
            p.GetRequiredService<Removals>(),
            p.GetRequiredService<Quotas>(),
            p.GetRequiredService<TimeProvider>()
        ));
        services.AddSingleton(p => new LoggedModels(
            p.GetRequiredService<Db>(),
            p.GetRequiredService<ModelSeriesStore>(),
            p.GetRequiredService<RowNumbers>(),
            p.GetRequiredService<EventLog>(),
            p.GetRequiredService<TimeProvider>()
        ));
        services.AddSingleton(p => new Leftovers(
            p.GetRequiredService<Db>(),
            p.GetRequiredService<IBlobs>(),
            p.GetRequiredService<Removals>(),
            p.GetRequiredService<ClockWatch>(),
            p.GetServices<LodgersFolder>()
        ));
        services.AddSingleton(p => new Artifacts(p.GetRequiredService<Db>(), p.GetRequiredService<IBlobs>()));
        services.AddSingleton(p => new Bin(
            p.GetRequiredService<Db>(),
            p.GetRequiredService<Experiments>(),
            p.GetRequiredService<EventLog>(),
            p.GetRequiredService<Removals>(),
            p.GetRequiredService<Quotas>(),
            p.GetRequiredService<ClockWatch>()
        ));
    }
}
