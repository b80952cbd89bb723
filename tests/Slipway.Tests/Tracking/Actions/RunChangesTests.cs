using Microsoft.Extensions.Logging.Abstractions;
using Slipway.Foundation.Basics;
using Slipway.Sdk;
using Slipway.Tests.Kit;
using Slipway.Tracking;
using Slipway.Tracking.Actions;

namespace Slipway.Tests.Tracking.Actions;

public sealed class RunChangesTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Theory]
    [MemberData(nameof(TestStore.Kinds), MemberType = typeof(TestStore))]
    public async Task A_run_that_starts_is_told_as_new_and_its_metrics_as_a_change(string kind)
    {
        await using var tracking = await TrackingFixture.OpenAsync(kind);
        await tracking.StartAsync("before");
        await using var news = await FollowAsync(tracking);

        var run = await tracking.StartAsync("young");
        var started = await news.NextAsync();
        await tracking.LogAsync(run, new Metric("loss", new(1, 1, 0.5)));
        var logged = await news.NextAsync();

        Assert.Equal((1, run.Head.Id), (started.Created, Assert.Single(started.RunIds!)));
        Assert.Equal((0, run.Head.Id), (logged.Created, Assert.Single(logged.RunIds!)));
    }

    [Fact]
    public async Task Two_viewers_hear_the_same_and_one_that_leaves_takes_nothing_from_the_other()
    {
        await using var tracking = await TrackingFixture.OpenAsync("sqlite");
        using var changes = Changes(tracking);
        await using var one = await FollowAsync(tracking, changes);
        var two = await FollowAsync(tracking, changes);

        var first = await tracking.StartAsync("first");
        Assert.Equal([first.Head.Id], (await one.NextAsync()).RunIds);
        Assert.Equal([first.Head.Id], (await two.NextAsync()).RunIds);
        await two.DisposeAsync();
        var second = await tracking.StartAsync("second");

        Assert.Equal([second.Head.Id], (await one.NextAsync()).RunIds);
    }

    [Fact]
    public async Task News_that_nobody_takes_for_a_while_become_one()
    {
        await using var tracking = await TrackingFixture.OpenAsync("sqlite");
        await using var news = await FollowAsync(tracking);

        for (var i = 0; i < 3; i++)
        {
            await tracking.StartAsync($"run {i}");
            await Task.Delay(2 * RunChanges.Pace);
        }

        var all = await news.NextAsync();
        Assert.Equal((3, 3), (all.Created, all.RunIds!.Count));
    }

    [Fact]
    public async Task An_experiment_that_is_not_there_cannot_be_followed()
    {
        await using var tracking = await TrackingFixture.OpenAsync("sqlite");
        using var changes = Changes(tracking);
        await using var news = changes.FollowAsync(tracking.Caller, [987_654], default).GetAsyncEnumerator();

        var fault = await Assert.ThrowsAsync<Fault>(async () => await news.MoveNextAsync());

        Assert.Equal("experiment.not_found", fault.Code);
    }

    private static RunChanges Changes(TrackingFixture tracking) =>
        new(
            tracking.Store.Db,
            new RowNumbers(TimeProvider.System),
            TimeProvider.System,
            NullLogger<RunChanges>.Instance
        );

    private static async Task<Heard> FollowAsync(TrackingFixture tracking, RunChanges? changes = null)
    {
        var own = changes is null ? Changes(tracking) : null;
        var stream = (changes ?? own!)
            .FollowAsync(tracking.Caller, [tracking.ExperimentId], default)
            .GetAsyncEnumerator();
        await stream.MoveNextAsync();
        return new Heard(stream, own);
    }

    private sealed class Heard(IAsyncEnumerator<IReadOnlyList<ExperimentNews>> stream, RunChanges? own)
        : IAsyncDisposable
    {
        public async Task<ExperimentNews> NextAsync()
        {
            Assert.True(await stream.MoveNextAsync().AsTask().WaitAsync(Patience));
            return Assert.Single(stream.Current);
        }

        public async ValueTask DisposeAsync()
        {
            await stream.DisposeAsync();
            own?.Dispose();
        }
    }
}
