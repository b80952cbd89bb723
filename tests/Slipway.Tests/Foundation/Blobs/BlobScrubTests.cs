using Microsoft.Extensions.Logging.Abstractions;
using Slipway.Foundation.Blobs;
using Slipway.Foundation.Events;
using Slipway.Foundation.Jobs;
using Slipway.Tests.Foundation.Events;
using Slipway.Tests.Kit;

namespace Slipway.Tests.Foundation.Blobs;

/// <summary>Fault F09: what rots on the disk is found without anybody asking for it.</summary>
public sealed class BlobScrubTests
{
    [Fact]
    public async Task One_pass_finds_every_damaged_blob_and_nothing_else_and_puts_it_on_record()
    {
        using var folder = new TestFolder();
        await using var rows = await TestStore.OpenAsync("sqlite", EventsSetup.Room, JobsSetup.Room);
        await using var blobs = FolderBlobs.Open(folder.Path, TimeProvider.System);
        for (var i = 0; i < 60; i++)
            await blobs.PutAsync(BlobPath.Parse($"{i % 7}/run-{i}/model"), new MemoryStream(new byte[1000 + i]));
        var damaged = new[] { Damage(folder, 3, Flip), Damage(folder, 20, Shorten), Damage(folder, 41, Lengthen) };
        Swap(folder, 10, 11);
        var events = new EventLog(TimeProvider.System);
        var scrub = new BlobScrub(blobs, rows.Db, events, TimeProvider.System, NullLogger<BlobScrub>.Instance);

        await scrub.Kind.Work(new Job("1", scrub.Kind.Name, "{}", 1, 0), default);

        await Sealing.AllAsync(rows.Db);
        var record = await rows.Db.ReadAsync(tx => EventLog.After(tx, 0, 100));
        Assert.All(record, e => Assert.Equal(BlobScrub.DamageFound, e.Event.Kind));
        Assert.Equal(
            damaged.Append("3/run-10/model").Append("4/run-11/model").Order(StringComparer.Ordinal),
            record.Select(e => e.Event.SubjectId).Order(StringComparer.Ordinal)
        );
    }

    private static string Damage(TestFolder folder, int i, Action<FileStream> how)
    {
        using var file = new FileStream(At(folder, i), FileMode.Open, FileAccess.ReadWrite);
        how(file);
        return $"{i % 7}/run-{i}/model";
    }

    private static string At(TestFolder folder, int i) => folder.At($"{i % 7}", $"run-{i}", "model");

    private static void Flip(FileStream file)
    {
        file.Position = 500;
        file.WriteByte(1);
    }

    private static void Shorten(FileStream file) => file.SetLength(file.Length - 1);

    private static void Lengthen(FileStream file) => file.SetLength(file.Length + 1);

    private static void Swap(TestFolder folder, int a, int b)
    {
        File.Move(At(folder, a), folder.At("aside"));
        File.Move(At(folder, b), At(folder, a));
        File.Move(folder.At("aside"), At(folder, b));
    }
}
