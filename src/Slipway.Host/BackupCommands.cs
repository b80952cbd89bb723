using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Slipway.Foundation.Backup;
using Slipway.Foundation.Basics;
using Slipway.Foundation.Blobs;
using Slipway.Foundation.Console;
using Slipway.Foundation.Sql;
using Slipway.Sdk;

namespace Slipway.Host;

/// <summary>`slipway backup`, beside a running server or without one, and `slipway restore`, where none runs.</summary>
internal static class BackupCommands
{
    private const int DamageFound = 1;

    private static readonly Option<string> Target = new("--to")
    {
        Description = "A new folder, or a new file whose name ends in .tar.",
        HelpName = "FILE|DIR",
        Required = true,
    };

    private static readonly Argument<string> Source = new("BACKUP")
    {
        Description = "A folder or file that `slipway backup` wrote.",
    };

    private static readonly Option<bool> Replace = new("--replace")
    {
        Description = "Give up what the place holds; asks before it does.",
    };

    private static readonly Option<bool> Yes = new("--yes") { Description = "Do not ask." };

    private static readonly Option<string?> Expect = new("--expect")
    {
        Description = "The digest that `slipway backup` printed; any other backup is refused.",
        HelpName = "DIGEST",
    };

    public static Command CreateBackup() =>
        new Command("backup", "Copy everything that is stored, while the server goes on.")
        {
            Target,
            ConsoleOptions.Data,
            ConsoleOptions.Store,
            ConsoleOptions.Blobs,
        }.Runs(BackupAsync);

    public static Command CreateRestore() =>
        new Command("restore", "Bring a backup back, into an empty place or instead of what is there.")
        {
            Source,
            ConsoleOptions.Data,
            ConsoleOptions.Store,
            ConsoleOptions.Blobs,
            Replace,
            Yes,
            Expect,
        }.Runs(RestoreAsync);

    private static async Task<int> BackupAsync(ParseResult parsed, Terminal terminal, CancellationToken cancellation)
    {
        var took = Stopwatch.StartNew();
        var folder = parsed.GetRequiredValue(ConsoleOptions.Data);
        var dialect = StoreAddress.ToExisting(
            parsed.GetValue(ConsoleOptions.Store),
            ServerFolder.DatabaseFileIn(folder)
        );
        await using var blobs = OpenBlobs(parsed, folder);
        var backup = new StoreBackup(
            dialect,
            blobs,
            Migrations(),
            ServerFolder.AnchorFileIn(folder),
            ProductVersion.Text,
            TimeProvider.System
        );
        var report = await terminal.ProgressAsync(
            "Backing up",
            async progress =>
            {
                var total = await backup.BlobBytesAsync(cancellation);
                return await backup.TakeAsync(
                    parsed.GetRequiredValue(Target),
                    new Bytes(progress, total),
                    cancellation
                );
            }
        );
        terminal.Show(
            new
            {
                report.Path,
                report.Digest,
                report.TakenMs,
                report.StoreBytes,
                report.BlobCount,
                report.BlobBytes,
                report.Damaged,
                TookMs = took.ElapsedMilliseconds,
            },
            _ =>
            {
                terminal.Line($"Backup in {report.Path}, {report.BlobCount} artifacts, in {Seconds(took.Elapsed)}.");
                terminal.Line(
                    $"Recovery point: {Moment(report.TakenMs)}. Everything acknowledged before it is in the backup, nothing acknowledged before it is lost."
                );
                terminal.Line($"Digest, for restore --expect: {report.Digest}");
            }
        );
        foreach (var path in report.Damaged)
            terminal.Note($"Damaged where it is stored, and not in the backup: {path}");
        return report.Damaged.Count == 0 ? ExitCodes.Done : DamageFound;
    }

    private static async Task<int> RestoreAsync(ParseResult parsed, Terminal terminal, CancellationToken cancellation)
    {
        var took = Stopwatch.StartNew();
        // Held to the end, so that no server starts meanwhile.
        using var folder = ServerFolder.Open(parsed.GetRequiredValue(ConsoleOptions.Data));
        var dialect = StoreAddress.ToDialect(parsed.GetValue(ConsoleOptions.Store), folder.DatabaseFile);
        await using var blobs = OpenBlobs(parsed, folder.Path);
        var restore = new StoreRestore(
            dialect,
            blobs,
            folder.AnchorFile,
            Path.Combine(folder.Path, "restore.part"),
            Migrations()
        );
        if (parsed.GetValue(Replace))
            Confirm(parsed, folder);
        else
            await restore.RequireEmptyAsync(cancellation);
        var path = parsed.GetRequiredValue(Source);
        var report = await terminal.ProgressAsync(
            "Restoring",
            progress =>
                restore.BringBackAsync(
                    path,
                    parsed.GetValue(Expect),
                    new Bytes(progress, StoreRestore.ProgressBytes(path)),
                    cancellation
                )
        );
        var age = TimeProvider.System.GetUtcNow() - DateTimeOffset.FromUnixTimeMilliseconds(report.TakenMs);
        terminal.Show(
            new
            {
                report.TakenMs,
                report.BlobCount,
                report.BlobBytes,
                report.Damaged,
                RpoMs = (long)age.TotalMilliseconds,
                RtoMs = took.ElapsedMilliseconds,
            },
            _ =>
            {
                terminal.Line($"Restored into {folder.Path} with {report.BlobCount} artifacts, every digest proved.");
                terminal.Line(
                    $"Recovery point: {Moment(report.TakenMs)}; what was acknowledged in the {Seconds(age)} since then is not in it (RPO)."
                );
                terminal.Line($"Recovery time: {Seconds(took.Elapsed)} (RTO). Start the server with: slipway up");
            }
        );
        return ExitCodes.Done;
    }

    private static void Confirm(ParseResult parsed, ServerFolder folder)
    {
        if (parsed.GetValue(Yes))
            return;
        if (Console.IsInputRedirected)
            throw Fault.Invalid(
                "restore.unconfirmed",
                $"--replace gives up what {folder.Path} holds, and nobody can be asked.",
                "--replace",
                "Add --yes if that is meant."
            );
        Console.Error.Write($"Everything in {folder.Path} will be replaced. Type 'replace' to go on: ");
        if (Console.ReadLine()?.Trim() != "replace")
            throw Fault.Invalid("restore.unconfirmed", "Nothing was changed.", "--replace");
    }

    private static List<MigrationSet> Migrations() =>
        [.. Rooms.All.Select(room => room.Migrations).OfType<MigrationSet>()];

    private static IBlobs OpenBlobs(ParseResult parsed, string folder) =>
        BlobsAddress.Open(parsed.GetValue(ConsoleOptions.Blobs), Path.GetFullPath(folder), TimeProvider.System);

    private static string Moment(long ms) =>
        DateTimeOffset
            .FromUnixTimeMilliseconds(ms)
            .ToString("yyyy-MM-dd HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    private static string Seconds(TimeSpan time) =>
        time < TimeSpan.FromMinutes(2)
            ? string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.0} s")
            : time.ToString(@"d\.hh\:mm\:ss", CultureInfo.InvariantCulture);

    /// <summary>Bytes that have passed, as the terminal shows them.</summary>
    private sealed class Bytes(IProgress<Step> progress, long total) : IProgress<long>
    {
        public void Report(long value) => progress.Report(new Step(Math.Min(value, total), total));
    }
}
