using System.Diagnostics;
using System.Net;
using Slipway.Sdk;
using Slipway.Sdk.Tracking;

namespace Slipway.Tests.Sdk.Tracking;

public sealed class FollowTests(RunningServer server) : IClassFixture<RunningServer>
{
    [Fact]
    public async Task A_follower_sees_the_run_as_it_is_and_what_it_logs_within_a_second()
    {
        var run = await server.Client.StartRunAsync("followed");
        run.Log("loss", 1, 1);
        await run.FlushAsync();
        await using var updates = server.Client.Runs.FollowAsync(run.Id).GetAsyncEnumerator();
        Assert.True(await updates.MoveNextAsync());
        var first = updates.Current;

        var clock = Stopwatch.StartNew();
        run.Log("loss", 0.5, 2);
        Assert.True(await updates.MoveNextAsync());
        var elapsed = clock.Elapsed;
        var second = updates.Current;
        await run.FinishAsync();
        Assert.True(await updates.MoveNextAsync());

        Assert.Equal((run.Id, 1), (first.Run!.Id, first.Series.Single().Values.Single()));
        Assert.Equal((0.5, 2), (second.Points.Single().Values.Single(), second.Points.Single().Steps.Single()));
        Assert.Null(second.Run);
        Assert.True(elapsed < TimeSpan.FromSeconds(1), $"it took {elapsed}");
        Assert.Equal(RunStatus.Finished, updates.Current.Run!.Status);
    }

    [Fact]
    public async Task Only_the_metrics_asked_for_are_followed_and_long_ones_are_thinned()
    {
        var run = await server.Client.StartRunAsync("followed in part");
        for (var i = 0; i < 5000; i++)
        {
            run.Log("a/b", i, i);
            run.Log("c", i, i);
        }
        await run.FinishAsync();

        await using var updates = server.Client.Runs.FollowAsync(run.Id, ["a/b"]).GetAsyncEnumerator();
        await updates.MoveNextAsync();

        var series = Assert.Single(updates.Current.Series);
        Assert.Equal(("a/b", 5000), (series.Key, series.Total));
        Assert.InRange(series.Values.Count, 500, 1000);
    }

    [Fact]
    public async Task A_run_that_is_not_there_cannot_be_followed()
    {
        var fault = await Assert.ThrowsAsync<Fault>(async () =>
            await server.Client.Runs.FollowAsync("nobody").FirstAsync()
        );

        Assert.Equal("run.not_found", fault.Code);
    }

    [Fact]
    public async Task A_page_of_a_foreign_origin_is_refused_and_one_of_this_machine_is_not()
    {
        var run = await server.Client.StartRunAsync("origin");
        await run.FinishAsync();

        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(run.Id, "Origin", "https://evil.example"));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(run.Id, "Origin", "http://localhost:5173"));
    }

    [Fact]
    public async Task A_run_of_another_workspace_does_not_exist()
    {
        var run = await server.Client.StartRunAsync("workspace");
        await run.FinishAsync();

        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(run.Id, "X-Slipway-Workspace", "elsewhere"));
    }

    [Fact]
    public async Task Those_who_follow_do_not_keep_the_server_from_stopping()
    {
        await using var other = await Kit.SlipwayProcess.StartAsync();
        await using var client = new SlipwayClient(other.Address, new SlipwayClientOptions { Retries = 0 });
        var run = await client.Runs.EnsureAsync(RunsClient.NewId(), new RunCreate { Experiment = "stopping" });
        await using var updates = client.Runs.FollowAsync(run.Id).GetAsyncEnumerator();
        await updates.MoveNextAsync();

        var clock = Stopwatch.StartNew();
        Assert.Equal(0, await other.StopAsync());

        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(5), $"it took {clock.Elapsed}");
    }

    private async Task<HttpStatusCode> StatusAsync(string runId, string header, string value)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/v1/runs/{runId}/live");
        request.Headers.Add(header, value);
        using var answer = await server.Process.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        return answer.StatusCode;
    }
}
