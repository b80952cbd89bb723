using System.Net;
using System.Net.Http.Json;
using Slipway.Tests.Kit;

namespace Slipway.Tests.Identity.Setup;

/// <summary>Attack D02: how the first administrator comes to be, and that nobody gets in before.</summary>
public sealed class FirstAdminTests
{
    private const string Password = "an admins good password";

    [Theory]
    [InlineData("--login")]
    [InlineData("--listen", "0.0.0.0:0")]
    public async Task A_server_that_would_ask_for_a_login_does_not_start_without_a_user(params string[] options)
    {
        var ended = await Assert.ThrowsAsync<SlipwayEndedException>(() => SlipwayProcess.StartAsync(options));
        Assert.Contains("slipway users add NAME --admin", ended.Message, StringComparison.Ordinal);
        Assert.NotEqual(0, ended.ExitCode);
    }

    [Theory]
    [InlineData("")]
    [InlineData("short")]
    [InlineData("password1234")]
    public async Task A_first_administrator_has_a_good_password(string password)
    {
        await Assert.ThrowsAsync<SlipwayEndedException>(() => StartAsync(password));
    }

    [Fact]
    public async Task A_password_changed_later_survives_the_next_start()
    {
        await using var first = await StartAsync(Password);
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(first, Password));
        first.Http.DefaultRequestHeaders.Authorization = ServerInside.Basic("root", Password);
        var change = new { password = "another admins password" };
        (await first.Http.PatchAsJsonAsync("/api/v1/users/root", change)).EnsureSuccessStatusCode();
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(first, Password));
        await first.StopAsync();

        await using var second = await first.StartAgainAsync();
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(second, "another admins password"));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(second, Password));
    }

    [Fact]
    public async Task A_reset_needs_no_login_and_leaves_the_first_administrator_alone()
    {
        await using var server = await StartAsync(Password, "--allow-reset");
        server.Http.DefaultRequestHeaders.Authorization = ServerInside.Basic("root", Password);
        var alice = new
        {
            name = "alice",
            password = "a users good password",
            is_admin = true,
        };
        (await server.Http.PostAsJsonAsync("/api/v1/users", alice)).EnsureSuccessStatusCode();
        server.Http.DefaultRequestHeaders.Authorization = null;
        (await server.Http.PostAsync("/api/v1/testing/reset", null)).EnsureSuccessStatusCode();
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(server, Password));
        server.Http.DefaultRequestHeaders.Authorization = ServerInside.Basic("root", Password);
        var missing = await server.Http.GetAsync("/api/v1/users/alice");
        Assert.Equal(HttpStatusCode.NotFound, missing.StatusCode);
    }

    [Fact]
    public async Task On_loopback_without_login_everybody_is_the_operator()
    {
        await using var server = await SlipwayProcess.StartAsync();
        Assert.Equal(HttpStatusCode.OK, (await server.Http.GetAsync("/api/v1/users")).StatusCode);
        server.Http.DefaultRequestHeaders.Authorization = ServerInside.Basic("nobody", "nothing");
        Assert.Equal(HttpStatusCode.OK, (await server.Http.GetAsync("/api/v1/users")).StatusCode);
    }

    private static Task<SlipwayProcess> StartAsync(string password, params string[] options) =>
        SlipwayProcess.StartAsync(
            new SlipwayStart
            {
                Options = ["--login", .. options],
                Environment = new Dictionary<string, string>
                {
                    ["SLIPWAY_ADMIN_USER"] = "root",
                    ["SLIPWAY_ADMIN_PASSWORD"] = password,
                },
            }
        );

    private static async Task<HttpStatusCode> StatusAsync(SlipwayProcess server, string password)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/workspaces");
        request.Headers.Authorization = ServerInside.Basic("root", password);
        return (await server.Http.SendAsync(request)).StatusCode;
    }
}
