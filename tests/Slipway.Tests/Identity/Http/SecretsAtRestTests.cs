using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Slipway.Tests.Kit;

namespace Slipway.Tests.Identity.Http;

/// <summary>Attack G13: the real program, and every byte it leaves on the disk or in its log.</summary>
public sealed class SecretsAtRestTests
{
    private const string AdminPassword = "an admins good password";
    private const string UserPassword = "a users good password";

    [Fact]
    public async Task No_password_and_no_token_stands_in_any_file_or_in_the_log()
    {
        await using var server = await SlipwayProcess.StartAsync(
            new SlipwayStart
            {
                Options = ["--login"],
                Environment = new Dictionary<string, string>
                {
                    ["SLIPWAY_ADMIN_USER"] = "root",
                    ["SLIPWAY_ADMIN_PASSWORD"] = AdminPassword,
                },
            }
        );
        server.Http.DefaultRequestHeaders.Authorization = ServerInside.Basic("root", AdminPassword);
        var user = new { name = "alice", password = UserPassword };
        (await server.Http.PostAsJsonAsync("/api/v1/users", user)).EnsureSuccessStatusCode();
        var made = await server.Http.PostAsJsonAsync("/api/v1/tokens", new { name = "nightly", user = "alice" });
        var token = (await made.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("secret").GetString()!;
        server.Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        (await server.Http.GetAsync("/api/v1/workspaces")).EnsureSuccessStatusCode();
        (await server.Http.GetAsync($"/api/v1/workspaces?token={token}")).EnsureSuccessStatusCode();
        server.Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token + "x");
        (await server.Http.GetAsync("/api/v1/workspaces")).Dispose();
        await server.StopAsync();

        string[] secrets =
        [
            AdminPassword,
            UserPassword,
            token,
            ServerInside.Basic("root", AdminPassword).Parameter!,
            ServerInside.Basic("alice", UserPassword).Parameter!,
        ];
        Assert.All(secrets, secret => Assert.DoesNotContain(secret, server.Log, StringComparison.Ordinal));
        foreach (var file in Directory.EnumerateFiles(server.DataPath, "*", SearchOption.AllDirectories))
        {
            var content = Encoding.Latin1.GetString(await File.ReadAllBytesAsync(file));
            Assert.All(secrets, secret => Assert.DoesNotContain(secret, content, StringComparison.Ordinal));
        }
    }
}
