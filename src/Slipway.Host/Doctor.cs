using System.Globalization;
using System.Text;
using Slipway.Foundation.Basics;
using Slipway.Foundation.Blobs;
using Slipway.Foundation.Http;
using Slipway.Foundation.Sql;
using Slipway.Sdk;

namespace Slipway.Host;

internal enum Verdict
{
    Good,
    Doubtful,
    Bad,
}

internal sealed record Finding(string Check, Verdict Verdict, string Detail, string? Hint = null);

/// <summary>
/// Looks at everything a server needs before it runs, or while it does. Each check stands for itself: what it throws is
/// its finding, so that one broken part does not hide the others.
/// </summary>
internal sealed class Doctor(string dataPath, string? store, string? blobs, TimeProvider clock)
{
    private const long LittleSpace = 1L << 30;
    private const long NoSpace = 64L << 20;
    private const int FewFiles = 1024;

    private static readonly TimeSpan ClockTolerance = TimeSpan.FromSeconds(5);

    private readonly string folder = Path.GetFullPath(dataPath);

    /// <summary>Every artifact is read too.</summary>
    public bool ReadsArtifacts { get; init; }

    public async Task<IReadOnlyList<Finding>> LookAsync(CancellationToken cancellation)
    {
        var findings = new List<Finding>
        {
            Check("data folder", LookAtFolder),
            Check("lock", LookAtLock),
            Check("disk space", LookAtSpace),
            Check("open files", LookAtFiles),
        };
        findings.AddRange(LookAtStore());
        findings.Add(await LookAtBlobsAsync(cancellation));
        if (ReadsArtifacts)
            findings.AddRange(await ReadBlobsAsync(cancellation));
        return findings;
    }

    private static Finding Check(string name, Func<string, Finding> look)
    {
        try
        {
            return look(name);
        }
        catch (Exception e)
        {
            return new Finding(name, Verdict.Bad, e.Message);
        }
    }

    private Finding LookAtFolder(string name)
    {
        if (!Directory.Exists(folder))
            return new Finding(name, Verdict.Good, $"{folder} is not there yet; the first start makes it");
        var probe = Path.Combine(folder, $"doctor-{Guid.NewGuid():N}");
        File.WriteAllBytes(probe, []);
        File.Delete(probe);
        const UnixFileMode others =
            UnixFileMode.GroupRead
            | UnixFileMode.GroupWrite
            | UnixFileMode.GroupExecute
            | UnixFileMode.OtherRead
            | UnixFileMode.OtherWrite
            | UnixFileMode.OtherExecute;
        return !OperatingSystem.IsWindows() && (File.GetUnixFileMode(folder) & others) != UnixFileMode.None
            ? new Finding(name, Verdict.Doubtful, $"{folder} can be entered by others", $"chmod 700 {folder}")
            : new Finding(name, Verdict.Good, $"{folder} can be written, by its owner alone");
    }

    private Finding LookAtLock(string name)
    {
        if (!Directory.Exists(folder))
            return new Finding(name, Verdict.Good, "free");
        if (ServerFolder.HolderIfTaken(folder) is { } holder)
            return new Finding(name, Verdict.Good, $"a server runs here: {holder}");
        return new Finding(name, Verdict.Good, "free");
    }

    private Finding LookAtSpace(string name)
    {
        var existing = folder;
        while (!Directory.Exists(existing))
            existing = Path.GetDirectoryName(existing)!;
        var free = new DriveInfo(existing).AvailableFreeSpace;
        var detail = $"{Size(free)} free";
        return free < NoSpace ? new Finding(name, Verdict.Bad, detail, "Free some space: nothing can be written soon.")
            : free < LittleSpace ? new Finding(name, Verdict.Doubtful, detail)
            : new Finding(name, Verdict.Good, detail);
    }

    private static Finding LookAtFiles(string name)
    {
        var allowed = Limits.OpenFilesAllowed();
        return allowed < FewFiles
            ? new Finding(
                name,
                Verdict.Doubtful,
                $"{allowed} allowed, so at most {Limits.Connections()} connections are taken",
                "Raise the limit for the user who runs Slipway: ulimit -n 65536"
            )
            : new Finding(name, Verdict.Good, $"{allowed} allowed");
    }

