using System.Text.Json;
using Slipway.Foundation.Blobs;
using Slipway.Foundation.Events;
using Slipway.Foundation.Sql;
using Slipway.Sdk;

namespace Slipway.Foundation.Backup;

/// <summary>What a finished backup tells whoever asked for it.</summary>
public sealed record BackupReport(
    string Path,
    string Digest,
    long TakenMs,
    long StoreBytes,
    long BlobCount,
    long BlobBytes,
    IReadOnlyList<string> Damaged
);

/// <summary>
/// Copies everything that is stored, beside a server that goes on writing: first the rows, as they are at one moment,
/// then the blobs, so that whatever a row in the backup speaks of was stored before it is copied.
/// </summary>
public sealed class StoreBackup(
    Dialect dialect,
    IBlobs blobs,
    IEnumerable<MigrationSet> sets,
    string anchorFile,
    string version,
    TimeProvider clock
)
{
    private const string BlobDamage = "blob.damaged";

    /// <summary>How much there is to copy, the rows not counted.</summary>
    public async Task<long> BlobBytesAsync(CancellationToken cancellation = default)
    {
        var bytes = 0L;
        await foreach (var entry in blobs.WalkAsync(BlobPath.Root, cancellation))
            bytes += entry.SizeBytes ?? 0;
        return bytes;
    }

    /// <summary>Takes the backup and reports how many bytes of blobs are copied.</summary>
    public async Task<BackupReport> TakeAsync(
        string path,
        IProgress<long>? progress = null,
        CancellationToken cancellation = default
    )
    {
        await using var target = BackupTarget.Create(path);
        var takenMs = clock.GetUtcNow().ToUnixTimeMilliseconds();
        // Anchors before rows: an anchor taken in between would not be in the record.
        var (migrations, anchor) = Db.ReadOnce(
            dialect,
            tx => (Migrations.Applied(tx), ChainVerifier.HeadAnchor(tx)?.ToString())
        );
        var parts = new List<BackupPart>();
        if (File.Exists(anchorFile))
        {
            await using var anchors = File.OpenRead(anchorFile);
            parts.Add(await target.AddAsync(BackupManifest.AnchorFile, anchors, cancellation));
        }
        await AddStoreAsync(target, parts, cancellation);
        var storeBytes = parts.Sum(part => part.SizeBytes);
        var copied = await AddBlobsAsync(target, progress, cancellation);
        parts.Add(copied.Index);
        var manifest = new BackupManifest
        {
            Version = version,
            TakenMs = takenMs,
            Database = dialect.Name,
            Migrations = migrations,
            Anchor = anchor,
            Parts = parts,
            BlobCount = copied.Count,
            BlobBytes = copied.Bytes,
            Damaged = copied.Damaged,
        };
        using var json = new MemoryStream(manifest.ToJson());
        var written = await target.AddAsync(BackupManifest.FileName, json, cancellation);
        target.Complete();
        return new BackupReport(
            Path.GetFullPath(path),
            written.Sha256,
            takenMs,
            storeBytes,
            copied.Count,
            copied.Bytes,
            copied.Damaged
        );
    }

    private async Task AddStoreAsync(BackupTarget target, List<BackupPart> parts, CancellationToken cancellation)
    {
        var folder = Directory.CreateDirectory(Path.Combine(target.Workroom, "rows")).FullName;
        dialect.Upkeep.Dump.Write(folder, Migrations.TablesOf(sets));
        foreach (var file in Directory.GetFiles(folder).Order(StringComparer.Ordinal))
        {
            await using (var content = File.OpenRead(file))
                parts.Add(
                    await target.AddAsync(BackupManifest.StoreFolder + Path.GetFileName(file), content, cancellation)
                );
            File.Delete(file);
        }
    }

    private async Task<CopiedBlobs> AddBlobsAsync(
        BackupTarget target,
        IProgress<long>? progress,
        CancellationToken cancellation
    )
    {
        var index = Path.Combine(target.Workroom, BackupManifest.BlobIndex);
        var damaged = new List<string>();
        long count = 0;
        long bytes = 0;
        await using (var lines = new StreamWriter(index))
        {
            await foreach (var entry in blobs.WalkAsync(BlobPath.Root, cancellation))
            {
                if (await TryAddAsync(target, entry.Path, damaged, cancellation) is not { } part)
                    continue;
                await lines.WriteLineAsync(JsonSerializer.Serialize(part));
                count++;
                bytes += part.SizeBytes;
                progress?.Report(bytes);
            }
        }
        await using var content = File.OpenRead(index);
        return new CopiedBlobs(
            await target.AddAsync(BackupManifest.BlobIndex, content, cancellation),
            count,
            bytes,
            damaged
        );
    }

    /// <summary>The blob as a part; null when it was deleted meanwhile, or is damaged where it lies.</summary>
    private async Task<BackupPart?> TryAddAsync(
        BackupTarget target,
        BlobPath path,
        List<string> damaged,
        CancellationToken cancellation
    )
    {
        try
        {
            await using var content = await blobs.OpenAsync(path, cancellation: cancellation);
            return await target.AddAsync(BackupManifest.BlobFolder + path, content.Stream, cancellation);
        }
        catch (Fault fault) when (fault.Kind == FaultKind.NotFound)
        {
            return null;
        }
        catch (Fault fault) when (fault.Code == BlobDamage)
        {
            damaged.Add(path.Value);
            return null;
        }
    }

    private sealed record CopiedBlobs(BackupPart Index, long Count, long Bytes, IReadOnlyList<string> Damaged);
}
