using Microsoft.Extensions.DependencyInjection;
using Slipway.Foundation.Basics;
using Slipway.Foundation.Events;
using Slipway.Foundation.Jobs;
using Slipway.Foundation.Outbound;
using Slipway.Foundation.Sql;
using Slipway.Registry.Actions;
using Slipway.Registry.Jobs;

namespace Slipway.Registry.Setup;

internal static class WebhookServices
{
    public static void Add(IServiceCollection services)
    {
        services.AddSingleton(p => new OutboundClient(p.GetRequiredService<ServerSettings>().AllowPrivateTargets));
        services.AddSingleton(p => new SecretBox(p.GetRequiredService<ServerSettings>().DataPath));
        services.AddSingleton<WebhookSender>();
        services.AddSingleton(p => new Webhooks(
            p.GetRequiredService<Db>(),
            p.GetRequiredService<OutboundClient>(),
            p.GetRequiredService<WebhookSender>(),
            p.GetRequiredService<SecretBox>(),
            p.GetRequiredService<JobBoard>(),
            new RowNumbers(p.GetRequiredService<TimeProvider>()),
            p.GetRequiredService<EventLog>(),
            p.GetRequiredService<TimeProvider>()
        ));
        services.AddSingleton<WebhookDelivery>();
        services.AddSingleton(p => p.GetRequiredService<WebhookDelivery>().Subscription);
        services.AddSingleton(p => p.GetRequiredService<WebhookDelivery>().Kind);
    }
}
