using Slipway.Foundation.Basics;
using Slipway.Foundation.Blobs;
using Slipway.Identity;
using Slipway.Sdk;
using Slipway.Tests.Kit;
using Slipway.Tracking;
using Slipway.Tracking.Actions;

namespace Slipway.Tests.Tracking.Actions;

public sealed class LeftoversTests : IDisposable
{
    private static readonly long Later = TimeProvider.System.GetUtcNow().AddDays(1).ToUnixTimeMilliseconds();

    private readonly TestFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [MemberData(nameof(TestStore.Kinds), MemberType = typeof(TestStore))]
    public async Task What_a_run_or_experiment_that_stands_keeps_is_no_leftover(string kind)
    {
        await using var tracking = await TrackingFixture.OpenAsync(kind);
        await using var blobs = FolderBlobs.Open(folder.Path, TimeProvider.System);
        var leftovers = new Leftovers(
            tracking.Store.Db,
            blobs,
            tracking.Removals,
            new ClockWatch(TimeProvider.System),
            []
        );
        var (kept, binned, moved) = (
            await tracking.StartAsync(),
            await tracking.StartAsync(),
            await tracking.StartAsync()
        );
        foreach (var run in new[] { kept, binned, moved })
            await PutAsync(blobs, ArtifactAddress.Place(run.Head.ArtifactUri)!.Append("weights").Value);
        await PutAsync(blobs, $"{tracking.ExperimentId}/notes/mine.txt");
        await PutAsync(blobs, $"{tracking.ExperimentId}/{Guid.NewGuid():n}/artifacts/stray");
        await PutAsync(blobs, $"{tracking.ExperimentId}/models/m-{Guid.NewGuid():n}/artifacts/stray");
        await PutAsync(blobs, "shared/file");
        await tracking.Runs.DeleteAsync(tracking.Caller, binned.Head.Id);

        var counted = await leftovers.ClearAsync(Caller.Operator(), Later, dryRun: true);
        var cleared = await leftovers.ClearAsync(Caller.Operator(), Later, dryRun: false);

        Assert.Equal(new LeftoversCleared(3, 3, 9), counted);
        Assert.Equal(new LeftoversCleared(2, 2, 6), cleared);
        Assert.Equal(5, await CountAsync(blobs));
        await tracking.Runs.MoveToAsync(tracking.Caller, moved.Head.Id, 0);
        await tracking.Experiments.DeleteAsync(tracking.Caller, tracking.ExperimentId);
        await tracking.Experiments.PurgeAsync(tracking.Caller, tracking.ExperimentId);
        await leftovers.ClearAsync(Caller.Operator(), Later, dryRun: false);
        Assert.Equal(2, await CountAsync(blobs));
    }

    [Fact]
    public async Task What_somebody_is_storing_is_left_to_them_and_only_who_manages_the_server_clears()
    {
        await using var tracking = await TrackingFixture.OpenAsync("sqlite");
        await using var blobs = FolderBlobs.Open(folder.Path, TimeProvider.System);
        var leftovers = new Leftovers(
            tracking.Store.Db,
            blobs,
            tracking.Removals,
            new ClockWatch(TimeProvider.System),
            []
        );
        await PutAsync(blobs, $"{tracking.ExperimentId}/{Guid.NewGuid():n}/artifacts/new");
        var anHourAgo = TimeProvider.System.GetUtcNow().AddHours(-1).ToUnixTimeMilliseconds();
        var reader = new Caller("reader", Caller.DefaultWorkspace, _ => Level.Edit);

        Assert.Equal(0, (await leftovers.ClearAsync(Caller.Operator(), anHourAgo, dryRun: false)).Folders);
        var fault = await Assert.ThrowsAsync<Fault>(() => leftovers.ClearAsync(reader, Later, dryRun: true));
        Assert.Equal(FaultKind.Denied, fault.Kind);
    }

    private static Task PutAsync(FolderBlobs blobs, string path) =>
        blobs.PutAsync(BlobPath.Parse(path), new MemoryStream([1, 2, 3]));

    private static async Task<int> CountAsync(FolderBlobs blobs)
    {
        var count = 0;
        await foreach (var _ in blobs.WalkAsync(BlobPath.Root))
            count++;
        return count;
    }
}
