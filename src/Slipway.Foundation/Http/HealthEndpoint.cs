using System.ComponentModel;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
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
        var services = routes.ServiceProvider;
        var (db, folder) = (services.GetRequiredService<Db>(), services.GetRequiredService<ServerFolder>());
        var (intake, clock) = (services.GetRequiredService<Intake>(), services.GetRequiredService<TimeProvider>());
        [Description("Whether the store can be read and written, found out by doing it.")]
        async Task<Health> Get(ApiCall call)
        {
            // Each look is a synced write, so askers within a second share one.
            await gate.WaitAsync(call.Cancellation);
            try
            {
                if (last is null || clock.GetElapsedTime(last.Value.At) > Fresh)
                    last = (clock.GetTimestamp(), await LookAsync(db, folder, version));
                var health = last.Value.Health with { RequestsInside = intake.Inside };
                if (health.Status == HealthStatus.Unavailable)
                    call.Http.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
                return health;
            }
            finally
            {
                gate.Release();
            }
        }
        new ApiRoutes(routes, ServerRecords.Default).Map<Health>("GET", "/api/v1/health", Get).MayBeUnavailable();
    }

    private static async Task<Health> LookAsync(Db db, ServerFolder folder, string version)
    {
        var readable = await TryAsync(() => db.ReadAsync(tx => tx.Horizon()));
        var mayLose = false;
        readable ??= await TryAsync(async () => mayLose = await db.ReadAsync(MayLose));
        var writable = readable ?? await TryAsync(() => db.WriteAsync(tx => { }));
        return new Health
        {
            Status =
                readable is not null ? HealthStatus.Unavailable
                : writable is not null ? HealthStatus.ReadOnly
                : HealthStatus.Ok,
            Version = version,
            Store = db.Dialect.Name,
            ReadOnly = writable is not null,
            Reason = readable ?? writable,
            FreeBytes = new DriveInfo(folder.Path).AvailableFreeSpace,
            FailoverMayLose = mayLose,
        };
    }

    private static bool MayLose(Tx tx) =>
        tx.Dialect.Upkeep.LaggardsQuery is { } query && tx.One(query, r => r.Long(0)) > 0;

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
}

/// <summary>Whether the store can be used.</summary>
public enum HealthStatus
{
    /// <summary>It can be read and written.</summary>
    Ok,

    /// <summary>It can be read.</summary>
    ReadOnly,

    /// <summary>It cannot be read.</summary>
    Unavailable,
}

/// <summary>How the server is.</summary>
public sealed record Health
{
    /// <summary>Whether the store can be used.</summary>
    public required HealthStatus Status { get; init; }

    /// <summary>Which release this is.</summary>
    public required string Version { get; init; }

    /// <summary>The database it stores in: sqlite or postgres.</summary>
    public required string Store { get; init; }

    /// <summary>Whether nothing can be written.</summary>
    public required bool ReadOnly { get; init; }

    /// <summary>Why not all is well; null where it is.</summary>
    public string? Reason { get; init; }

    /// <summary>What is free on the disk of the data folder.</summary>
    public required long FreeBytes { get; init; }

    /// <summary>Calls that are being answered.</summary>
    public int RequestsInside { get; init; }

    /// <summary>Whether a standby follows the database whose commits do not wait for it.</summary>
    public bool FailoverMayLose { get; init; }
}

/// <summary>The records of the server itself as JSON.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [typeof(HealthStatusConverter)]
)]
[JsonSerializable(typeof(Health))]
public sealed partial class ServerRecords : JsonSerializerContext;

internal sealed class HealthStatusConverter()
    : JsonStringEnumConverter<HealthStatus>(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false);
