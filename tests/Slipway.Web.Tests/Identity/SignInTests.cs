using System.Net;
using Microsoft.Playwright;
using Slipway.Tests.Kit;
using static Microsoft.Playwright.Assertions;

namespace Slipway.Web.Tests.Identity;

public sealed class SignInTests(Chromium chromium)
{
    [Fact]
    public async Task A_server_that_demands_login_asks_for_it_and_then_shows_the_page_that_was_asked_for()
    {
        await using var server = await Login.StartAsync();
        await using var visit = await chromium.VisitAsync(server.Address);
        var page = await visit.OpenAsync("/experiments");

        await page.GetByLabel("User name").FillAsync("ada");
        await page.GetByLabel("Password").FillAsync("wrong");
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("no user with this name and password");
        Assert.Equal([], await visit.BarriersAsync());
        await page.GetByLabel("Password").FillAsync(Login.Password);
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();

        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "Default" })).ToBeVisibleAsync();
        await page.ReloadAsync();
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "Default" })).ToBeVisibleAsync();
        Assert.Equal("", await page.EvaluateAsync<string>("() => document.cookie"));
    }

    [Fact]
    public async Task Signing_out_ends_the_session_and_not_only_the_page()
    {
        await using var server = await Login.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/session");
        request.Headers.Authorization = Login.Of(Login.Admin);
        using var signedIn = await server.Http.SendAsync(request);
        var cookie = signedIn.Headers.GetValues("Set-Cookie").Single();
        Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("samesite=strict", cookie, StringComparison.OrdinalIgnoreCase);
        var session = cookie.Split(';')[0];

        Assert.Equal(HttpStatusCode.OK, await AskAsync(server, HttpMethod.Get, session));
        Assert.Equal(HttpStatusCode.NoContent, await AskAsync(server, HttpMethod.Delete, session));
        Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync(server, HttpMethod.Get, session));
    }

    private static async Task<HttpStatusCode> AskAsync(SlipwayProcess server, HttpMethod method, string session)
    {
        using var request = new HttpRequestMessage(method, "/api/v1/session");
        request.Headers.Add("Cookie", session);
        using var answer = await server.Http.SendAsync(request);
        return answer.StatusCode;
    }
}
