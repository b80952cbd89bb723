using System.Text.Json;
using Slipway.Tests.Kit;

namespace Slipway.Tests.Identity.Cli;

/// <summary>How people come to a server that asks for a login: the first by its folder, the others by asking it.</summary>
public sealed class UserCommandsTests
{
    private const string AdminPassword = "an admins good password";
    private const string UserPassword = "a users good password";

    [Fact]
    public async Task The_first_administrator_is_added_to_the_folder_and_lets_the_others_in()
    {
        using var folder = new TestFolder();
        var first = await RunAsync(AdminPassword, null, "users", "add", "root", "--admin", "--data", folder.Path);
        Assert.Equal(0, first.ExitCode);
        await using var server = await SlipwayProcess.StartAsync(
            new SlipwayStart { Options = ["--login"], DataPath = folder.Path }
        );
        string[] at = ["--server", server.Http.BaseAddress!.ToString()];
        var root = await TokenAsync(server, "root", AdminPassword);

        Assert.Equal(5, (await RunAsync("", null, ["users", "list", .. at])).ExitCode);
        await DoneAsync(UserPassword, root, ["users", "add", "alice", "--level", "viewer", .. at]);
        Assert.Equal(4, (await RunAsync(UserPassword, root, ["users", "add", "alice", .. at])).ExitCode);
        Assert.Equal(2, (await RunAsync("short", root, ["users", "add", "bob", .. at])).ExitCode);
        Assert.Contains(
            "alice",
            (await DoneAsync("", root, ["users", "list", .. at])).Output,
            StringComparison.Ordinal
        );

        var made = await DoneAsync(
            "",
            root,
            ["tokens", "create", "nightly", "--user", "alice", "--expires", "30d", .. at]
        );
        var alice = made.Output.Trim();
        Assert.Equal(5, (await RunAsync("", alice, ["experiments", "create", "fares", .. at])).ExitCode);
        await DoneAsync("", root, ["users", "grant", "alice", "editor", .. at]);
        await DoneAsync("", alice, ["experiments", "create", "fares", .. at]);
        var grants = await DoneAsync("", alice, ["users", "grants", "alice", .. at]);
        Assert.Contains("workspace default", grants.Output, StringComparison.Ordinal);

        var listed = await DoneAsync("", alice, ["tokens", "list", "--json", .. at]);
        var id = JsonDocument.Parse(listed.Output).RootElement[0].GetProperty("id").GetString()!;
        Assert.DoesNotContain(alice, listed.Output, StringComparison.Ordinal);
        await DoneAsync("", root, ["tokens", "revoke", id, .. at]);
        Assert.Equal(5, (await RunAsync("", alice, ["experiments", "list", .. at])).ExitCode);
    }

    [Fact]
    public async Task A_password_is_changed_and_a_user_removed_only_when_that_is_meant()
    {
        await using var server = await SlipwayProcess.StartAsync();
        string[] at = ["--server", server.Http.BaseAddress!.ToString()];
        await DoneAsync(UserPassword, null, ["users", "add", "bob", .. at]);
        await DoneAsync("another good password", null, ["users", "password", "bob", .. at]);

        var asked = await RunAsync("", null, ["users", "remove", "bob", .. at]);
        Assert.Equal(2, asked.ExitCode);
        Assert.Contains("--yes", asked.Error, StringComparison.Ordinal);
        await DoneAsync("", null, ["users", "remove", "bob", "--yes", .. at]);
        Assert.Equal(3, (await RunAsync("", null, ["users", "remove", "bob", "--yes", .. at])).ExitCode);
    }

    [Fact]
    public async Task A_folder_with_a_server_on_it_is_left_to_the_server()
    {
        await using var server = await SlipwayProcess.StartAsync();
        var refused = await RunAsync(UserPassword, null, "users", "add", "bob", "--data", server.DataPath);
        Assert.NotEqual(0, refused.ExitCode);
        Assert.NotEqual("", refused.Error);
    }

    private static async Task<string> TokenAsync(SlipwayProcess server, string user, string password)
    {
        server.Http.DefaultRequestHeaders.Authorization = ServerInside.Basic(user, password);
        using var body = new StringContent("""{"name":"test"}""", null, "application/json");
        using var answer = await server.Http.PostAsync("/api/v1/tokens", body);
        return JsonDocument
            .Parse(await answer.Content.ReadAsStringAsync())
            .RootElement.GetProperty("secret")
            .GetString()!;
    }

    private static Task<SlipwayCommand> RunAsync(string input, string? token, params string[] args) =>
        SlipwayCommand.RunAsync(
            args,
            $"{input}\n",
            token is null ? [] : new Dictionary<string, string> { ["SLIPWAY_TOKEN"] = token }
        );

    private static async Task<SlipwayCommand> DoneAsync(string input, string? token, params string[] args)
    {
        var command = await RunAsync(input, token, args);
        Assert.True(command.ExitCode == 0, $"{string.Join(' ', args)}: {command.Error}");
        return command;
    }
}
