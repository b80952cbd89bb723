using System.Net;
using System.Net.Http.Headers;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Slipway.Web.Tests.Identity;

public sealed class PeopleTests(Chromium chromium)
{
    [Fact]
    public async Task An_admin_adds_somebody_makes_a_token_and_proves_the_record_of_it()
    {
        await using var server = await Login.StartAsync();
        await using var visit = await chromium.VisitAsync(server.Address);
        var page = await visit.OpenAsync("/settings");
        await Login.SignInAsync(page, Login.Admin);

        await page.GetByRole(AriaRole.Button, new() { Name = "Add somebody" }).ClickAsync();
        await page.GetByLabel("User name").FillAsync("grace");
        await page.GetByLabel("Password").FillAsync("short");
        await page.GetByRole(AriaRole.Button, new() { Name = "Add", Exact = true }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Alert)).ToContainTextAsync("at least 12");
        await page.GetByLabel("Password").FillAsync(Login.Password);
        await page.GetByRole(AriaRole.Button, new() { Name = "Add", Exact = true }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Rowheader, new() { Name = "grace" })).ToBeVisibleAsync();
        Assert.Equal([], await visit.BarriersAsync());

        await page.GetByRole(AriaRole.Link, new() { Name = "Tokens" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "New token" }).ClickAsync();
        await page.GetByRole(AriaRole.Textbox, new() { Name = "Name" }).FillAsync("night job");
        await page.GetByRole(AriaRole.Button, new() { Name = "Make it" }).ClickAsync();
        var shown = page.GetByRole(AriaRole.Dialog, new() { Name = "The new token" });
        var secret = await shown.Locator("code").First.InnerTextAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/session");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", secret);
        using var answer = await server.Http.SendAsync(request);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal([], await visit.BarriersAsync());
        await shown.GetByRole(AriaRole.Button, new() { Name = "Close" }).ClickAsync();
        await Expect(page.GetByText("night job")).ToBeVisibleAsync();

        await page.GetByRole(AriaRole.Link, new() { Name = "Audit" }).ClickAsync();
        await page.GetByRole(AriaRole.Checkbox, new() { Name = "All workspaces" }).CheckAsync();
        await Expect(page.GetByRole(AriaRole.Cell, new() { Name = "token.created" }).First).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Verify the record" }).ClickAsync();
        await Expect(page.GetByText("events are as they were written")).ToBeVisibleAsync();
        Assert.Equal([], await visit.BarriersAsync());
    }

    [Fact]
    public async Task Who_manages_nothing_is_told_so_and_reads_no_record()
    {
        await using var server = await Login.StartAsync();
        await Login.AddAsync(server, "alan");
        await using var visit = await chromium.VisitAsync(server.Address);
        var page = await visit.OpenAsync("/audit");
        await Login.SignInAsync(page, "alan");

        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("needs the level 'manage'");
        await visit.OpenAsync("/settings");
        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("needs the level 'manage'");
    }
}
