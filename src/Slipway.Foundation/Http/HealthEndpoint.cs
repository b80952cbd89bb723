using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Slipway.Foundation.Basics;
using Slipway.Foundation.Sql;
using Slipway.Sdk;

namespace Slipway.Foundation.Http;

/// <summary>
/// GET /api/v1/health: whether the store can be read and written, found out by doing it. A store that can only be read
/// still answers 200 with the status "read_only", because reading goes on.
/// </summary>
public static class HealthEndpoint
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(1);

    public static void Map(IEndpointRouteBuilder routes, string version)
    {
        var gate = new SemaphoreSlim(1);
        (long At, Health Health)? last = null;
        routes.MapGet(
            "/api/v1/health",
            async (Db db, ServerFolder folder, Intake intake, TimeProvider clock) =>
            {
                // Each look is a synced write, so askers within a second share one.
                await gate.WaitAsync();
                try
                {
                    if (last is null || clock.GetElapsedTime(last.Value.At) > Fresh)
                        last = (clock.GetTimestamp(), await LookAsync(db, folder, version));
                    var health = last.Value.Health with { RequestsInside = intake.Inside };
                    return Results.Json(health, statusCode: health.Status == "unavailable" ? 503 : 200);
                }
                finally
                {
                    gate.Release();
                }
            }
        );
    }

    private static async Task<Health> LookAsync(Db db, ServerFolder folder, string version)
    {
        var readable = await TryAsync(() => db.ReadAsync(tx => tx.Horizon()));
        var writable = readable ?? await TryAsync(() => db.WriteAsync(tx => { }));
        return new Health(
            readable is not null ? "unavailable"
                : writable is not null ? "read_only"
                : "ok",
            version,
            db.Dialect.Name,
            ReadOnly: writable is not null,
            readable ?? writable,
            new DriveInfo(folder.Path).AvailableFreeSpace
        );
    }

    /// <summary>Null when the work succeeded, otherwise why not.</summary>
    private static async Task<string?> TryAsync(Func<Task> work)
    {
        try
        {
            await work().WaitAsync(Patience);
            return null;
        }
        catch (Fault fault)
        {
            return fault.Message;
        }
        catch (TimeoutException)
        {
            return "The store does not answer.";
        }
    }

    private sealed record Health(
        string Status,
        string Version,
        string Store,
        bool ReadOnly,
        string? Reason,
        long FreeBytes
    )
    {
        public int RequestsInside { get; init; }
    }
}
