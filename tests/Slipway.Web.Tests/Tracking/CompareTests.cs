using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Slipway.Web.Tests.Tracking;

public sealed class CompareTests(WebServer server, Chromium chromium)
{
    [Fact]
    public async Task Selected_runs_are_compared_by_params_curves_and_plots()
    {
        var experiment = await server.ExperimentAsync("compared");
        foreach (var (name, depth, loss) in new[] { ("one", "3", 0.5), ("two", "5", 0.25), ("three", "7", 0.75) })
        {
            var run = await server.RunAsync(experiment, name, null, new() { ["depth"] = depth, ["seed"] = "1" });
            await server.LogAsync(run, Enumerable.Range(0, 20).Select(step => ("loss", (long)step, loss / (step + 1))));
        }
        await using var visit = await chromium.VisitAsync(server.Address);
        var page = await visit.OpenAsync($"/experiments/{experiment}");

        await page.GetByLabel("Select one").CheckAsync();
        await page.GetByLabel("Select two").CheckAsync();
        await page.GetByLabel("Select three").CheckAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Compare" }).ClickAsync();
        await page.GetByLabel("Only what differs").CheckAsync();
        await Expect(page.GetByRole(AriaRole.Rowheader, new() { Name = "depth" })).ToBeVisibleAsync();
        await Expect(page.GetByRole(AriaRole.Rowheader, new() { Name = "seed" })).ToHaveCountAsync(0);
        await Expect(page.GetByText("lowest")).ToBeVisibleAsync();
        Assert.Equal([], await visit.BarriersAsync());
        foreach (var (tab, name) in new[] { ("Curves", "loss, latest values"), ("Scatter", "loss by depth") })
        {
            await page.GetByRole(AriaRole.Link, new() { Name = tab, Exact = true }).ClickAsync();
            await Expect(page.GetByLabel(name)).ToBeVisibleAsync();
            Assert.Equal([], await visit.BarriersAsync());
        }
        await page.GetByRole(AriaRole.Link, new() { Name = "Parallel coordinates" }).ClickAsync();
        await Expect(page.GetByLabel("Runs as lines over the axes").Locator("path")).ToHaveCountAsync(3);

        Assert.Equal([], await visit.BarriersAsync());
        Assert.Empty(visit.Complaints);
    }

    [Fact]
    public async Task A_link_to_runs_of_which_some_are_gone_shows_the_others_and_says_so()
    {
        var experiment = await server.ExperimentAsync("half gone");
        var run = await server.RunAsync(experiment, "left");
        await using var visit = await chromium.VisitAsync(server.Address);

        var page = await visit.OpenAsync($"/compare?runs={run},0123456789abcdef0123456789abcdef");

        await Expect(page.GetByText("1 run of this link cannot be found")).ToBeVisibleAsync();
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "left" }).First).ToBeVisibleAsync();
    }
}
