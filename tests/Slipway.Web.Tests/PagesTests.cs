using static Microsoft.Playwright.Assertions;

namespace Slipway.Web.Tests;

/// <summary>What holds for every page, in both themes and on a telephone.</summary>
public sealed class PagesTests(WebServer server, Chromium chromium)
{
    private const string Hostile = "\"><img src=x onerror=alert(1)><script>alert(2)</script>";

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, true)]
    public async Task No_page_has_a_barrier_or_a_script_error(bool dark, bool narrow)
    {
        var experiment = await server.ExperimentAsync($"barriers {dark} {narrow}");
        var run = await server.RunAsync(experiment, "some", new() { ["loss"] = 1 }, new() { ["depth"] = "3" });
        var empty = await server.ExperimentAsync($"empty {dark} {narrow}");
        await server.RegisterAsync("listed", run, "What it is for.");
        await using var visit = await chromium.VisitAsync(server.Address, dark, narrow);
        foreach (var path in Paths(experiment, empty, run))
        {
            var page = await visit.OpenAsync(path);
            await Expect(page.Locator("h1, h2").First).ToBeVisibleAsync();
            await page.WaitForLoadStateAsync(Microsoft.Playwright.LoadState.Load);
            await page.WaitForTimeoutAsync(400);

            Assert.Equal([], await visit.BarriersAsync());
            Assert.Equal([], visit.Complaints);
        }
    }

    [Fact]
    public async Task What_somebody_writes_is_shown_and_never_run_on_any_page()
    {
        var note = $"{Hostile}\n[link](javascript:alert(3))";
        var experiment = await server.ExperimentAsync(Hostile);
        var run = await server.RunAsync(
            experiment,
            Hostile,
            new() { ["loss"] = 1 },
            new() { ["p"] = Hostile },
            new()
            {
                ["mlflow.note.content"] = note,
                ["t"] = Hostile,
                ["mlflow.source.name"] = Hostile,
                ["mlflow.git.diff"] = $"+{Hostile}",
            }
        );
        await server.UploadAsync(run, "logs/<img src=x onerror=alert(4)>.log", Hostile);
        await server.UploadAsync(run, "model/requirements.txt", Hostile);
        await server.RegisterAsync("hostile", run, note);
        await server.RegisterAsync("listed", run);
        await server.PostAsync("/api/v1/roles", new { name = "hostile", description = Hostile });
        await server.PostAsync("/api/v1/workspaces", new { name = "hostile", description = Hostile });
        await using var visit = await chromium.VisitAsync(server.Address);
        foreach (var path in Paths(experiment, experiment, run).Append("/models/hostile"))
        {
            var page = await visit.OpenAsync(path);
            await Expect(page.Locator("h1, h2").First).ToBeVisibleAsync();
            await page.WaitForTimeoutAsync(400);

            Assert.Equal(0, await page.Locator("img[src=x], a[href^='javascript:']").CountAsync());
            Assert.Empty(visit.Complaints);
        }
    }

    [Fact]
    public async Task Addresses_of_mlflow_open_the_same_thing_here()
    {
        var experiment = await server.ExperimentAsync("linked");
        await server.RunAsync(experiment, "from a notebook");
        await using var visit = await chromium.VisitAsync(server.Address);

        var page = await visit.OpenAsync($"/#/experiments/{experiment}");

        await Expect(page.Locator("h1")).ToHaveTextAsync("linked");
        Assert.EndsWith($"/experiments/{experiment}", page.Url, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Search_opens_by_keyboard_and_leads_to_what_it_found()
    {
        await server.ExperimentAsync("needle in the hay");
        await using var visit = await chromium.VisitAsync(server.Address);
        var page = await visit.OpenAsync("/experiments");
        await Expect(page.Locator("h1")).ToBeVisibleAsync();

        await page.Keyboard.PressAsync("Control+k");
        await page.GetByLabel("Search everything").FillAsync("NEEDLE");
        await Expect(page.GetByRole(Microsoft.Playwright.AriaRole.Option)).ToHaveCountAsync(1);
        Assert.Equal([], await visit.BarriersAsync());
        await page.Keyboard.PressAsync("Enter");

        await Expect(page.Locator("h1")).ToHaveTextAsync("needle in the hay");
    }

    [Fact]
    public async Task A_page_that_is_not_there_says_so()
    {
        await using var visit = await chromium.VisitAsync(server.Address);

        var page = await visit.OpenAsync("/experiments/987654321");

        await Expect(page.GetByRole(Microsoft.Playwright.AriaRole.Alert)).ToContainTextAsync("987654321");
    }

    [Fact]
    public async Task A_link_of_mlflow_to_a_run_opens_the_run()
    {
        var experiment = await server.ExperimentAsync("linked run");
        var run = await server.RunAsync(experiment, "from a chat");
        await using var visit = await chromium.VisitAsync(server.Address);

        var page = await visit.OpenAsync($"/#/experiments/{experiment}/runs/{run}");

        await Expect(page.Locator("h1")).ToContainTextAsync("from a chat");
    }

    private static IEnumerable<string> Paths(string experiment, string empty, string run) =>
        [
            "/experiments",
            $"/experiments/{experiment}",
            $"/experiments/{empty}",
            $"/runs/{run}",
            $"/runs/{run}?tab=metrics",
            $"/runs/{run}?tab=artifacts",
            $"/runs/{run}?tab=inputs",
            $"/runs/{run}?tab=code",
            $"/runs/{run}?tab=logs",
            $"/experiments/{experiment}?group=params.p",
            $"/experiments/{experiment}?tab=charts",
            $"/compare?runs={run}",
            $"/compare?runs={run}&tab=code",
            "/traces",
            "/models",
            "/models?tab=webhooks",
            "/models/listed",
            "/models/listed/versions/1",
            "/settings",
            "/settings?tab=roles",
            "/settings?tab=workspaces",
            "/audit",
        ];
}
