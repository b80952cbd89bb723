using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Slipway.Web.Tests.Registry;

public sealed class ModelPagesTests(WebServer server, Chromium chromium)
{
    [Fact]
    public async Task A_run_registers_a_model_whose_alias_moves_on_and_is_rolled_back()
    {
        var experiment = await server.ExperimentAsync("registered");
        var run = await server.RunAsync(experiment, "fitted", new() { ["loss"] = 0.25 });
        await server.UploadAsync(run, "model/MLmodel", "flavors: {}\n");
        await using var visit = await chromium.VisitAsync(server.Address);
        var page = await visit.OpenAsync($"/runs/{run}");

        await page.GetByRole(AriaRole.Button, new() { Name = "Register a model" }).ClickAsync();
        await page.GetByRole(AriaRole.Textbox, new() { Name = "Model" }).FillAsync("fares");
        Assert.Equal([], await visit.BarriersAsync());
        await page.GetByRole(AriaRole.Button, new() { Name = "Register", Exact = true }).ClickAsync();
        await Expect(page.Locator("h1")).ToContainTextAsync("fares · version 1");
        await Expect(page.GetByRole(AriaRole.Region, new() { Name = "Lineage" })).ToContainTextAsync("fitted");

        await page.GetByRole(AriaRole.Button, new() { Name = "Give an alias" }).ClickAsync();
        await page.GetByRole(AriaRole.Textbox, new() { Name = "Alias" }).FillAsync("champion");
        await page.GetByRole(AriaRole.Button, new() { Name = "Give", Exact = true }).ClickAsync();
        await Expect(page.Locator("h1")).ToContainTextAsync("champion");

        await server.RegisterAsync("fares", run);
        await visit.OpenAsync("/#/models/fares");
        var aliases = page.GetByLabel("Aliases of the model");
        await page.GetByRole(AriaRole.Button, new() { Name = "Move", Exact = true }).ClickAsync();
        await page.GetByLabel("Version", new() { Exact = true }).SelectOptionAsync("2");
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Move" }).ClickAsync();
        await Expect(aliases).ToContainTextAsync("Version 2");
        await page.GetByRole(AriaRole.Button, new() { Name = "Roll back" }).ClickAsync();
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Move" }).ClickAsync();
        await Expect(aliases).ToContainTextAsync("Version 1");
        Assert.Equal([], await visit.BarriersAsync());

        await page.Keyboard.PressAsync("Control+k");
        await page.GetByLabel("Search everything").FillAsync("fares");
        await Expect(page.GetByRole(AriaRole.Option, new() { Name = "fares" }).First).ToBeVisibleAsync();
        Assert.Empty(visit.Complaints);
    }
}
