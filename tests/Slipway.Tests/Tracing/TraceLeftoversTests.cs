using Slipway.Foundation.Basics;
using Slipway.Foundation.Blobs;
using Slipway.Foundation.Jobs;
using Slipway.Identity;
using Slipway.Tests.Kit;
using Slipway.Tracing.Actions;
using Slipway.Tracking.Actions;

namespace Slipway.Tests.Tracing;

public sealed class TraceLeftoversTests
{
    [Theory]
    [MemberData(nameof(TestStore.Kinds), MemberType = typeof(TestStore))]
    public async Task Files_of_deleted_traces_are_swept_and_those_of_others_stay(string kind)
    {
        using var folder = new TestFolder();
        await using var tracing = await TracingFixture.OpenAsync(kind);
        await using var blobs = FolderBlobs.Open(folder.Path, TimeProvider.System);
        var leftovers = new Leftovers(
            tracing.Store.Db,
            blobs,
            new Removals(new JobBoard(TimeProvider.System), () => []),
            new ClockWatch(TimeProvider.System),
            [Traces.Folder]
        );
        string[] ids = [$"tr-{Guid.NewGuid():n}", $"{Guid.NewGuid():n}", $"tr-{Guid.NewGuid():n}"];
        foreach (var id in ids)
        {
            await tracing.RecordAsync(id);
            await PutAsync($"{tracing.ExperimentId}/traces/{id}/artifacts/traces.json");
        }
        await PutAsync($"{tracing.ExperimentId}/traces/notes/mine.txt");
        await tracing.Traces.DeleteAsync(tracing.Caller, tracing.ExperimentId, ids[..2]);

        var later = TimeProvider.System.GetUtcNow().AddDays(1).ToUnixTimeMilliseconds();
        var cleared = await leftovers.ClearAsync(Caller.Operator(), later, dryRun: false);

        Assert.Equal(new LeftoversCleared(2, 2, 3 * 2), cleared);
        var left = new List<string>();
        await foreach (var entry in blobs.WalkAsync(BlobPath.Root))
            left.Add(entry.Path.Value);
        Assert.Equal(
            [
                $"{tracing.ExperimentId}/traces/notes/mine.txt",
                $"{tracing.ExperimentId}/traces/{ids[2]}/artifacts/traces.json",
            ],
            left.Order(StringComparer.Ordinal)
        );

        Task PutAsync(string path) => blobs.PutAsync(BlobPath.Parse(path), new MemoryStream([1, 2, 3]));
    }
}
