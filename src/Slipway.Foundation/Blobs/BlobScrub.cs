using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using Slipway.Foundation.Events;
using Slipway.Foundation.Jobs;
using Slipway.Foundation.Sql;
using Slipway.Sdk;

namespace Slipway.Foundation.Blobs;

/// <summary>
/// Reads every blob to find the damaged ones before somebody needs them. It goes over the folder once a day, at a pace
/// that leaves three quarters of the time to others; a bucket looks after itself.
/// </summary>
public sealed class BlobScrub(IBlobs blobs, Db db, EventLog events, TimeProvider clock, ILogger<BlobScrub> log)
{
    public const string DamageFound = "blob.damaged";
    private const int RestPerWork = 3;

    public JobKind Kind =>
        new("blobs.scrub", (_, cancellation) => PassAsync(cancellation)) { Every = TimeSpan.FromDays(1) };

    /// <summary>The blobs whose content is not what their digest says.</summary>
    public async IAsyncEnumerable<BlobPath> FindDamagedAsync(
        [EnumeratorCancellation] CancellationToken cancellation = default
    )
    {
        await foreach (var entry in blobs.WalkAsync(BlobPath.Root, cancellation))
        {
            var began = clock.GetTimestamp();
            if (await IsDamagedAsync(blobs, entry.Path, cancellation))
                yield return entry.Path;
            await Task.Delay(clock.GetElapsedTime(began) * RestPerWork, clock, cancellation);
        }
    }

    /// <summary>Reads a blob to its end; true where that is not what was stored.</summary>
    public static async Task<bool> IsDamagedAsync(IBlobs blobs, BlobPath path, CancellationToken cancellation = default)
    {
        try
        {
            await using var content = await blobs.OpenAsync(path, cancellation: cancellation);
            await content.Stream.CopyToAsync(Stream.Null, cancellation);
            return false;
        }
        catch (Fault fault)
        {
            // Gone or replaced since it was listed, or out of reach for now: the next pass sees it again.
            return fault.Kind == FaultKind.Internal;
        }
    }

    private async Task PassAsync(CancellationToken cancellation)
    {
        if (blobs is not FolderBlobs)
            return;
        await foreach (var path in FindDamagedAsync(cancellation))
        {
            log.LogError("{Path} is damaged: restore it from a backup", path);
            await db.WriteAsync(tx => events.Append(tx, new Event(DamageFound, "blob", path.Value)), cancellation);
        }
    }
}
