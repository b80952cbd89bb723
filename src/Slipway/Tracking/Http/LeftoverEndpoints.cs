using System.ComponentModel;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Slipway.Foundation.Http;
using Slipway.Identity;
using Slipway.Sdk.Tracking;
using Leftovers = Slipway.Tracking.Actions.Leftovers;

namespace Slipway.Tracking.Http;

/// <summary>The native API of what purging left behind.</summary>
internal sealed class LeftoverEndpoints(Leftovers leftovers)
{
    public static void Map(IEndpointRouteBuilder app)
    {
        var here = new LeftoverEndpoints(app.ServiceProvider.GetRequiredService<Leftovers>());
        var api = new ApiRoutes(app, TrackingJson.Default);
        api.Map<PurgeRequest, LeftoversResult>("POST", "/api/v1/leftovers/clear", here.Clear);
    }

    [Description("Removes files that purging left behind and that nothing names.")]
    private async Task<LeftoversResult> Clear(ApiCall call, PurgeRequest request)
    {
        var cleared = await leftovers.ClearAsync(
            Caller.Of(call.Http.User),
            request.DeletedBeforeMs,
            request.DryRun,
            call.Cancellation
        );
        return new LeftoversResult
        {
            Folders = cleared.Folders,
            Files = cleared.Files,
            Bytes = cleared.Bytes,
        };
    }
}
