using Slipway.Foundation.Basics;
using Slipway.Foundation.Blobs;
using Slipway.Registry;
using Slipway.Sdk;
using Slipway.Tests.Kit;
using Slipway.Tracking;
using Slipway.Tracking.Actions;

namespace Slipway.Tests.Registry.Actions;

/// <summary>Fault F15: what a registered version consists of outlives what it was made in.</summary>
public sealed class VersionClaimTests
{
    private static readonly long Later = TimeProvider.System.GetUtcNow().AddDays(1).ToUnixTimeMilliseconds();

    public static TheoryData<string> Kinds => TestStore.Kinds;

    [Theory, MemberData(nameof(Kinds))]
    public async Task A_run_is_purged_only_once_no_version_needs_its_files(string kind)
    {
        await using var fixture = await RegistryFixture.OpenAsync(kind);
        var tracking = fixture.Tracking;
        var (run, other) = (await tracking.StartAsync(), await tracking.StartAsync());
        await RegisterAsync(fixture, run.Head.ArtifactUri + "/model");
        await tracking.Runs.DeleteAsync(fixture.Caller, run.Head.Id);
        await tracking.Runs.DeleteAsync(fixture.Caller, other.Head.Id);

        await RefusedAsync(() => tracking.Runs.PurgeAsync(fixture.Caller, run.Head.Id));
        Assert.Equal(new BinEmptied(0, 1, 0), await tracking.Bin.EmptyAsync(fixture.Caller, Later, dryRun: true));
        Assert.Equal(new BinEmptied(0, 1, 0), await tracking.Bin.EmptyAsync(fixture.Caller, Later, dryRun: false));
        await tracking.Runs.RestoreAsync(fixture.Caller, run.Head.Id);

        await fixture.Versions.DeleteAsync(fixture.Caller, "fares", 1);
        await tracking.Runs.DeleteAsync(fixture.Caller, run.Head.Id);
        await tracking.Runs.PurgeAsync(fixture.Caller, run.Head.Id);
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task An_experiment_and_its_models_are_purged_only_once_no_version_needs_their_files(string kind)
    {
        await using var fixture = await RegistryFixture.OpenAsync(kind);
        var tracking = fixture.Tracking;
        var model = await tracking.Models.CreateAsync(fixture.Caller, new NewLoggedModel(tracking.ExperimentId));
        await tracking.StartAsync();
        await RegisterAsync(fixture, model.ArtifactUri);
        await tracking.Models.DeleteAsync(fixture.Caller, model.Id);
        Assert.Equal(new BinEmptied(0, 0, 0), await tracking.Bin.EmptyAsync(fixture.Caller, Later, dryRun: false));

        await tracking.Experiments.DeleteAsync(fixture.Caller, tracking.ExperimentId);
        await RefusedAsync(() => tracking.Experiments.PurgeAsync(fixture.Caller, tracking.ExperimentId));
        Assert.Equal(new BinEmptied(0, 0, 0), await tracking.Bin.EmptyAsync(fixture.Caller, Later, dryRun: false));

        await fixture.Versions.DeleteAsync(fixture.Caller, "fares", 1);
        Assert.Equal(new BinEmptied(1, 1, 1), await tracking.Bin.EmptyAsync(fixture.Caller, Later, dryRun: false));
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task Files_of_a_version_are_no_leftovers_also_where_nothing_else_stands(string kind)
    {
        await using var fixture = await RegistryFixture.OpenAsync(kind);
        var leftovers = new Leftovers(
            fixture.Tracking.Store.Db,
            fixture.Blobs,
            fixture.Tracking.Removals,
            new ClockWatch(TimeProvider.System),
            []
        );
        var folder = BlobPath.Parse($"{fixture.Tracking.ExperimentId}/{Guid.NewGuid():n}");
        await fixture.Blobs.PutAsync(folder.Append("artifacts/model/w.bin"), new MemoryStream([1]));
        await RegisterAsync(fixture, ArtifactAddress.Of(folder.Append("artifacts/model")));

        Assert.Equal(0, (await leftovers.ClearAsync(fixture.Caller, Later, dryRun: false)).Folders);
        await fixture.Versions.DeleteAsync(fixture.Caller, "fares", 1);
        Assert.Equal(1, (await leftovers.ClearAsync(fixture.Caller, Later, dryRun: false)).Folders);
    }

    private static async Task RegisterAsync(RegistryFixture fixture, string source)
    {
        await fixture.RegisterAsync("fares");
        await fixture.Versions.CreateAsync(fixture.Caller, new NewModelVersion("fares", source));
    }

    private static async Task RefusedAsync(Func<Task> purge)
    {
        var fault = await Assert.ThrowsAsync<Fault>(purge);
        Assert.Equal(("artifact.needed", FaultKind.Conflict), (fault.Code, fault.Kind));
        Assert.Contains("version 1 of the model 'fares'", fault.Message, StringComparison.Ordinal);
    }
}
