using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Slipway.Web.Tests.Tracking;

public sealed class RunsTableTests(WebServer server, Chromium chromium) : IClassFixture<WebServer>
{
    [Fact]
    public async Task An_empty_experiment_says_how_to_log_and_shows_the_first_run_the_moment_it_starts()
    {
        var experiment = await server.ExperimentAsync("first steps");
        await using var visit = await chromium.VisitAsync(server.Address);
        var page = await visit.OpenAsync($"/experiments/{experiment}");

        await Expect(page.GetByText("No run yet")).ToBeVisibleAsync();
        await Expect(page.GetByLabel("Example in Python")).ToContainTextAsync("mlflow.set_experiment(\"first steps\")");
        await Expect(page.GetByText("Live")).ToBeVisibleAsync();
        await server.RunAsync(experiment, "my-first-run");

        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "my-first-run" }))
            .ToBeVisibleAsync(new() { Timeout = 3000 });
        Assert.Empty(visit.Complaints);
    }

    [Fact]
    public async Task New_runs_are_announced_and_values_change_in_place_without_a_reload()
    {
        var experiment = await server.ExperimentAsync("announced");
        var run = await server.RunAsync(experiment, "old", new() { ["loss"] = 0.5 });
        await using var visit = await chromium.VisitAsync(server.Address);
        var page = await visit.OpenAsync($"/experiments/{experiment}");
        await Expect(page.GetByText("0.5000")).ToBeVisibleAsync();
        await Expect(page.GetByText("Live")).ToBeVisibleAsync();

        await server.LogAsync(run, [("loss", 1, 0.25)]);
        await server.RunAsync(experiment, "young");

        await Expect(page.GetByText("0.2500")).ToBeVisibleAsync(new() { Timeout = 3000 });
        await Expect(page.GetByText("young", new() { Exact = true })).ToHaveCountAsync(0);
        await page.GetByText("1 new run").ClickAsync();
        await Expect(page.GetByText("young", new() { Exact = true })).ToBeVisibleAsync();
        await Expect(page.GetByText("2 runs", new() { Exact = true })).ToBeVisibleAsync();
    }

    [Fact]
    public async Task A_filter_is_part_of_the_address_and_says_where_it_is_wrong()
    {
        var experiment = await server.ExperimentAsync("filtered");
        await server.RunAsync(experiment, "good", new() { ["loss"] = 0.1 });
        await server.RunAsync(experiment, "poor", new() { ["loss"] = 0.9 });
        await using var visit = await chromium.VisitAsync(server.Address);
        var page = await visit.OpenAsync($"/experiments/{experiment}");

        await page.GetByLabel("Filter runs").FillAsync("metrics.loss < 0.5");
        await Expect(page.GetByText("1 match")).ToBeVisibleAsync();
        await Expect(page.GetByText("poor")).ToHaveCountAsync(0);
        Assert.Contains("metrics.loss", new Uri(page.Url).Query, StringComparison.Ordinal);

        await page.ReloadAsync();
        await Expect(page.GetByLabel("Filter runs")).ToHaveValueAsync("metrics.loss < 0.5");
        await Expect(page.GetByText("1 match")).ToBeVisibleAsync();

        await page.GetByLabel("Filter runs").FillAsync("metrics.loss <");
        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("character");
    }

    [Fact]
    public async Task Names_are_offered_while_a_filter_is_written()
    {
        var experiment = await server.ExperimentAsync("offered");
        await server.RunAsync(experiment, "one", new() { ["val loss"] = 0.1 });
        await using var visit = await chromium.VisitAsync(server.Address);
        var page = await visit.OpenAsync($"/experiments/{experiment}");
        await Expect(page.GetByRole(AriaRole.Columnheader, new() { Name = "val loss" })).ToBeVisibleAsync();

        await page.GetByLabel("Filter runs").PressSequentiallyAsync("metr");
        await page.GetByRole(AriaRole.Option, new() { Name = "metrics.`val loss`" }).ClickAsync();

        await Expect(page.GetByLabel("Filter runs")).ToHaveValueAsync("metrics.`val loss` ");
    }

    [Fact]
    public async Task Columns_and_order_are_part_of_the_address()
    {
        var experiment = await server.ExperimentAsync("arranged");
        await server.RunAsync(experiment, "a", new() { ["loss"] = 0.3 }, new() { ["depth"] = "3" });
        await server.RunAsync(experiment, "b", new() { ["loss"] = 0.1 }, new() { ["depth"] = "5" });
        await using var visit = await chromium.VisitAsync(server.Address);
        var page = await visit.OpenAsync($"/experiments/{experiment}");

        await page.GetByRole(AriaRole.Button, new() { Name = "loss" }).ClickAsync();
        await Expect(page.Locator("[role=row] a").First).ToHaveTextAsync("a");
        await page.GetByRole(AriaRole.Button, new() { Name = "loss" }).ClickAsync();
        await Expect(page.Locator("[role=row] a").First).ToHaveTextAsync("b");
        await page.GetByTitle("Choose columns").ClickAsync();
        await page.GetByRole(AriaRole.Checkbox, new() { Name = "depth" }).UncheckAsync();
        await page.Keyboard.PressAsync("Escape");

        await Expect(page.GetByRole(AriaRole.Columnheader, new() { Name = "depth" })).ToHaveCountAsync(0);
        await page.ReloadAsync();
        await Expect(page.Locator("[role=row] a").First).ToHaveTextAsync("b");
        await Expect(page.GetByRole(AriaRole.Columnheader, new() { Name = "depth" })).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task Runs_moved_to_the_bin_come_back_by_undo()
    {
        var experiment = await server.ExperimentAsync("binned");
        await server.RunAsync(experiment, "kept");
        await server.RunAsync(experiment, "thrown");
        await using var visit = await chromium.VisitAsync(server.Address);
        var page = await visit.OpenAsync($"/experiments/{experiment}");

        await page.GetByLabel("Select thrown").CheckAsync();
        await page.GetByText("Move to the bin").ClickAsync();
        await Expect(page.GetByText("1 run moved to the bin.")).ToBeVisibleAsync();
        await Expect(page.GetByText("1 run", new() { Exact = true })).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Undo" }).ClickAsync();

        await Expect(page.GetByText("2 runs", new() { Exact = true })).ToBeVisibleAsync();
        Assert.Empty(visit.Complaints);
    }

    [Fact]
    public async Task Thousands_of_runs_scroll_without_a_blank_frame()
    {
        var isLong = Environment.GetEnvironmentVariable("SLIPWAY_TEST_LONG") == "1";
        var count = isLong ? 100_000 : 1_500;
        var experiment = await server.ExperimentAsync("many");
        await Parallel.ForEachAsync(
            Enumerable.Range(0, count),
            new ParallelOptions { MaxDegreeOfParallelism = 32 },
            async (i, _) =>
                await server.RunAsync(experiment, $"run-{i}", new() { ["loss"] = i }, new() { ["i"] = $"{i}" })
        );
        await using var visit = await chromium.VisitAsync(server.Address);
        var page = await visit.OpenAsync($"/experiments/{experiment}");
        await Expect(page.Locator("[role=row] a").First).ToBeVisibleAsync();

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
}
