using Microsoft.Extensions.DependencyInjection;
using Slipway.Foundation.Basics;
using Slipway.Foundation.Sql;
using Slipway.Tracing.Actions;

namespace Slipway.Tracing.Setup;

public static class TracingSetup
{
    public static Room Room =>
        new("tracing")
        {
            Services = AddServices,
            Migrations = new MigrationSet(
                "tracing",
                typeof(TracingSetup).Assembly,
                "Slipway.Tracing.Storage.Migrations"
            ),
        };

    private static void AddServices(IServiceCollection services)
    {
        services.AddSingleton(p => new Traces(p.GetRequiredService<Db>()));
        services.AddSingleton(Traces.Folder);
        services.AddSingleton(p => new Assessments(p.GetRequiredService<Db>(), p.GetRequiredService<TimeProvider>()));
    }
}
