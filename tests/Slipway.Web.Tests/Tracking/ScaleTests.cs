using System.Diagnostics;
using System.Globalization;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Slipway.Web.Tests.Tracking;

/// <summary>Very many runs and very many curves, in the whole number when the long forms of the tests run.</summary>
[Collection(nameof(Alone))]
public sealed class ScaleTests(WebServer server, Chromium chromium, ITestOutputHelper output)
{
    private static readonly bool IsLong = Environment.GetEnvironmentVariable("SLIPWAY_TEST_LONG") == "1";

    [Fact]
    public async Task A_table_of_very_many_runs_is_there_at_once_and_scrolls_without_a_blank_frame()
    {
        var count = IsLong ? 100_000 : 5_000;
        var experiment = await server.ExperimentAsync("many");
        await EachAsync(
            count,
            i => server.RunAsync(experiment, $"run-{i}", new() { ["loss"] = i }, new() { ["i"] = $"{i}" })
        );
        await using var visit = await chromium.VisitAsync(server.Address);
        var page = visit.Page;
        // What a second visit finds: the program has run for a while, and the browser has seen the page before.
        await OpenedAsync(page, experiment);
        var took = await OpenedAsync(page, experiment);
        output.WriteLine($"first useful paint of {count} runs: {took.TotalMilliseconds:F0} ms, {Load()}");
        Assert.InRange(took, TimeSpan.Zero, Quietly(TimeSpan.FromSeconds(1.5)));

        // In every frame of a scroll through the whole table, rows fill the view down to its end.
        var fewest = await page.EvaluateAsync<int>(
            """
            async () => {
              const grid = document.querySelector('[role=grid]');
              let fewest = Infinity;
              for (let i = 0; i <= 120; i++) {
                grid.scrollTop = (grid.scrollHeight - grid.clientHeight) * i / 120;
                await new Promise(requestAnimationFrame);
                await new Promise((done) => setTimeout(done));
                fewest = Math.min(fewest, grid.querySelectorAll('[aria-rowindex]').length - 1);
              }
              return fewest;
            }
            """
        );

        var rowsInView = await page.EvaluateAsync<int>(
            "() => Math.floor((document.querySelector('[role=grid]').clientHeight - 44) / 38)"
        );
        Assert.True(fewest >= rowsInView, $"A frame had {fewest} rows where {rowsInView} fit.");
        await Expect(page.Locator($"[aria-rowindex='{count + 1}'] a")).ToBeVisibleAsync();
        await Expect(page.GetByText($"{count / 1000}\u202f{count % 1000:000} runs")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Very_many_curves_are_drawn_within_two_seconds()
    {
        var (curves, points) = IsLong ? (1000, 10_000) : (200, 1_000);
        var experiment = await server.ExperimentAsync("curves");
        await EachAsync(
            curves,
            async i =>
                await server.LogAsync(
                    await server.RunAsync(experiment, $"curve-{i}"),
                    Enumerable
                        .Range(0, points)
                        .Select(step => ("loss", (long)step, Math.Exp(-step / 1000.0) + (i % 50)))
                )
        );
        await using var visit = await chromium.VisitAsync(server.Address);
        var page = visit.Page;
        await DrawnAsync(page, experiment);
        var took = await DrawnAsync(page, experiment);

        output.WriteLine($"{curves} curves of {points} points: {took.TotalMilliseconds:F0} ms, {Load()}");
        Assert.InRange(took, TimeSpan.Zero, Quietly(TimeSpan.FromSeconds(2)));
        await Expect(page.GetByText("highs and lows kept")).ToBeVisibleAsync();
        Assert.Empty(visit.Complaints);
    }

    private static async Task<TimeSpan> OpenedAsync(IPage page, string experiment)
    {
        var clock = Stopwatch.StartNew();
        await page.GotoAsync($"/experiments/{experiment}", new() { WaitUntil = WaitUntilState.Commit });
        await page.Locator("[role=row] a").First.WaitForAsync();
        return clock.Elapsed;
    }

    private static async Task<TimeSpan> DrawnAsync(IPage page, string experiment)
    {
        var clock = Stopwatch.StartNew();
        await page.GotoAsync($"/experiments/{experiment}?tab=charts", new() { WaitUntil = WaitUntilState.Commit });
        await page.Locator("canvas").First.WaitForAsync();
        // The picture stands when the frame after it has begun.
        await page.EvaluateAsync("() => new Promise((done) => requestAnimationFrame(() => setTimeout(done)))");
        return clock.Elapsed;
    }

    private static Task EachAsync(int count, Func<int, Task> act) =>
        Parallel.ForEachAsync(
            Enumerable.Range(0, count),
            new ParallelOptions { MaxDegreeOfParallelism = 32 },
            async (i, _) => await act(i)
        );

    /// <summary>The limits are meant for a machine that does nothing else; where others work, their share is added.</summary>
    private static TimeSpan Quietly(TimeSpan limit) => limit * (1 + LoadAverage());

    private static string Load() => $"load {LoadAverage():F1} on {Environment.ProcessorCount} cores";

    private static double LoadAverage() =>
        double.Parse(File.ReadAllText("/proc/loadavg").Split(' ')[0], CultureInfo.InvariantCulture);
}

/// <summary>What is measured runs when nothing else does.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;
