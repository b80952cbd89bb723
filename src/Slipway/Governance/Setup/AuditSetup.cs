using Microsoft.Extensions.DependencyInjection;
using Slipway.Foundation.Basics;
using Slipway.Foundation.Events;
using Slipway.Foundation.Sql;
using Slipway.Governance.Actions;
using Slipway.Governance.Http;

namespace Slipway.Governance.Setup;

public static class AuditSetup
{
    public static Room Room =>
        new("audit")
        {
            Services = services =>
                services.AddSingleton(p => new AuditTrail(
                    p.GetRequiredService<Db>(),
                    p.GetRequiredService<AnchorFile>()
                )),
            Routes = AuditEndpoints.Map,
        };
}
