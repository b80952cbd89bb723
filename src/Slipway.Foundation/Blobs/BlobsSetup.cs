using Microsoft.Extensions.DependencyInjection;
using Slipway.Foundation.Basics;

namespace Slipway.Foundation.Blobs;

/// <summary>Offers the store of blobs that the server was told to use.</summary>
public static class BlobsSetup
{
    public static Room Room =>
        new("blobs")
        {
            Services = services =>
            {
                services.AddSingleton(p =>
                    BlobsAddress.Open(
                        p.GetRequiredService<ServerSettings>().Blobs,
                        p.GetRequiredService<ServerFolder>().Path,
                        p.GetRequiredService<TimeProvider>()
                    )
                );
                services.AddHostedService<BlobSweepJob>();
                services.AddSingleton<BlobScrub>();
                services.AddSingleton(p => p.GetRequiredService<BlobScrub>().Kind);
            },
            Forget = (services, cancellation) =>
                services.GetRequiredService<IBlobs>().DeleteAsync(BlobPath.Root, cancellation),
        };
}
