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
                {
                    var folder = p.GetRequiredService<ServerFolder>();
                    return BlobsAddress.Open(
                        p.GetRequiredService<ServerSettings>().Blobs ?? folder.BlobFolder,
                        Path.Combine(folder.Path, "uploads"),
                        p.GetRequiredService<TimeProvider>()
                    );
                });
                services.AddHostedService<BlobSweepJob>();
            },
            Forget = (services, cancellation) =>
                services.GetRequiredService<IBlobs>().DeleteAsync(BlobPath.Root, cancellation),
        };
}
