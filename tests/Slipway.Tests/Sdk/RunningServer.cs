using Slipway.Sdk;
using Slipway.Tests.Kit;

namespace Slipway.Tests.Sdk;

/// <summary>One server for the tests of a class, with a client of it.</summary>
public sealed class RunningServer : IAsyncLifetime
{
    private readonly ApiContract contract = new(new SocketsHttpHandler());

    public SlipwayProcess Process { get; private set; } = null!;

    public SlipwayClient Client { get; private set; } = null!;

    public TestFolder Spool { get; } = new();

    public async ValueTask InitializeAsync()
    {
        Process = await SlipwayProcess.StartAsync();
        Client = ClientWith(new SlipwayClientOptions());
    }

    public SlipwayClient ClientWith(SlipwayClientOptions options) =>
        new(
            Process.Address,
            options with
            {
                Handler = options.Handler ?? contract,
                Logging = options.Logging with { SpoolFolder = Spool.Path },
            }
        );

    public async ValueTask DisposeAsync()
    {
        await Client.DisposeAsync();
        await Process.DisposeAsync();
        contract.Dispose();
        Spool.Dispose();
    }
}
