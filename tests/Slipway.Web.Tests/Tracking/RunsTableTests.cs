using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Slipway.Web.Tests.Tracking;

public sealed class RunsTableTests(WebServer server, Chromium chromium)
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
    public async Task Runs_are_grouped_by_a_field_and_groups_open_to_their_runs()
    {
        var experiment = await server.ExperimentAsync("grouped");
        await server.RunAsync(experiment, "a", new() { ["loss"] = 1 }, new() { ["model"] = "gbt" });
        await server.RunAsync(experiment, "b", new() { ["loss"] = 3 }, new() { ["model"] = "gbt" });
        await server.RunAsync(experiment, "c", new() { ["loss"] = 9 }, new() { ["model"] = "it's <b>" });
        await using var visit = await chromium.VisitAsync(server.Address);
        var page = await visit.OpenAsync($"/experiments/{experiment}");

        await page.GetByLabel("Group runs").SelectOptionAsync("params.model");
        await Expect(page.GetByText("mean 2", new() { Exact = true })).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Open it's <b>" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "c", Exact = true })).ToBeVisibleAsync();
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "a", Exact = true })).ToHaveCountAsync(0);

        Assert.Contains("group=params.model", page.Url, StringComparison.Ordinal);
        Assert.Equal([], await visit.BarriersAsync());
        Assert.Empty(visit.Complaints);
    }

    [Fact]
    public async Task The_best_of_a_metric_is_a_column_of_its_own_that_can_be_pinned()
    {
        var experiment = await server.ExperimentAsync("best");
        foreach (var (name, losses) in new[] { ("dips", new[] { 0.9, 0.1, 0.8 }), ("falls", [0.9, 0.5, 0.3]) })
            await server.LogAsync(
                await server.RunAsync(experiment, name),
                losses.Select((loss, step) => ("loss", (long)step, loss))
            );
        await using var visit = await chromium.VisitAsync(server.Address);
        var page = await visit.OpenAsync($"/experiments/{experiment}");

        await page.GetByTitle("Choose columns").ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "best of loss" }).ClickAsync();
        await page.Keyboard.PressAsync("Escape");
        await Expect(page.GetByText("0.1000")).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "best (lowest) loss" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "best (lowest) loss" }).ClickAsync();
        await Expect(page.Locator("[role=row] a").First).ToHaveTextAsync("dips");
        await visit.OpenAsync($"{new Uri(page.Url).PathAndQuery}&pin=best.loss");

        await Expect(page.GetByRole(AriaRole.Columnheader).Nth(2)).ToContainTextAsync("best (lowest)");
        Assert.Empty(visit.Complaints);
    }

    [Fact]
    public async Task All_runs_that_match_are_tagged_at_once()
    {
        var experiment = await server.ExperimentAsync("tagged");
        foreach (var i in Enumerable.Range(0, 12))
            await server.RunAsync(experiment, $"run-{i}", new() { ["loss"] = i });
        await using var visit = await chromium.VisitAsync(server.Address);
        var page = await visit.OpenAsync($"/experiments/{experiment}?q=metrics.loss < 10");

        await page.GetByLabel("Select all runs that match").ClickAsync();
        await Expect(page.GetByText("10 runs selected")).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Tag", Exact = true }).ClickAsync();
        await page.GetByRole(AriaRole.Textbox, new() { Name = "Name" }).FillAsync("team");
        await page.GetByLabel("Value").FillAsync("pricing");
        Assert.Equal([], await visit.BarriersAsync());
        await page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Expect(page.GetByText("10 runs tagged team.")).ToBeVisibleAsync();
        await visit.OpenAsync($"/experiments/{experiment}?q=tags.team = 'pricing'");

        await Expect(page.GetByText("10 match")).ToBeVisibleAsync();
    }
}
