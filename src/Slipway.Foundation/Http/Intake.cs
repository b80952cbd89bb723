using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Slipway.Sdk;

namespace Slipway.Foundation.Http;

/// <summary>
/// The outermost guard: counts the requests inside, turns away what exceeds the limit, and, once the server is to end,
/// turns away everything new while those inside finish. Turning away costs next to nothing, so the work that is let in
/// keeps its pace however much is asked for.
/// </summary>
public sealed class Intake(int limit) : IDisposable
{
    private static readonly Fault Full = new(
        FaultKind.Unavailable,
        "server.overloaded",
        "The server has more requests than it can take at the moment."
    )
    {
        RetryAfter = TimeSpan.FromSeconds(1),
    };

    private static readonly Fault Stopping = new(
        FaultKind.Unavailable,
        "server.stopping",
        "The server is stopping and takes no new requests."
    )
    {
        RetryAfter = TimeSpan.FromSeconds(5),
    };

    private readonly TaskCompletionSource empty = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int inside;
    private long turnedAway;
    private readonly CancellationTokenSource ending = new();
    private volatile bool draining;

    public int Inside => Volatile.Read(ref inside);

    public long TurnedAway => Volatile.Read(ref turnedAway);

    /// <summary>Tells answers that would go on for as long as somebody listens that the server is to end.</summary>
    public CancellationToken Ending => ending.Token;

    public void Use(IApplicationBuilder app) =>
        app.Use(next =>
            async context =>
            {
                var admitted = Interlocked.Increment(ref inside) <= limit && !draining;
                try
                {
                    await (admitted ? next(context) : TurnAwayAsync(context));
                }
                finally
                {
                    if (Interlocked.Decrement(ref inside) == 0 && draining)
                        empty.TrySetResult();
                }
            }
        );

    /// <summary>Takes nothing new; completes when the last request inside has its answer, the time is up, or it shall wait no longer.</summary>
    public async Task DrainAsync(TimeSpan patience, TimeProvider clock, CancellationToken hurry = default)
    {
        draining = true;
        await ending.CancelAsync();
        if (Inside == 0)
            return;
        try
        {
            await empty.Task.WaitAsync(patience, clock, hurry);
        }
        catch (Exception e) when (e is TimeoutException or OperationCanceledException)
        {
            // Those still inside had their time; the server closes their connections.
        }
    }

    public void Dispose() => ending.Dispose();

    private Task TurnAwayAsync(HttpContext context)
    {
        Interlocked.Increment(ref turnedAway);
        if (draining)
            context.Response.OnStarting(CloseConnection, context.Response);
        return Problems.WriteAsync(context, draining ? Stopping : Full);
    }

    private static Task CloseConnection(object response)
    {
        ((HttpResponse)response).Headers.Connection = "close";
        return Task.CompletedTask;
    }
}
