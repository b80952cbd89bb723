using System.Buffers;
using System.ComponentModel;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Slipway.Foundation.Http;
using Slipway.Identity;
using Slipway.Sdk.Tracking;
using Runs = Slipway.Tracking.Actions.Runs;

namespace Slipway.Tracking.Http;

/// <summary>
/// Live updates of a run as server-sent events, each a record as JSON. A stream ends after some minutes, and browsers and
/// the client of the Sdk come back by themselves: so a token that was revoked does not read on for days.
/// </summary>
internal sealed class FollowEndpoint(Runs runs, IHostApplicationLifetime lifetime, TimeProvider clock)
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(5);
    private static readonly ApiQuery<IReadOnlyList<string>> Metrics = ApiQuery.Many(
        "key",
        "The metrics; all without it."
    );
    private static readonly ApiQuery<int> MaxPoints = ApiQuery.Whole(
        "max_points",
        "How many points come of what is there already.",
        fallback: 1000,
        least: 1,
        most: Runs.SeriesPointLimit
    );

    public static void Map(IEndpointRouteBuilder app)
    {
        var services = app.ServiceProvider;
        var here = new FollowEndpoint(
            services.GetRequiredService<Runs>(),
            services.GetRequiredService<IHostApplicationLifetime>(),
            services.GetRequiredService<TimeProvider>()
        );
        var api = new ApiRoutes(app, TrackingJson.Default);
        api.Map("GET", "/api/v1/runs/{id}/live", here.Follow).Asks(Metrics, MaxPoints).GivesEvents<RunUpdate>();
    }

    [Description("A run as it goes on: what is there already, then each change as it happens.")]
    private async Task Follow(ApiCall call)
    {
        BrowserGuard.RefuseForeignPage(call.Http);
        using var limit = new CancellationTokenSource(Longest, clock);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(
            call.Cancellation,
            lifetime.ApplicationStopping,
            limit.Token
        );
        var points = call.Query(MaxPoints);
        var caller = Caller.Of(call.Http.User);
        try
        {
            await foreach (
                var news in runs.FollowAsync(caller, call.Route("id"), call.Query(Metrics), points, end.Token)
            )
                await SendAsync(call.Http.Response, news, end.Token);
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            // The stream has had its time, or there is nobody left to read or to write it.
        }
    }

    private static async Task SendAsync(HttpResponse response, RunNews news, CancellationToken cancellation)
    {
        if (!response.HasStarted)
        {
            response.ContentType = "text/event-stream";
            response.Headers.CacheControl = "no-store";
            // A proxy that gathers a buffer first would make the stream anything but live.
            response.Headers["X-Accel-Buffering"] = "no";
            response.HttpContext.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        }
        response.BodyWriter.Write(news.IsEmpty ? ":\n\n"u8 : "data: "u8);
        if (!news.IsEmpty)
        {
            var update = new RunUpdate
            {
                Run = news.Run is null ? null : Shapes.Of(news.Run),
                Series = [.. news.Series.Select(s => Shapes.Series(s.RunId, s.Key, s.Total, s.Points))],
                Points = [.. news.Points.Select(s => Shapes.Series(s.RunId, s.Key, s.Total, s.Points))],
            };
            response.BodyWriter.Write(JsonSerializer.SerializeToUtf8Bytes(update, TrackingJson.Default.RunUpdate));
            response.BodyWriter.Write("\n\n"u8);
        }
        await response.BodyWriter.FlushAsync(cancellation);
    }
}
