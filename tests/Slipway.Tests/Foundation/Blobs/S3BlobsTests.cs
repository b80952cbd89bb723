using Slipway.Foundation.Blobs;
using Slipway.Tests.Kit;

namespace Slipway.Tests.Foundation.Blobs;

public sealed class S3BlobsTests(S3Server server) : BlobsTests, IAsyncLifetime
{
    private readonly TestFolder folder = new();
    private readonly ManualClock clock = new(TimeProvider.System.GetUtcNow());
    private IBlobs store = null!;

    protected override IBlobs Store => store;

    public async ValueTask InitializeAsync() =>
        store = BlobsAddress.Open(await server.NewAddressAsync(), folder.At("spool"), clock);

    public async ValueTask DisposeAsync()
    {
        await store.DisposeAsync();
        folder.Dispose();
    }
}
