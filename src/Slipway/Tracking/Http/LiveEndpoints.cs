using System.Buffers;
using System.ComponentModel;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Slipway.Foundation.Http;
using Slipway.Identity;
using Slipway.Sdk.Tracking;
using Slipway.Tracking.Actions;

namespace Slipway.Tracking.Http;

/// <summary>
/// News of experiments as server-sent events. They say what changed and not what it is now: who looks asks for what it
/// shows. A connection lives for some minutes, then the browser opens the next, so that rights are asked for again.
/// </summary>
internal sealed class LiveEndpoints(RunChanges changes, Intake intake, TimeProvider clock)
{
    private static readonly TimeSpan Life = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(15);
    private static readonly ApiQuery<string> Followed = ApiQuery.Required(
        "experiments",
        "Their ids, with commas between."
    );
    private static readonly byte[] Opening = "retry: 500\n: open\n\n"u8.ToArray();
    private static readonly byte[] StillHere = ":\n\n"u8.ToArray();

    public static void Map(IEndpointRouteBuilder app)
    {
        var services = app.ServiceProvider;
        var here = new LiveEndpoints(
            services.GetRequiredService<RunChanges>(),
            services.GetRequiredService<Intake>(),
            services.GetRequiredService<TimeProvider>()
        );
        var api = new ApiRoutes(app, TrackingJson.Default);
        api.Map("GET", "/api/v1/live", here.Follow).Asks(Followed).GivesEvents<Sdk.Tracking.ExperimentNews>();
    }

    [Description("News of some experiments: which of their runs changed, as it happens.")]
    private async Task Follow(ApiCall call)
    {
        BrowserGuard.RefuseForeignPage(call.Http);
        var ids = call.Query(Followed).Split(',').Select(Shapes.ExperimentId).ToList();
        using var life = new CancellationTokenSource(Life, clock);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(call.Cancellation, life.Token, intake.Ending);
        var caller = Caller.Of(call.Http.User);
        await using var news = changes.FollowAsync(caller, ids, end.Token).GetAsyncEnumerator(end.Token);
        // A refusal comes here, while the answer can still be any other.
        await news.MoveNextAsync();
        var response = call.Http.Response;
        response.ContentType = "text/event-stream";
        response.Headers.CacheControl = "no-store";
        // A proxy that gathers a buffer first would make the stream anything but live.
        response.Headers["X-Accel-Buffering"] = "no";
        call.Http.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        var next = news.MoveNextAsync().AsTask();
        try
        {
            await SendAsync(response, Opening, end.Token);
            while (true)
            {
                if (await Task.WhenAny(next, Task.Delay(Silence, clock, end.Token)) != next)
                {
                    end.Token.ThrowIfCancellationRequested();
                    await SendAsync(response, StillHere, end.Token);
                    continue;
                }
                if (!await next)
                    return;
                await SendAsync(response, Write(news.Current), end.Token);
                next = news.MoveNextAsync().AsTask();
            }
        }
        catch (OperationCanceledException)
        {
            // The viewer has gone, the time is up, or the server ends: each ends the answer where it is.
        }
        finally
        {
            await end.CancelAsync();
            await ((Task)next).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static byte[] Write(IReadOnlyList<Tracking.ExperimentNews> all)
    {
        var text = new ArrayBufferWriter<byte>();
        foreach (var news in all)
        {
            text.Write("event: runs\ndata: "u8);
            using (var json = new Utf8JsonWriter(text))
                JsonSerializer.Serialize(json, Shapes.Of(news), TrackingJson.Default.ExperimentNews);
            text.Write("\n\n"u8);
        }
        return text.WrittenSpan.ToArray();
    }

    private static async Task SendAsync(HttpResponse response, byte[] bytes, CancellationToken cancellation)
    {
        await response.Body.WriteAsync(bytes, cancellation);
        await response.Body.FlushAsync(cancellation);
    }
}
