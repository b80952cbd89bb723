using Slipway.Foundation.Blobs;
using Slipway.Foundation.Sql;
using Slipway.Sdk;

namespace Slipway.Foundation.Backup;

/// <summary>What a restore did.</summary>
public sealed record RestoreReport(long TakenMs, long BlobCount, long BlobBytes, IReadOnlyList<string> Damaged);

/// <summary>
/// Brings a backup back, into an empty place or in the place of what is there. The whole backup is proved first; only
/// then is anything touched. No server may run on the place meanwhile.
/// </summary>
public sealed class StoreRestore(
    Dialect dialect,
    IBlobs blobs,
    string anchorFile,
    string workroom,
    IReadOnlyList<MigrationSet> sets
)
{
    /// <summary>Refuses a place that holds something, unless it is to be replaced.</summary>
    public async Task RequireEmptyAsync(CancellationToken cancellation = default)
    {
        var hasBlobs = false;
        await foreach (var _ in blobs.WalkAsync(BlobPath.Root, cancellation))
        {
            hasBlobs = true;
            break;
        }
        if (hasBlobs || !dialect.Upkeep.Dump.IsEmpty())
            throw Fault.Conflict(
                "restore.not_empty",
                "There is data in this place already.",
                "Restore into an empty place, or add --replace to give up what is there."
            );
    }

    /// <summary>How many bytes a restore reports in its progress, for a backup of this size: it goes through it twice.</summary>
    public static long ProgressBytes(string path) => 2 * new BackupSource(path).SizeBytes();

    public async Task<RestoreReport> BringBackAsync(
        string path,
        string? expectedDigest,
        IProgress<long>? progress = null,
        CancellationToken cancellation = default
    )
    {
        var source = new BackupSource(path);
        var (manifest, digest) = await source.ReadAsync((_, _) => Task.CompletedTask, progress, cancellation);
        if (expectedDigest is not null && !digest.Equals(expectedDigest, StringComparison.OrdinalIgnoreCase))
            throw BackupFaults.Changed(BackupManifest.FileName, $"has the digest {digest}");
        var migrations = Known(manifest);

        if (Directory.Exists(workroom))
            Directory.Delete(workroom, recursive: true);
        Directory.CreateDirectory(workroom);
        try
        {
            var restored = new HashSet<BlobPath>();
            var passed = source.SizeBytes();
            var again = await source.ReadAsync(
                (name, content) => PutAsync(name, content, restored, cancellation),
                progress is null ? null : new Shifted(progress, passed),
                cancellation
            );
            if (again.Digest != digest)
                throw BackupFaults.Changed(BackupManifest.FileName, "changed while it was read");
            await RemoveOthersAsync(restored, cancellation);
            RestoreAnchors();
            dialect.Upkeep.Dump.Read(workroom, migrations, Migrations.TablesOf(sets));
        }
        finally
        {
            Directory.Delete(workroom, recursive: true);
        }
        return new RestoreReport(manifest.TakenMs, manifest.BlobCount, manifest.BlobBytes, manifest.Damaged);
    }

    private List<Migration> Known(BackupManifest manifest)
    {
        if (manifest.Database != dialect.Name)
            throw Fault.Unsupported(
                "restore.other_database",
                $"The backup was taken from {manifest.Database} and cannot be brought back into {dialect.Name}."
            );
        var known = sets.SelectMany(set => set.Read()).ToList();
        var applied = manifest.Migrations.Select(m => (m.Slice, m.Number, m.Checksum)).ToHashSet();
        var found = known.Where(m => applied.Remove((m.Slice, m.Number, m.Checksum))).ToList();
        if (applied.Count > 0)
            throw Fault.Conflict(
                "restore.newer",
                $"The backup was taken by Slipway {manifest.Version}, which has the migration {applied.First().Slice}/{applied.First().Number:0000}; this program does not know it.",
                "Restore with that version or a newer one."
            );
        return found;
    }

    private async Task PutAsync(string name, Stream content, HashSet<BlobPath> restored, CancellationToken cancellation)
    {
        if (name.StartsWith(BackupManifest.BlobFolder, StringComparison.Ordinal))
        {
            var path = BlobPath.Parse(name[BackupManifest.BlobFolder.Length..]);
            await blobs.PutAsync(path, content, cancellation);
            restored.Add(path);
            return;
        }
        await using var file = File.Create(Path.Combine(workroom, Path.GetFileName(name)));
        await content.CopyToAsync(file, cancellation);
        file.Flush(flushToDisk: true);
    }

    private async Task RemoveOthersAsync(HashSet<BlobPath> restored, CancellationToken cancellation)
    {
        var others = new List<BlobPath>();
        await foreach (var entry in blobs.WalkAsync(BlobPath.Root, cancellation))
        {
            if (!restored.Contains(entry.Path))
                others.Add(entry.Path);
        }
        foreach (var path in others)
            await blobs.DeleteAsync(path, cancellation);
    }

    private void RestoreAnchors()
    {
        var anchors = Path.Combine(workroom, BackupManifest.AnchorFile);
        if (File.Exists(anchors))
            File.Move(anchors, anchorFile, overwrite: true);
        else
            File.Delete(anchorFile);
    }

    /// <summary>Progress of the second time through, after the first.</summary>
    private sealed class Shifted(IProgress<long> progress, long by) : IProgress<long>
    {
        public void Report(long value) => progress.Report(by + value);
    }
}
