using System.Net.Sockets;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Slipway.Foundation.Basics;
using Slipway.Foundation.Console;
using Slipway.Foundation.Http;
using Slipway.Foundation.Sql;
using Slipway.Foundation.Telemetry;
using Slipway.Identity;
using Slipway.Sdk;

namespace Slipway.Host;

/// <summary>
/// Puts a server together from its rooms and runs it to its end. The builder is the empty one: no configuration files
/// of the folder it happens to be started in, no watchers on that folder, nothing on the start-up path that is not named here.
/// </summary>
internal static class Server
{
    /// <summary>Runs until a signal ends it, or until what is done with the started server says that it is enough.</summary>
    public static async Task<int> RunAsync(
        ServerSettings settings,
        IReadOnlyList<Room> rooms,
        Func<string, Task<bool>>? whenStarted = null
    )
    {
        await using var store = OpenedStore.Open(settings);
        store.Db.OnWriteFailed = (failure, e) =>
        {
            if (failure == StoreFailure.Full)
                store.Reserve?.GiveBack();
            if (failure == StoreFailure.NotDurable)
                EndAsNotDurable(e);
        };
        using var metrics = new MetricBook();
        using var process = new RuntimeMeter(TimeProvider.System);
        using var export = OtlpExport.StartIfAsked(ProductVersion.Text);
        // The store and the server are made ready side by side: it is the greater part of the time a start takes.
        var storeIsReady = Task.Run(() => store.PrepareAsync(rooms));
        await using var app = Build(settings, rooms, store, metrics);
        await storeIsReady;
        foreach (var room in rooms.Where(room => room.Start is not null))
            await room.Start!(app.Services, CancellationToken.None);
        await ListenAsync(app, settings);
        Say($"Slipway {ProductVersion.Text} listens on {app.Urls.First()}, data in {store.Folder.Path}");
        if (settings.AllowReset)
            Say("POST /api/v1/testing/reset deletes everything: --allow-reset is set.");
        if (whenStarted is not null && !await whenStarted(app.Urls.First()))
            await app.StopAsync();
        else
            await app.WaitForShutdownAsync();
        return ExitCodes.Done;
    }

    internal static WebApplication Build(
        ServerSettings settings,
        IReadOnlyList<Room> rooms,
        OpenedStore store,
        MetricBook metrics
    )
    {
        var builder = WebApplication.CreateEmptyBuilder(
            new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory }
        );
        builder.WebHost.UseKestrelCore();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            Limits.Apply(kestrel);
            kestrel.Listen(settings.Listen, new ConnectionCap(Limits.Connections()).Use);
        });
        AddLog(builder.Logging);
        builder.Services.AddRoutingCore();
        builder.Services.AddSingleton(new Intake(Limits.RequestsInside));
        builder.Services.AddHostedService<Drain>();
        builder.Services.Configure<HostOptions>(host =>
            host.ShutdownTimeout = Drain.Patience + TimeSpan.FromSeconds(3)
        );
        builder.Services.ConfigureHttpJsonOptions(json =>
            json.SerializerOptions.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower
        );
        store.AddTo(builder.Services, settings, rooms);

        var app = builder.Build();
        if (OtlpExport.IsAsked)
            OtlpExport.DescribeRequests(app);
        app.Services.GetRequiredService<Intake>().Use(app);
        TrustedProxies.Use(app, settings.TrustedProxies);
        new BrowserGuard(settings.AllowedHosts, settings.AllowedOrigins).Use(app);
        app.UseProblems();
        Limits.RefuseAmbiguousBodies(app);
        app.UseRouting();
        Limits.RefuseLongBodies(app);
        foreach (var room in rooms)
            room.Middleware?.Invoke(app);
        if (settings.RequestsPerSecond is { } rate)
            new RateLimit(rate, CallerOf).Use(app);
        foreach (var room in rooms)
            room.Routes?.Invoke(app);
        MetricsEndpoint.Map(app, metrics);
        HealthEndpoint.Map(app, ProductVersion.Text);
        OpenApiDocument.Map(app);
        if (settings.AllowReset)
            TestingReset.Map(app, rooms);
        app.UseEndpoints(_ => { });
        return app;
    }

    private static string CallerOf(HttpContext context) =>
        $"{(context.User as CallerPrincipal)?.Caller.User} {context.Connection.RemoteIpAddress}";

    private static async Task ListenAsync(WebApplication app, ServerSettings settings)
    {
        try
        {
            await app.StartAsync();
        }
        catch (Exception e) when (e is SocketException or IOException { InnerException: AddressInUseException })
        {
            throw new Fault(
                FaultKind.Unavailable,
                "setup.listen",
                $"The server cannot listen on {settings.Listen}: {e.GetBaseException().Message}",
                "Stop what uses that address, or choose another: --listen HOST:PORT"
            );
        }
    }

    private static void AddLog(ILoggingBuilder log)
    {
        log.AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ ";
            console.UseUtcTimestamp = true;
        });
        log.SetMinimumLevel(LogLevel.Information);
        log.AddFilter("Microsoft", LogLevel.Warning);
    }

    /// <summary>Whoever should read it may be gone, or its disk full: the server works all the same.</summary>
    private static void Say(string text)
    {
        try
        {
            Console.Out.WriteLine(text);
        }
        catch (IOException)
        {
            // There is nobody to tell.
        }
    }

    /// <summary>After a failed sync nobody knows what the disk holds; only a new process that reads it again can.</summary>
    private static void EndAsNotDurable(Exception e)
    {
        Console.Error.WriteLine(
            $"slipway: the disk did not keep a write ({e.Message}). The server ends, so that the next start reads what the disk holds. Check the disk."
        );
        Environment.Exit(ExitCodes.NotDurable);
    }
}
