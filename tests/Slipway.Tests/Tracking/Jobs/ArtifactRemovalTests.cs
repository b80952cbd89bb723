using Slipway.Foundation.Blobs;
using Slipway.Foundation.Jobs;
using Slipway.Sdk;
using Slipway.Tests.Kit;
using Slipway.Tracking;
using Slipway.Tracking.Jobs;

namespace Slipway.Tests.Tracking.Jobs;

public sealed class ArtifactRemovalTests : IAsyncLifetime
{
    private readonly TestFolder folder = new();
    private TrackingFixture tracking = null!;
    private FolderBlobs blobs = null!;
    private ArtifactRemoval removal = null!;

    public async ValueTask InitializeAsync()
    {
        tracking = await TrackingFixture.OpenAsync("sqlite");
        blobs = FolderBlobs.Open(folder.Path, TimeProvider.System);
        removal = new ArtifactRemoval(tracking.Store.Db, blobs, tracking.Removals);
    }

    public async ValueTask DisposeAsync()
    {
        await blobs.DisposeAsync();
        await tracking.DisposeAsync();
        folder.Dispose();
    }

    [Fact]
    public async Task A_purged_run_takes_its_artifacts_along_and_no_others()
    {
        var (gone, kept) = (await tracking.StartAsync(), await tracking.StartAsync());
        await StoreAsync(gone, kept);

        await tracking.Runs.DeleteAsync(tracking.Caller, gone.Head.Id);
        await WorkAsync();
        Assert.Equal(2, (await RunFoldersAsync()).Count);

        await tracking.Runs.PurgeAsync(tracking.Caller, gone.Head.Id);
        await WorkAsync();

        Assert.Equal([kept.Head.Id], await RunFoldersAsync());
    }

    [Fact]
    public async Task The_id_of_a_purged_run_is_free_once_its_artifacts_are_gone()
    {
        var run = await tracking.StartAsync();
        await StoreAsync(run);
        await tracking.Runs.DeleteAsync(tracking.Caller, run.Head.Id);
        await tracking.Runs.PurgeAsync(tracking.Caller, run.Head.Id);
        var same = new NewRun(tracking.ExperimentId);

        var early = await Assert.ThrowsAsync<Fault>(() =>
            tracking.Runs.EnsureAsync(tracking.Caller, run.Head.Id, same)
        );
        await WorkAsync();
        var (again, _) = await tracking.Runs.EnsureAsync(tracking.Caller, run.Head.Id, same);
        await StoreAsync(again);
        await WorkAsync();

        Assert.Equal(FaultKind.Busy, early.Kind);
        Assert.Equal([run.Head.Id], await RunFoldersAsync());
    }

    [Fact]
    public async Task A_purged_experiment_takes_everything_along_but_runs_that_were_moved_away()
    {
        var (gone, moved) = (await tracking.StartAsync(), await tracking.StartAsync());
        await StoreAsync(gone, moved);
        await blobs.PutAsync(BlobPath.Parse($"{tracking.ExperimentId}/models/m-1/artifacts/MLmodel"), Content());
        await blobs.PutAsync(BlobPath.Parse($"{tracking.ExperimentId}/traces/tr-1/artifacts/traces.json"), Content());
        await tracking.Runs.MoveToAsync(tracking.Caller, moved.Head.Id, 0);

        await tracking.Experiments.DeleteAsync(tracking.Caller, tracking.ExperimentId);
        await tracking.Experiments.PurgeAsync(tracking.Caller, tracking.ExperimentId);
        await WorkAsync();

        Assert.Equal([moved.Head.Id], await RunFoldersAsync());
    }

    [Fact]
    public async Task A_model_that_is_purged_from_the_bin_takes_its_artifacts_along()
    {
        var model = await tracking.Models.CreateAsync(
            tracking.Caller,
            new NewLoggedModel(tracking.ExperimentId) { Name = "m" }
        );
        var file = ArtifactAddress.Place(model.ArtifactUri)!.Append("MLmodel");
        await blobs.PutAsync(file, Content());

        await tracking.Models.DeleteAsync(tracking.Caller, model.Id);
        await tracking.Bin.EmptyAsync(
            tracking.Caller,
            TimeProvider.System.GetUtcNow().AddDays(1).ToUnixTimeMilliseconds(),
            dryRun: false
        );
        await WorkAsync();

        Assert.Null(await blobs.FindAsync(file));
    }

    [Fact]
    public async Task Artifacts_kept_elsewhere_or_among_those_of_others_are_left_alone()
    {
        await blobs.PutAsync(BlobPath.Parse("shared/file"), Content());
        foreach (var location in new[] { "s3://bucket/x", "mlflow-artifacts:/shared" })
        {
            var experiment = await tracking.Experiments.CreateAsync(tracking.Caller, location, location, []);
            var run = await tracking.Runs.CreateAsync(tracking.Caller, new NewRun(experiment.Id));
            await tracking.Runs.DeleteAsync(tracking.Caller, run.Head.Id);
            await tracking.Runs.PurgeAsync(tracking.Caller, run.Head.Id);
            await tracking.Experiments.DeleteAsync(tracking.Caller, experiment.Id);
            await tracking.Experiments.PurgeAsync(tracking.Caller, experiment.Id);
        }

        await WorkAsync();

        Assert.NotNull(await blobs.FindAsync(BlobPath.Parse("shared/file")));
    }

    private async Task StoreAsync(params Run[] runs)
    {
        foreach (var run in runs)
            await blobs.PutAsync(ArtifactAddress.Place(run.Head.ArtifactUri)!.Append("model/weights"), Content());
    }

    /// <summary>What the runner of jobs does in a server.</summary>
    private async Task WorkAsync()
    {
        var db = tracking.Store.Db;
        var kinds = new[] { removal.FolderKind, removal.ExperimentKind };
        var jobs = await db.WriteAsync(tx =>
            JobStore.Claim(tx, [.. kinds.Select(kind => kind.Name)], [], long.MaxValue, 100)
        );
        foreach (var job in jobs)
        {
            await kinds.Single(kind => kind.Name == job.Kind).Work(job, default);
            await db.WriteAsync(tx => JobStore.Remove(tx, job));
        }
    }

    private async Task<List<string>> RunFoldersAsync()
    {
        var names = new List<string>();
        await foreach (var entry in blobs.ListAsync(BlobPath.Parse($"{tracking.ExperimentId}")))
            names.Add(entry.Path.Name);
        return names;
    }

    private static MemoryStream Content() => new([1, 2, 3]);
}
