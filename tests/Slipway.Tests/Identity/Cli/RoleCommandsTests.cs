using System.Text.Json;
using Slipway.Tests.Kit;

namespace Slipway.Tests.Identity.Cli;

public sealed class RoleCommandsTests(SharedServer server) : IClassFixture<SharedServer>
{
    [Fact]
    public async Task A_role_is_made_given_levels_and_people_and_removed_only_when_that_is_meant()
    {
        await DoneAsync("a good long password", "users", "add", "ann");
        await DoneAsync("", "roles", "create", "judges", "--description", "They judge.");
        await DoneAsync("", "roles", "grant", "judges", "viewer");
        await DoneAsync("", "roles", "grant", "judges", "editor");
        await DoneAsync("", "roles", "grant", "judges", "admin", "--model", "fares");
        await DoneAsync("", "roles", "assign", "judges", "ann");
        await DoneAsync("", "roles", "assign", "judges", "ann");

        var shown = await JsonAsync("roles", "show", "judges");
        Assert.Equal("They judge.", shown.GetProperty("role").GetProperty("description").GetString());
        Assert.Equal(
            ["registered_model manage", "workspace edit"],
            shown
                .GetProperty("role")
                .GetProperty("grants")
                .EnumerateArray()
                .Select(grant => $"{grant.GetProperty("kind")} {grant.GetProperty("level")}")
                .Order(StringComparer.Ordinal)
        );
        Assert.Equal("ann", shown.GetProperty("members")[0].GetString());
        var listed = await DoneAsync("", "roles", "list");
        Assert.Contains("admin on registered model fares", listed.Output, StringComparison.Ordinal);

        await DoneAsync("", "roles", "revoke", "judges", "--model", "fares");
        Assert.Equal(3, (await RunAsync("", "roles", "revoke", "judges", "--model", "fares")).ExitCode);
        await DoneAsync("", "roles", "unassign", "judges", "ann");
        await DoneAsync("", "roles", "change", "judges", "--name", "jury");
        var asked = await RunAsync("", "roles", "remove", "jury");
        Assert.Equal(2, asked.ExitCode);
        Assert.Contains("--yes", asked.Error, StringComparison.Ordinal);
        await DoneAsync("", "roles", "remove", "jury", "--yes");
        Assert.Equal(3, (await RunAsync("", "roles", "show", "jury")).ExitCode);
    }

    [Fact]
    public async Task A_workspace_is_made_and_described()
    {
        await DoneAsync("", "workspaces", "create", "taxis", "--description", "Fares");
        Assert.Equal(4, (await RunAsync("", "workspaces", "create", "taxis")).ExitCode);
        await DoneAsync("", "workspaces", "describe", "taxis", "Fares and tips");
        var all = await JsonAsync("workspaces", "list");
        var made = all.EnumerateArray().Single(workspace => workspace.GetProperty("name").GetString() == "taxis");
        Assert.Equal("Fares and tips", made.GetProperty("description").GetString());
    }

    private async Task<JsonElement> JsonAsync(params string[] args) =>
        JsonSerializer.Deserialize<JsonElement>((await DoneAsync("", [.. args, "--json"])).Output);

    private async Task<SlipwayCommand> DoneAsync(string input, params string[] args)
    {
        var command = await RunAsync(input, args);
        Assert.True(command.ExitCode == 0, $"{command.ExitCode} {command.Output} {command.Error}");
        return command;
    }

    private Task<SlipwayCommand> RunAsync(string input, params string[] args) =>
        SlipwayCommand.RunAsync([.. args, "--server", server.Process.Address.ToString()], input, []);
}
