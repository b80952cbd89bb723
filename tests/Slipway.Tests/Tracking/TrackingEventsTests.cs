using Slipway.Foundation.Events;
using Slipway.Sdk;
using Slipway.Tests.Foundation.Events;
using Slipway.Tests.Kit;
using Slipway.Tracking;

namespace Slipway.Tests.Tracking;

public sealed class TrackingEventsTests
{
    public static TheoryData<string> Kinds => TestStore.Kinds;

    [Theory, MemberData(nameof(Kinds))]
    public async Task What_happens_to_experiments_and_runs_is_on_record_with_who_did_it(string kind)
    {
        await using var tracking = await TrackingFixture.OpenAsync(kind);
        var run = (await tracking.StartAsync("first")).Head.Id;
        await tracking.Runs.UpdateAsync(tracking.Caller, run, new RunChange(Name: "renamed"));
        await tracking.Runs.UpdateAsync(tracking.Caller, run, new RunChange(RunStatus.Finished, EndMs: 5));
        await tracking.Runs.UpdateAsync(tracking.Caller, run, new RunChange(RunStatus.Running));
        await tracking.Runs.DeleteAsync(tracking.Caller, run);
        await tracking.Runs.DeleteAsync(tracking.Caller, run);
        await tracking.Runs.RestoreAsync(tracking.Caller, run);
        await tracking.Experiments.RenameAsync(tracking.Caller, tracking.ExperimentId, "tips");
        await tracking.Experiments.DeleteAsync(tracking.Caller, tracking.ExperimentId);
        await tracking.Experiments.RestoreAsync(tracking.Caller, tracking.ExperimentId);
        await Assert.ThrowsAsync<Fault>(() => tracking.Experiments.CreateAsync(tracking.Caller, "tips", null, []));
        await Sealing.AllAsync(tracking.Store.Db);

        var record = await tracking.Store.Db.ReadAsync(tx => EventLog.After(tx, 0, 100));
        Assert.Equal(
            [
                "experiment.created",
                "run.created",
                "run.finished",
                "run.resumed",
                "run.deleted",
                "run.restored",
                "experiment.renamed",
                "experiment.deleted",
                "experiment.restored",
            ],
            record.Select(e => e.Event.Kind)
        );
        Assert.All(record, e => Assert.Equal(("operator", "default"), (e.Event.Actor, e.Event.Workspace)));
        Assert.Equal(run, record[2].Event.SubjectId);
        Assert.Contains("\"status\":\"finished\"", record[2].Event.Payload, StringComparison.Ordinal);
    }
}
