using Slipway.Sdk;
using Slipway.Sdk.Tracking;

namespace Slipway.Tests.Sdk.Tracking;

public sealed class ActiveRunTests(RunningServer server) : IClassFixture<RunningServer>
{
    [Fact]
    public async Task What_is_logged_is_stored_when_the_flush_completes()
    {
        await using var run = await server.Client.StartRunAsync("flushed", "first");
        run.Param("rate", 0.1);
        run.Params(new Dictionary<string, object?> { ["depth"] = 6, ["note"] = null });
        run.Tag("stage", "dev");
        run.Log("loss", 0.5, 1);
        run.Log(new Dictionary<string, double> { ["loss"] = 0.25, ["acc"] = 0.9 }, 2);

        await run.FlushAsync();
        var stored = await server.Client.Runs.GetAsync(run.Id);

        Assert.Equal(RunStatus.Running, stored.Status);
        Assert.Equal(("0.1", "6", ""), (stored.Params["rate"], stored.Params["depth"], stored.Params["note"]));
        Assert.Equal(("dev", "first"), (stored.Tags["stage"], stored.Name));
        Assert.Equal((0.25, 2), (stored.Metrics["loss"].Value, stored.Metrics["loss"].Step));
        Assert.Equal(0, run.Unsent);
    }

    [Fact]
    public async Task Logged_values_arrive_without_being_asked_for()
    {
        await using var run = await server.Client.StartRunAsync("by itself");
        run.Log("loss", 0.5);

        for (var i = 0; i < 100 && (await server.Client.Runs.GetAsync(run.Id)).Metrics.Count == 0; i++)
            await Task.Delay(20);

        Assert.Equal(0.5, (await server.Client.Runs.GetAsync(run.Id)).Metrics["loss"].Value);
    }

    [Fact]
    public async Task A_finished_run_has_all_it_logged_and_its_end()
    {
        var run = await server.Client.StartRunAsync("finished");
        for (var step = 0; step < 2500; step++)
            run.Log("loss", step, step);

        await run.FinishAsync();
        await run.DisposeAsync();

        var stored = await server.Client.Runs.GetAsync(run.Id);
        Assert.Equal(RunStatus.Finished, stored.Status);
        Assert.True(stored.EndMs >= stored.StartMs);
        Assert.Equal(2500, await server.Client.Runs.HistoryAsync(run.Id, "loss").CountAsync());
    }

    [Fact]
    public async Task A_run_that_an_exception_leaves_has_failed()
    {
        ActiveRun? left = null;
        await Assert.ThrowsAsync<InvalidOperationException>(async () =>
        {
            await using var run = await server.Client.StartRunAsync("left");
            left = run;
            run.Log("loss", 1);
            throw new InvalidOperationException("broken");
        });

        var stored = await server.Client.Runs.GetAsync(left!.Id);
        Assert.Equal(RunStatus.Failed, stored.Status);
        Assert.Equal(1, stored.Metrics["loss"].Value);
    }

    [Theory]
    [InlineData("done", RunStatus.Finished)]
    [InlineData("cancelled", RunStatus.Killed)]
    [InlineData("broken", RunStatus.Failed)]
    public async Task Work_done_as_a_run_ends_it_as_it_ended_itself(string how, RunStatus status)
    {
        string? id = null;
        var work = server.Client.RunAsync(
            "work",
            run =>
            {
                id = run.Id;
                return how switch
                {
                    "done" => Task.CompletedTask,
                    "cancelled" => Task.FromCanceled(new CancellationToken(canceled: true)),
                    _ => Task.FromException(new InvalidOperationException()),
                };
            }
        );
        await ((Task)work).ConfigureAwait(
            ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext
        );

        Assert.Equal(how == "done", work.IsCompletedSuccessfully);
        Assert.Equal(status, (await server.Client.Runs.GetAsync(id!)).Status);
    }

