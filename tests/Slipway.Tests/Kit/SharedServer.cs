namespace Slipway.Tests.Kit;

/// <summary>One real server for all tests of a class that do not mind each other.</summary>
public sealed class SharedServer : IAsyncLifetime
{
    public SlipwayProcess Process { get; private set; } = null!;

    public HttpClient Http => Process.Http;

    public async ValueTask InitializeAsync() => Process = await SlipwayProcess.StartAsync();

    public ValueTask DisposeAsync() => Process.DisposeAsync();
}
