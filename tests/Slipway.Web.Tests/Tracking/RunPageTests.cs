using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Slipway.Web.Tests.Tracking;

public sealed class RunPageTests(WebServer server, Chromium chromium)
{
    [Fact]
    public async Task Values_and_charts_move_on_within_a_second_while_the_run_logs()
    {
        var experiment = await server.ExperimentAsync("moving");
        var run = await server.RunAsync(experiment, "training");
        await server.LogAsync(run, [("loss", 0, 0.9), ("loss", 1, 0.8)]);
        await using var visit = await chromium.VisitAsync(server.Address);
        var page = await visit.OpenAsync($"/runs/{run}?tab=metrics");
        await Expect(page.GetByLabel("loss, latest values")).ToBeVisibleAsync();
        await Expect(page.GetByText("Live")).ToBeVisibleAsync();

        await server.LogAsync(run, [("loss", 2, 0.125)]);

        await Expect(page.GetByText("0.1250")).ToBeVisibleAsync(new() { Timeout = 3000 });
        await Expect(page.GetByLabel("training: 0.1250")).ToBeVisibleAsync(new() { Timeout = 3000 });
        Assert.Empty(visit.Complaints);
    }

    [Fact]
    public async Task How_charts_are_drawn_is_part_of_the_address()
    {
        var experiment = await server.ExperimentAsync("drawn");
        var run = await server.RunAsync(experiment, "curved");
        await server.LogAsync(
            run,
            Enumerable.Range(0, 3000).Select(step => ("loss", (long)step, step == 1500 ? double.NaN : 1.0 / (step + 1)))
        );
        await using var visit = await chromium.VisitAsync(server.Address);
        var page = await visit.OpenAsync($"/runs/{run}?tab=metrics");

        await page.GetByRole(AriaRole.Button, new() { Name = "Log", Exact = true }).ClickAsync();
        await page.GetByLabel("Smoothing").FillAsync("0.6");
        await Expect(page.GetByText("of 3\u202f000 points, highs and lows kept")).ToBeVisibleAsync();
        await page.ReloadAsync();

        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Log", Exact = true }))
            .ToHaveAttributeAsync("aria-pressed", "true");
        await Expect(page.GetByLabel("Smoothing")).ToHaveValueAsync("0.6");
        await Expect(page.Locator("canvas")).ToBeVisibleAsync();
        Assert.Empty(visit.Complaints);
    }

    [Fact]
    public async Task A_description_tags_and_the_name_can_be_changed()
    {
        var experiment = await server.ExperimentAsync("edited");
        var run = await server.RunAsync(experiment, "before");
        await using var visit = await chromium.VisitAsync(server.Address);
        var page = await visit.OpenAsync($"/runs/{run}");

        await page.GetByRole(AriaRole.Button, new() { Name = "Edit the description" }).ClickAsync();
        await page.GetByLabel("Markdown").FillAsync("# What came of it\n\n- **better** than the last");
        await page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "What came of it" })).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Add a tag" }).ClickAsync();
        await page.GetByRole(AriaRole.Textbox, new() { Name = "Name" }).FillAsync("team");
        await page.GetByLabel("Value").FillAsync("pricing");
        await page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Rowheader, new() { Name = "team" })).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Rename" }).ClickAsync();
        await page.GetByRole(AriaRole.Textbox, new() { Name = "Name" }).FillAsync("after");
        await page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();

        await Expect(page.Locator("h1")).ToContainTextAsync("after");
        Assert.Empty(visit.Complaints);
    }

    [Fact]
    public async Task Artifacts_are_shown_as_what_they_are_and_nothing_in_them_runs()
    {
        var experiment = await server.ExperimentAsync("artifacts");
        var run = await server.RunAsync(experiment, "with files");
        const string attack = "<script>parent.document.title='taken'; alert(1)</script><img src=x onerror=alert(2)>";
        await server.UploadAsync(run, "notes.md", $"# Notes\n{attack}\n[x](javascript:alert(3))");
        await server.UploadAsync(run, "report.html", $"<h1>Report</h1>{attack}");
        await server.UploadAsync(
            run,
            "drawing.svg",
            "<svg xmlns='http://www.w3.org/2000/svg' width='40' height='40' onload='alert(4)'><script>alert(5)</script><rect width='40' height='40'/></svg>"
        );
        await server.UploadAsync(run, "tables/rows.csv", "name,fare\n\"a, b\",12.5\n=cmd(),7\n");
        await using var visit = await chromium.VisitAsync(server.Address);
        var page = await visit.OpenAsync($"/runs/{run}?tab=artifacts");

        await page.GetByText("notes.md").ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Notes", Exact = true })).ToBeVisibleAsync();
        await page.GetByText("report.html").ClickAsync();
        await Expect(page.FrameLocator("iframe").GetByText("Report")).ToBeVisibleAsync();
        Assert.Equal("", await page.Locator("iframe").GetAttributeAsync("sandbox"));
        await page.GetByText("drawing.svg").ClickAsync();
        await Expect(page.GetByRole(AriaRole.Img, new() { Name = "drawing.svg" })).ToBeVisibleAsync();
        await page.GetByText("tables").ClickAsync();
        await page.GetByText("rows.csv").ClickAsync();
        await Expect(page.GetByRole(AriaRole.Cell, new() { Name = "a, b" })).ToBeVisibleAsync();

        Assert.Contains("file=tables", page.Url, StringComparison.Ordinal);
        Assert.DoesNotContain("taken", await page.TitleAsync(), StringComparison.Ordinal);
        // The frame refuses its scripts, and the browser says so; nothing else may be said.
        Assert.All(
            visit.Complaints,
            complaint => Assert.Contains("Blocked script", complaint, StringComparison.Ordinal)
        );
    }
}
