using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Slipway.Foundation.Basics;
using Slipway.Foundation.Telemetry;
using Slipway.Host;

namespace Slipway.Tests.Kit;

/// <summary>
/// The whole server inside the test's own process, on a free port: for tests that look at its table of routes or at its
/// services while they talk to it.
/// </summary>
internal sealed class ServerInside : IAsyncDisposable
{
    private readonly TestFolder folder;
    private readonly OpenedStore store;
    private readonly MetricBook metrics;
    private readonly WebApplication app;

    private ServerInside(TestFolder folder, OpenedStore store, MetricBook metrics, WebApplication app)
    {
        this.folder = folder;
        this.store = store;
        this.metrics = metrics;
        this.app = app;
        Address = new Uri(app.Urls.First());
    }

    public Uri Address { get; }

    public string DataPath => folder.Path;

    public IServiceProvider Services => app.Services;

    /// <summary>Every route there is, as the program registers them.</summary>
    public IReadOnlyList<RouteEndpoint> Routes =>
        [.. Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()];

    /// <summary>Starts a server; what has to be there before it listens (a first user) is prepared on its services.</summary>
    public static async Task<ServerInside> StartAsync(
        bool login,
        Func<IServiceProvider, Task>? prepare = null,
        TimeProvider? clock = null
    )
    {
        var dataFolder = new TestFolder();
        var settings = new ServerSettings
        {
            DataPath = dataFolder.Path,
            Listen = new IPEndPoint(IPAddress.Loopback, 0),
            Login = login,
        };
        var opened = OpenedStore.Open(settings, clock);
        var book = new MetricBook();
        await opened.PrepareAsync(Rooms.All);
        var built = Server.Build(settings, Rooms.All, opened, book);
        if (prepare is not null)
            await prepare(built.Services);
        foreach (var room in Rooms.All.Where(room => room.Start is not null))
            await room.Start!(built.Services, CancellationToken.None);
        await built.StartAsync();
        return new ServerInside(dataFolder, opened, book, built);
    }

    /// <summary>A client that signs in so with every request, or not at all.</summary>
    public HttpClient Client(string? user = null, string? password = null) =>
        new(new ApiContract(new SocketsHttpHandler { AllowAutoRedirect = false }))
        {
            BaseAddress = Address,
            DefaultRequestHeaders = { Authorization = user is null ? null : Basic(user, password!) },
        };

    public static AuthenticationHeaderValue Basic(string user, string password) =>
        new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}")));

    public async ValueTask DisposeAsync()
    {
        await app.StopAsync();
        await app.DisposeAsync();
        metrics.Dispose();
        await store.DisposeAsync();
        folder.Dispose();
    }
}
