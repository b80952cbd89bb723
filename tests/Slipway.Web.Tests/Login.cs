using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using Microsoft.Playwright;
using Slipway.Tests.Kit;

namespace Slipway.Web.Tests;

/// <summary>A server that demands login, and people who sign in to it.</summary>
internal static class Login
{
    public const string Admin = "ada";
    public const string Password = "correct horse battery";

    public static Task<SlipwayProcess> StartAsync() =>
        SlipwayProcess.StartAsync(
            new SlipwayStart
            {
                Options = ["--login"],
                Environment = new Dictionary<string, string>(StringComparer.Ordinal)
                {
                    ["SLIPWAY_ADMIN_USER"] = Admin,
                    ["SLIPWAY_ADMIN_PASSWORD"] = Password,
                },
            }
        );

    public static async Task SignInAsync(IPage page, string user)
    {
        await page.GetByLabel("User name").FillAsync(user);
        await page.GetByLabel("Password").FillAsync(Password);
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
    }

    public static async Task AddAsync(SlipwayProcess server, string user, string level = "use") =>
        await SendAsync(
            server,
            Admin,
            "/api/v1/users",
            new
            {
                name = user,
                password = Password,
                level,
            }
        );

    public static async Task<HttpResponseMessage> SendAsync(
        SlipwayProcess server,
        string user,
        string path,
        object body
    )
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(body) };
        request.Headers.Authorization = Of(user);
        var answer = await server.Http.SendAsync(request);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        return answer;
    }

    public static AuthenticationHeaderValue Of(string user) =>
        new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{Password}")));
}