    private IEnumerable<Finding> LookAtStore()
    {
        var file = Path.Combine(folder, "slipway.db");
        if (store is null && !File.Exists(file))
            return [new Finding("store", Verdict.Good, "no database yet; the first start makes it")];
        try
        {
            var dialect = StoreAddress.ToDialect(store, file);
            using var held = dialect as IDisposable;
            return Findings(
                dialect,
                StoreCheckup.Of(dialect, Rooms.All.Select(room => room.Migrations).OfType<MigrationSet>())
            );
        }
        catch (Exception e)
        {
            return [new Finding("store", Verdict.Bad, e.Message, (e as Fault)?.Hint)];
        }
    }

    private IEnumerable<Finding> Findings(Dialect dialect, StoreCheckup checkup)
    {
        yield return new Finding("store", Verdict.Good, $"{dialect.Name} {checkup.Version}");
        yield return checkup.Damage is null
            ? new Finding("database", Verdict.Good, "no damage found")
            : new Finding(
                "database",
                Verdict.Bad,
                checkup.Damage,
                "Stop the server and bring back a backup: slipway restore BACKUP --replace"
            );
        yield return checkup.Pending is { Count: > 0 } pending
            ? new Finding("schema", Verdict.Good, $"the next start upgrades it by {pending.Count} steps")
            : new Finding("schema", Verdict.Good, "that of this version");
        yield return LookAtClock(checkup);
    }

    private Finding LookAtClock(StoreCheckup checkup)
    {
        var here = clock.GetUtcNow();
        var apart = here - DateTimeOffset.FromUnixTimeMilliseconds(checkup.ClockMs);
        if (apart.Duration() > ClockTolerance)
            return new Finding(
                "clock",
                Verdict.Doubtful,
                $"{apart.Duration().TotalSeconds:0} s {(apart > TimeSpan.Zero ? "ahead of" : "behind")} the database's",
                "Let both machines take their time from the same source."
            );
        var upgraded = DateTimeOffset.FromUnixTimeMilliseconds(checkup.LastUpgradeMs);
        return here < upgraded
            ? new Finding(
                "clock",
                Verdict.Bad,
                $"stands before the last upgrade of this database, {upgraded:u}",
                "Set the clock."
            )
            : new Finding("clock", Verdict.Good, here.ToString("u", CultureInfo.InvariantCulture));
    }

    private async Task<Finding> LookAtBlobsAsync(CancellationToken cancellation)
    {
        const string name = "blobs";
        var address = BlobsAddress.WithoutSecrets(blobs ?? ServerFolder.BlobFolderIn(folder));
        if (blobs is null && !Directory.Exists(address))
            return new Finding(name, Verdict.Good, "none yet; the first start makes their folder");
        try
        {
            await using var found = BlobsAddress.Open(blobs, folder, clock);
            var probe = BlobPath.Parse($"doctor-{Guid.NewGuid():N}");
            using var content = new MemoryStream(Encoding.UTF8.GetBytes(probe.Value));
            await found.PutAsync(probe, content, cancellation);
            await found.DeleteAsync(probe, cancellation);
            return new Finding(name, Verdict.Good, $"{address}: a blob was written and removed");
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            return new Finding(name, Verdict.Bad, $"{address}: {e.Message}");
        }
    }

    private async Task<List<Finding>> ReadBlobsAsync(CancellationToken cancellation)
    {
        const string name = "artifacts";
        if (blobs is null && !Directory.Exists(ServerFolder.BlobFolderIn(folder)))
            return [new Finding(name, Verdict.Good, "none yet")];
        try
        {
            await using var found = BlobsAddress.Open(blobs, folder, clock);
            var (files, bytes, damaged) = (0L, 0L, new List<Finding>());
            await foreach (var entry in found.WalkAsync(BlobPath.Root, cancellation))
            {
                files++;
                bytes += entry.SizeBytes ?? 0;
                if (await BlobScrub.IsDamagedAsync(found, entry.Path, cancellation))
                    damaged.Add(
                        new Finding(
                            name,
                            Verdict.Bad,
                            $"{entry.Path} is not what was stored",
                            "Store it again, or restore it from a backup."
                        )
                    );
            }
            return damaged.Count > 0
                ? damaged
                : [new Finding(name, Verdict.Good, $"{files} files, {Size(bytes)}, as they were stored")];
        }
        catch (Fault fault)
        {
            return [new Finding(name, Verdict.Bad, fault.Message)];
        }
    }

    private static string Size(long bytes) =>
        bytes >= 1L << 30
            ? string.Create(CultureInfo.InvariantCulture, $"{bytes / (double)(1L << 30):0.0} GiB")
            : string.Create(CultureInfo.InvariantCulture, $"{bytes / (double)(1L << 20):0} MiB");
}
