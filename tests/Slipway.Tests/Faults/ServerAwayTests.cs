using System.Diagnostics;
using Slipway.Sdk;
using Slipway.Sdk.Tracking;
using Slipway.Tests.Kit;

namespace Slipway.Tests.Faults;

/// <summary>The server goes away while a training logs: the training does not notice, and the run misses nothing.</summary>
public sealed class ServerAwayTests : IAsyncDisposable
{
    private readonly TestFolder spool = new();
    private readonly TestFolder data = new();
    private SlipwayProcess? process;
    private MovingServer? network;
    private SlipwayClient? client;

    /// <summary>Ten minutes in the long form, as a restart with a migration may take.</summary>
    private static TimeSpan Away => Seeds.Long ? TimeSpan.FromMinutes(10) : TimeSpan.FromSeconds(4);

    public async ValueTask DisposeAsync()
    {
        if (client is not null)
            await client.DisposeAsync();
        network?.Dispose();
        if (process is not null)
            await process.DisposeAsync();
        spool.Dispose();
        data.Dispose();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task No_call_fails_or_takes_a_second_and_all_of_it_arrives_in_order_and_once_afterwards(bool killed)
    {
        await StartAsync(new RunLogging());
        var run = await client!.StartRunAsync("away");
        var (steps, slowest) = (0L, TimeSpan.Zero);
        slowest = LogUntil(run, ref steps, TimeSpan.FromMilliseconds(300));
        // What was under way when it was killed may have been stored or not: it is sent again and is there once.
        if (killed)
            await process!.KillAsync();
        else
            await process!.StopAsync();
        slowest = Max(slowest, LogUntil(run, ref steps, killed ? TimeSpan.FromSeconds(2) : Away));
        Assert.Equal("client.unreachable", run.LastFault?.Code);
        await StartAgainAsync();
        slowest = Max(slowest, LogUntil(run, ref steps, TimeSpan.FromSeconds(1)));

        await run.FlushAsync().WaitAsync(TimeSpan.FromMinutes(2));
        await run.FinishAsync();

        var stored = await client.Runs.GetAsync(run.Id);
        var history = await client.Runs.HistoryAsync(run.Id, "loss").Select(point => point.Step).ToListAsync();
        Assert.True(slowest < TimeSpan.FromSeconds(1), $"a call took {slowest}");
        Assert.Equal(steps, history.Count);
        Assert.Equal(Enumerable.Range(0, (int)steps).Select(i => (long)i), history);
        Assert.Equal((steps - 1).ToString(System.Globalization.CultureInfo.InvariantCulture), stored.Tags["last"]);
        Assert.Equal(RunStatus.Finished, stored.Status);
        Assert.DoesNotContain("slipway.dropped_points", stored.Tags.Keys);
        Assert.Empty(Directory.EnumerateDirectories(spool.Path));
    }

    [Fact]
    public async Task A_full_spool_drops_points_counts_them_and_the_run_shows_the_number()
    {
        await StartAsync(new RunLogging { SpoolLimitBytes = 100_000 });
        var run = await client!.StartRunAsync("full");
        await process!.StopAsync();
        for (var i = 0; i < 100_000; i++)
        {
            run.Log("loss", i, i);
            if (i % 1000 == 0)
                run.Param($"p{i}", i);
        }
        await WaitUntilAsync(() => run.DroppedPoints > 0);
        await StartAgainAsync();
        await run.FlushAsync().WaitAsync(TimeSpan.FromMinutes(1));
        await run.FinishAsync();

        var stored = await client.Runs.GetAsync(run.Id);
        var count = await client.Runs.HistoryAsync(run.Id, "loss").CountAsync();
        Assert.Equal(100_000, count + run.DroppedPoints);
        Assert.Equal(
            run.DroppedPoints.ToString(System.Globalization.CultureInfo.InvariantCulture),
            stored.Tags["slipway.dropped_points"]
        );
        Assert.Equal(100, stored.Params.Count);
        Assert.Equal(RunStatus.Finished, stored.Status);
    }

    [Fact]
    public async Task What_a_process_could_not_send_before_it_ended_the_next_one_sends()
    {
        await StartAsync(new RunLogging { ClosePatience = TimeSpan.FromMilliseconds(200) });
        var run = await client!.StartRunAsync("ended away");
        await process!.StopAsync();
        for (var i = 0; i < 3000; i++)
            run.Log("loss", i, i);
        await run.FinishAsync();
        Assert.True(run.Unsent > 0);
        Assert.NotEmpty(Directory.EnumerateFiles(spool.Path, "*.jsonl", SearchOption.AllDirectories));
        await StartAgainAsync();

        await using var next = new SlipwayClient(
            "http://slipway.test",
            Options(new RunLogging()) with
            {
                Handler = network,
            }
        );
        var report = await next.SendSpooledAsync();

        Assert.Equal((1, 0, 0), (report.Runs, report.Left, report.Rejected));
        Assert.Equal(3000, await next.Runs.HistoryAsync(run.Id, "loss").CountAsync());
        Assert.Equal(RunStatus.Finished, (await next.Runs.GetAsync(run.Id)).Status);
        Assert.Empty(Directory.EnumerateDirectories(spool.Path));
    }

    [Fact]
    public async Task A_run_may_start_while_the_server_is_away_when_it_was_told_so()
    {
        await StartAsync(new RunLogging { StartWithoutServer = true });
        await process!.StopAsync();
        var clock = Stopwatch.StartNew();

        var run = await client!.StartRunAsync("started away", "first");
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(1));
        run.Log("loss", 0.5);
        await StartAgainAsync();
        await run.FlushAsync().WaitAsync(TimeSpan.FromMinutes(1));
        await run.FinishAsync();

        var stored = await client.Runs.GetAsync(run.Id);
        Assert.Equal(("first", RunStatus.Finished), (stored.Name, stored.Status));
        Assert.Equal(0.5, stored.Metrics["loss"].Value);
    }

    private async Task StartAsync(RunLogging logging)
    {
        process = await SlipwayProcess.StartAsync(new SlipwayStart { DataPath = data.Path });
        network = new MovingServer(process.Address);
        client = new SlipwayClient("http://slipway.test", Options(logging) with { Handler = network });
    }

    private async Task StartAgainAsync()
    {
        var next = await process!.StartAgainAsync();
        await process.DisposeAsync();
        process = next;
        network!.MoveTo(next.Address);
    }

    private SlipwayClientOptions Options(RunLogging logging) =>
        new() { Logging = logging with { SpoolFolder = spool.Path } };

    /// <summary>Logs without a pause, as fast as a training with tiny steps would; the longest any call took.</summary>
    private static TimeSpan LogUntil(ActiveRun run, ref long step, TimeSpan duration)
    {
        var slowest = TimeSpan.Zero;
        var clock = Stopwatch.StartNew();
        while (clock.Elapsed < duration)
        {
            var before = clock.Elapsed;
            run.Log("loss", 1.0 / (step + 1), step);
            run.Tag("last", step.ToString(System.Globalization.CultureInfo.InvariantCulture));
            slowest = Max(slowest, clock.Elapsed - before);
            step++;
            Thread.Sleep(TimeSpan.FromMilliseconds(1));
        }
        return slowest;
    }

    private static async Task WaitUntilAsync(Func<bool> condition)
    {
        for (var i = 0; i < 500 && !condition(); i++)
            await Task.Delay(20);
        Assert.True(condition());
    }

    private static TimeSpan Max(TimeSpan one, TimeSpan other) => one > other ? one : other;
}
