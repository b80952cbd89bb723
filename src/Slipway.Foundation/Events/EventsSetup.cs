using Microsoft.Extensions.DependencyInjection;
using Slipway.Foundation.Basics;
using Slipway.Foundation.Sql;

namespace Slipway.Foundation.Events;

/// <summary>Offers the record of events; rooms that listen add an <see cref="EventSubscription"/> to the services.</summary>
public static class EventsSetup
{
    public static Room Room =>
        new("events")
        {
            Services = services =>
            {
                services.AddSingleton<EventLog>();
                services.AddSingleton(p => new AnchorFile(p.GetRequiredService<ServerFolder>().AnchorFile));
                services.AddHostedService<EventPumpJob>();
            },
            Migrations = new MigrationSet(
                "events",
                typeof(EventsSetup).Assembly,
                "Slipway.Foundation.Events.Migrations"
            ),
            Seed = (tx, _) => ChainStore.Seed(tx),
            Forget = (services, _) =>
            {
                services.GetRequiredService<AnchorFile>().Clear();
                return Task.CompletedTask;
            },
        };
}
