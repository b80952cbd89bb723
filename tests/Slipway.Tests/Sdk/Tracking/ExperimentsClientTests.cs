using Slipway.Sdk;
using Slipway.Sdk.Tracking;

namespace Slipway.Tests.Sdk.Tracking;

public sealed class ExperimentsClientTests(RunningServer server) : IClassFixture<RunningServer>
{
    private ExperimentsClient Experiments => server.Client.Experiments;

    [Fact]
    public async Task A_made_experiment_is_found_by_id_and_by_name()
    {
        var made = await Experiments.CreateAsync(
            new ExperimentCreate
            {
                Name = "taxi fares ünö/1",
                Tags = new Dictionary<string, string> { ["team"] = "a b" },
            }
        );

        Assert.Equal(made.Name, (await Experiments.GetAsync(made.Id)).Name);
        Assert.Equal(made.Id, (await Experiments.FindAsync("taxi fares ünö/1"))?.Id);
        Assert.Equal("a b", (await Experiments.GetAsync(made.Id)).Tags["team"]);
        Assert.Null(await Experiments.FindAsync("no such"));
    }

    [Fact]
    public async Task A_taken_name_is_a_conflict_and_asking_for_it_gives_the_one_there()
    {
        var made = await Experiments.EnsureAsync("twice");

        var fault = await Assert.ThrowsAsync<Fault>(() =>
            Experiments.CreateAsync(new ExperimentCreate { Name = "twice" })
        );

        Assert.Equal((FaultKind.Conflict, "experiment.exists"), (fault.Kind, fault.Code));
        Assert.Equal(made.Id, (await Experiments.EnsureAsync("twice")).Id);
    }

    [Fact]
    public async Task Pages_of_a_listing_join_to_the_whole_in_order_with_the_total()
    {
        for (var i = 0; i < 5; i++)
            await Experiments.CreateAsync(new ExperimentCreate { Name = $"paged-{i}" });
        var query = new ExperimentQuery
        {
            Filter = "name LIKE 'paged-%'",
            OrderBy = ["name DESC"],
            PageSize = 2,
        };

        var page = await Experiments.ListPageAsync(query);
        var all = await Experiments.ListAsync(query).Select(e => e.Name).ToListAsync();

        Assert.Equal(5, page.Total);
        Assert.Equal(2, page.Items.Count);
        Assert.Equal(["paged-4", "paged-3", "paged-2", "paged-1", "paged-0"], all);
    }

    [Fact]
    public async Task Deleting_and_restoring_twice_is_the_same_as_once()
    {
        var made = await Experiments.EnsureAsync("bin twice");

        await Experiments.DeleteAsync(made.Id);
        await Experiments.DeleteAsync(made.Id);
        Assert.Equal(Lifecycle.Deleted, (await Experiments.GetAsync(made.Id)).Lifecycle);
        await Experiments.RestoreAsync(made.Id);
        await Experiments.RestoreAsync(made.Id);

        Assert.Equal(Lifecycle.Active, (await Experiments.GetAsync(made.Id)).Lifecycle);
    }

    [Fact]
    public async Task A_change_renames_sets_and_removes_tags_at_once()
    {
        var made = await Experiments.CreateAsync(
            new ExperimentCreate
            {
                Name = "before",
                Tags = new Dictionary<string, string> { ["a"] = "1", ["b"] = "2" },
            }
        );

        var changed = await Experiments.ChangeAsync(
            made.Id,
            new ExperimentChange
            {
                Name = "after",
                Tags = new Dictionary<string, string?> { ["a"] = null, ["c"] = "3" },
            }
        );

        Assert.Equal("after", changed.Name);
        Assert.Equal(["b", "c"], changed.Tags.Keys.Order());
    }

    [Fact]
    public async Task Counts_tell_runs_by_status_apart()
    {
        var made = await Experiments.EnsureAsync("counted");
        foreach (var status in new[] { RunStatus.Finished, RunStatus.Finished, RunStatus.Failed, RunStatus.Killed })
        {
            var run = await server.Client.Runs.EnsureAsync(
                RunsClient.NewId(),
                new RunCreate { ExperimentId = made.Id }
            );
            await server.Client.Runs.ChangeAsync(run.Id, new RunChange { Status = status });
            if (status == RunStatus.Killed)
                await server.Client.Runs.DeleteAsync(run.Id);
        }

        var counts = await Experiments.CountsAsync(made.Id);

        Assert.Equal((3, 1), (counts.Active, counts.Deleted));
        Assert.Equal((2, 1), (counts.ByStatus[RunStatus.Finished], counts.ByStatus[RunStatus.Failed]));
        Assert.DoesNotContain(RunStatus.Killed, counts.ByStatus);
    }

    [Fact]
    public async Task Purging_needs_the_bin_and_frees_the_name_and_never_gives_the_id_out_again()
    {
        var made = await Experiments.EnsureAsync("purged");
        var run = await server.Client.Runs.EnsureAsync(RunsClient.NewId(), new RunCreate { ExperimentId = made.Id });
        var data = new DatasetInput
        {
            Name = "taxi",
            Digest = "1",
            SourceType = "local",
            Source = "taxi.csv",
        };
        await server.Client.Runs.LinkAsync(run.Id, new RunLinks { Datasets = [data] });
        var early = await Assert.ThrowsAsync<Fault>(() => Experiments.PurgeAsync(made.Id));
        await Experiments.DeleteAsync(made.Id);

        var result = await Experiments.PurgeAsync(made.Id);

        Assert.Equal("experiment.not_deleted", early.Code);
        Assert.Equal((1, 1), (result.Experiments, result.Runs));
        Assert.Equal(
            "run.not_found",
            (await Assert.ThrowsAsync<Fault>(() => server.Client.Runs.GetAsync(run.Id))).Code
        );
        Assert.NotEqual(made.Id, (await Experiments.EnsureAsync("purged")).Id);
    }

    [Fact]
    public async Task The_default_experiment_cannot_be_purged()
    {
        await Experiments.DeleteAsync("0");

        var fault = await Assert.ThrowsAsync<Fault>(() => Experiments.PurgeAsync("0"));
        await Experiments.RestoreAsync("0");

        Assert.Equal("experiment.default", fault.Code);
    }

    [Fact]
    public async Task An_id_that_is_no_number_names_no_experiment()
    {
        var fault = await Assert.ThrowsAsync<Fault>(() => Experiments.GetAsync("../runs"));

        Assert.Equal(FaultKind.NotFound, fault.Kind);
    }
}