    [Fact]
    public async Task What_the_server_refuses_is_lost_alone_counted_and_shown_in_the_run()
    {
        var run = await server.Client.StartRunAsync("refused");
        run.Param("depth", 6);
        await run.FlushAsync();
        for (var i = 0; i < 700; i++)
            run.Log("loss", i, i);
        run.Param("depth", 7);
        run.Param("rate", 0.1);
        run.Log("../bad name", 1);
        run.Tag("stage", "dev");

        await run.FinishAsync();

        var stored = await server.Client.Runs.GetAsync(run.Id);
        Assert.Equal(2, run.RejectedEntries);
        Assert.Equal("2", stored.Tags["slipway.rejected_entries"]);
        Assert.Equal(("6", "0.1", "dev"), (stored.Params["depth"], stored.Params["rate"], stored.Tags["stage"]));
        Assert.Equal(700, await server.Client.Runs.HistoryAsync(run.Id, "loss").CountAsync());
        Assert.Equal((RunStatus.Finished, FaultKind.Invalid), (stored.Status, run.LastFault!.Kind));
    }

    [Fact]
    public async Task Many_threads_log_to_one_run_and_nothing_is_lost()
    {
        const int Threads = 8;
        const int Points = 5000;
        var run = await server.Client.StartRunAsync("threads");

        await Task.WhenAll(
            Enumerable
                .Range(0, Threads)
                .Select(thread =>
                    Task.Run(() =>
                    {
                        for (var step = 0; step < Points; step++)
                            run.Log($"m{thread}", step, step);
                    })
                )
        );
        await run.FlushAsync();
        await run.FinishAsync();

        var series = await server.Client.Runs.HistoriesAsync(new HistoryQuery { RunIds = [run.Id], MaxPoints = 0 });
        Assert.Equal(Threads, series.Count);
        Assert.All(series, one => Assert.Equal(Points, one.Total));
        Assert.Equal((0, 0), (run.DroppedPoints, run.RejectedEntries));
    }

    [Fact]
    public async Task A_run_of_an_earlier_process_goes_on()
    {
        var first = await server.Client.StartRunAsync("resumed");
        first.Log("loss", 1, 1);
        await first.DisposeAsync();

        var second = await server.Client.ResumeRunAsync(first.Id);
        Assert.Equal(RunStatus.Running, (await server.Client.Runs.GetAsync(first.Id)).Status);
        second.Log("loss", 2, 2);
        await second.FinishAsync();

        var stored = await server.Client.Runs.GetAsync(first.Id);
        Assert.Equal(RunStatus.Finished, stored.Status);
        Assert.Equal(2, await server.Client.Runs.HistoryAsync(first.Id, "loss").CountAsync());
    }

    [Fact]
    public async Task Logging_to_an_ended_run_changes_nothing_and_does_not_throw()
    {
        var run = await server.Client.StartRunAsync("ended");
        await run.FinishAsync();

        run.Log("loss", 1);
        await run.FlushAsync();
        await run.FinishAsync(RunStatus.Failed);

        var stored = await server.Client.Runs.GetAsync(run.Id);
        Assert.Empty(stored.Metrics);
        Assert.Equal(RunStatus.Finished, stored.Status);
    }

    [Fact]
    public async Task Without_a_server_a_run_does_not_start_and_the_fault_says_what_to_do()
    {
        await using var client = new SlipwayClient("http://127.0.0.1:9", new SlipwayClientOptions { Retries = 0 });

        var fault = await Assert.ThrowsAsync<Fault>(() => client.StartRunAsync("nowhere"));

        Assert.Equal((FaultKind.Unavailable, "client.unreachable"), (fault.Kind, fault.Code));
        Assert.Contains("slipway up", fault.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public void An_address_that_is_none_is_refused_at_once()
    {
        var fault = Assert.Throws<Fault>(() => new SlipwayClient("localhost:5000"));

        Assert.Equal("client.address", fault.Code);
    }
}
