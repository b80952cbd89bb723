using System.Net;
using System.Net.Http.Json;
using Slipway.Identity;
using Slipway.Sdk;
using Slipway.Tests.Kit;
using Slipway.Tracking;
using Slipway.Tracking.Storage;

namespace Slipway.Tests.Tracking.Actions;

/// <summary>Attack G08: somebody who makes more and more of what others share. A workspace gets what it was granted, to the one.</summary>
public sealed class QuotaTests
{
    public static TheoryData<string> Stores => TestStore.Kinds;

    [Theory, MemberData(nameof(Stores))]
    public async Task However_many_ask_at_once_a_workspace_gets_as_many_runs_as_it_may_have(string kind)
    {
        await using var tracking = await OpenAsync(kind, Quotas.Runs, 20);
        var there = await tracking.StartAsync();

        Assert.Equal(19, await AskAsync(50, () => tracking.StartAsync()));
        await tracking.Runs.DeleteAsync(tracking.Caller, there.Head.Id);
        await tracking.Runs.PurgeAsync(tracking.Caller, there.Head.Id);
        Assert.Equal(1, await AskAsync(10, () => tracking.StartAsync()));
    }

    [Theory, MemberData(nameof(Stores))]
    public async Task However_many_ask_at_once_a_workspace_gets_as_many_experiments_as_it_may_have(string kind)
    {
        await using var tracking = await OpenAsync(kind, Quotas.Experiments, 12);
        var number = 0;
        Task<Experiment> CreateAsync(Caller caller) =>
            tracking.Experiments.CreateAsync(caller, $"e{Interlocked.Increment(ref number)}", null, []);

        // The default one and that of the fixture are two of them.
        Assert.Equal(10, await AskAsync(30, () => CreateAsync(tracking.Caller)));
        Assert.Equal(12, await AskAsync(30, () => CreateAsync(Caller.Operator(workspace: "elsewhere"))));

        await tracking.Experiments.DeleteAsync(tracking.Caller, tracking.ExperimentId);
        await tracking.Experiments.PurgeAsync(tracking.Caller, tracking.ExperimentId);
        Assert.Equal(1, await AskAsync(10, () => CreateAsync(tracking.Caller)));
    }

    [Theory, MemberData(nameof(Stores))]
    public async Task A_batch_with_more_new_names_of_metrics_than_are_left_is_refused_whole(string kind)
    {
        await using var tracking = await OpenAsync(kind, Quotas.MetricNames, 10);
        var run = await tracking.StartAsync();
        await tracking.LogAsync(run, Named(0, 6));

        var refused = await Assert.ThrowsAsync<Fault>(() => tracking.LogAsync(run, Named(0, 11)));
        await tracking.LogAsync(run, Named(0, 10));
        await tracking.LogAsync(run, Named(0, 10));

        Assert.Equal((FaultKind.Busy, "quota.full"), (refused.Kind, refused.Code));
        Assert.Equal(10, (await tracking.Runs.GetAsync(tracking.Caller, run.Head.Id)).Metrics.Count);
    }

    [Fact]
    public async Task A_client_of_MLflow_is_told_in_its_form()
    {
        await using var server = await SlipwayProcess.StartAsync("--quota", "runs=2", "--quota", "experiments=5");
        var statuses = new List<HttpStatusCode>();
        var last = "";
        for (var i = 0; i < 3; i++)
        {
            using var answer = await server.Http.PostAsJsonAsync(
                "/api/2.0/mlflow/runs/create",
                new { experiment_id = "0" }
            );
            statuses.Add(answer.StatusCode);
            last = await answer.Content.ReadAsStringAsync();
        }

        Assert.Equal([HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.TooManyRequests], statuses);
        Assert.Contains("REQUEST_LIMIT_EXCEEDED", last, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("runs")]
    [InlineData("runs=many")]
    [InlineData("wishes=3")]
    public async Task A_quota_that_is_none_is_refused_at_the_start(string quota)
    {
        var ended = await Assert.ThrowsAsync<SlipwayEndedException>(() => SlipwayProcess.StartAsync("--quota", quota));
        Assert.Equal(2, ended.ExitCode);
    }

    private static Task<TrackingFixture> OpenAsync(string kind, string what, long limit) =>
        TrackingFixture.OpenAsync(kind, new Quotas(new Dictionary<string, long> { [what] = limit }));

    private static Metric[] Named(int first, int count) =>
        [.. Enumerable.Range(first, count).Select(i => new Metric($"m{i}", new MetricPoint(1, 1, 1)))];

    /// <summary>How many of so many attempts at once succeed; the others are told that there is no more.</summary>
    private static async Task<int> AskAsync<T>(int times, Func<Task<T>> ask)
    {
        var made = await Task.WhenAll(
            Enumerable
                .Range(0, times)
                .Select(async _ =>
                {
                    try
                    {
                        await ask();
                        return true;
                    }
                    catch (Fault fault) when (fault.Code == "quota.full")
                    {
                        return false;
                    }
                })
        );
        return made.Count(one => one);
    }
}
