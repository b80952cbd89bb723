using Microsoft.Extensions.DependencyInjection;
using Slipway.Evaluation.Actions;
using Slipway.Foundation.Basics;
using Slipway.Foundation.Events;
using Slipway.Foundation.Sql;
using Slipway.Tracking.Actions;

namespace Slipway.Evaluation.Setup;

public static class EvaluationSetup
{
    public static Room Room =>
        new("evaluation")
        {
            Services = AddServices,
            Migrations = new MigrationSet(
                "evaluation",
                typeof(EvaluationSetup).Assembly,
                "Slipway.Evaluation.Storage.Migrations"
            ),
        };

    private static void AddServices(IServiceCollection services) =>
        services.AddSingleton(p => new EvaluationDatasets(
            p.GetRequiredService<Db>(),
            p.GetRequiredService<Experiments>(),
            new RowNumbers(p.GetRequiredService<TimeProvider>()),
            p.GetRequiredService<EventLog>(),
            p.GetRequiredService<TimeProvider>()
        ));
}
