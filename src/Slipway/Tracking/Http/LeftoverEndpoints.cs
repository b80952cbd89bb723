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
        app.MapApi("POST", "/api/v1/leftovers/clear", here.Clear);
    }

    private async Task Clear(ApiCall call)
    {
        var request = await call.ReadAsync(TrackingJson.Default.PurgeRequest);
        var cleared = await leftovers.ClearAsync(
            Caller.Of(call.Http.User),
            request.DeletedBeforeMs,
            request.DryRun,
            call.Cancellation
        );
        await call.AnswerAsync(
            TrackingJson.Default.LeftoversResult,
            new LeftoversResult
            {
                Folders = cleared.Folders,
                Files = cleared.Files,
                Bytes = cleared.Bytes,
            }
        );
    }
}
